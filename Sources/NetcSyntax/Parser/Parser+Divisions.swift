import NetcCore

extension Parser {
  /// Warns of `width // 2` and `width // heads` in a definition whose signature declares the name.
  mutating func checkDivisions(in signature: Signature, tokens: Range<Int>) {
    var names: Set<String> = []
    for parameter in signature.parameters {
      if parameter.types.allSatisfy({ $0.dimensions == nil }) { names.insert(parameter.name.text) }
      for type in parameter.types { names.formUnion(type.dimensionNames) }
    }
    for (index, division) in list.divisions.enumerated() where tokens.contains(division.dividend) {
      if names.contains(division.divisor) { warn(division, index) }
    }
  }

  /// Warns of the remaining ones: by a number, or by a name the whole file sees.
  mutating func checkDivisions() {
    for (index, division) in list.divisions.enumerated() {
      if division.isNumber || compileTimeNames.contains(division.divisor) { warn(division, index) }
    }
  }

  private mutating func warn(_ division: TokenList.DivisionComment, _ index: Int) {
    guard decidedDivisions.insert(index).inserted else { return }
    let dividend = text(of: list.tokens[division.dividend])
    report(.divisionComment(dividend, division.divisor, at: division.range))
  }
}
