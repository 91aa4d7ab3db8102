extension Dim {
  /// The sum.
  public static func + (a: Dim, b: Dim) -> Dim {
    if a.isOverflow || b.isOverflow { return .overflow }
    if case .constant(let x) = a.storage, case .constant(let y) = b.storage {
      let (sum, overflow) = x.addingReportingOverflow(y)
      return overflow ? .overflow : Dim(sum)
    }
    return canonical(a.terms + b.terms)
  }

  /// The difference.
  public static func - (a: Dim, b: Dim) -> Dim { a + b * Dim(-1) }

  /// The product.
  public static func * (a: Dim, b: Dim) -> Dim {
    if a.isOverflow || b.isOverflow { return .overflow }
    if let factor = a.constant { return b.multiplied(by: factor) }
    if let factor = b.constant { return a.multiplied(by: factor) }
    var terms: [Term] = []
    for x in a.terms {
      for y in b.terms {
        let (product, overflow) = x.coefficient.multipliedReportingOverflow(by: y.coefficient)
        if overflow { return .overflow }
        terms.append(Term(coefficient: product, atoms: (x.atoms + y.atoms).sorted()))
      }
    }
    return canonical(terms)
  }

  /// Whether the product with a number leaves the range of Int.
  package func overflows(times factor: Int) -> Bool {
    switch storage {
    case .overflow: true
    case .constant(let value): value.multipliedReportingOverflow(by: factor).overflow
    case .polynomial(let terms):
      terms.contains { $0.coefficient.multipliedReportingOverflow(by: factor).overflow }
    }
  }

  private func multiplied(by factor: Int) -> Dim {
    if factor == 1 { return self }
    if factor == 0 { return Dim(0) }
    if let value = constant {
      let (product, overflow) = value.multipliedReportingOverflow(by: factor)
      return overflow ? .overflow : Dim(product)
    }
    var terms = terms
    for place in terms.indices {
      let (product, overflow) = terms[place].coefficient.multipliedReportingOverflow(by: factor)
      if overflow { return .overflow }
      terms[place].coefficient = product
    }
    // A multiple is in canonical form already, but parts may make wholes.
    return Dim.joiningParts(terms).map { Dim.canonical($0) } ?? Dim(storage: .polynomial(terms))
  }

  /// The exact quotient: nil when `divisor` is zero or does not divide every term.
  public func dividedExactly(by divisor: Dim) -> Dim? {
    if isOverflow || divisor.isOverflow { return .overflow }
    guard divisor.terms.count == 1 else { return self == divisor && !terms.isEmpty ? Dim(1) : nil }
    let by = divisor.terms[0]
    var quotients: [Term] = []
    for term in terms {
      let (quotient, overflow) = term.coefficient.dividedReportingOverflow(by: by.coefficient)
      guard !overflow, quotient * by.coefficient == term.coefficient else { return nil }
      var atoms = term.atoms
      for atom in by.atoms {
        guard let place = atoms.firstIndex(of: atom) else { return nil }
        atoms.remove(at: place)
      }
      quotients.append(Term(coefficient: quotient, atoms: atoms))
    }
    return Dim.canonical(quotients)
  }

  /// The quotient rounded towards minus infinity: exact where possible, else an opaque atom; nil
  /// for zero.
  public func flooredQuotient(by divisor: Dim) -> Dim? {
    if let exact = dividedExactly(by: divisor) { return exact }
    if divisor == Dim(0) { return nil }
    if let a = constant, let b = divisor.constant { return Dim(flooredQuotientOf(a, b)) }
    return Dim(storage: .polynomial([Term(coefficient: 1, atoms: [.quotient(self, divisor)])]))
  }

  /// What `flooredQuotient(by:)` leaves, with the divisor's sign; nil for zero.
  public func flooredRemainder(by divisor: Dim) -> Dim? {
    if dividedExactly(by: divisor) != nil { return Dim(0) }
    if divisor == Dim(0) { return nil }
    if let a = constant, let b = divisor.constant {
      return Dim(a &- b &* flooredQuotientOf(a, b))
    }
    return Dim(storage: .polynomial([Term(coefficient: 1, atoms: [.remainder(self, divisor)])]))
  }

  /// One of `count` equal parts: `count` of them are the dimension again. Of a symbol this is taken
  /// on trust and checked once the symbol has a size; nil where it cannot be.
  public func part(of count: Int) -> Dim? {
    guard count > 0 else { return nil }
    if let exact = dividedExactly(by: Dim(count)) { return exact }
    guard let symbol else { return nil }
    return Dim(storage: .polynomial([Term(coefficient: 1, atoms: [.part(symbol, count)])]))
  }

  /// The number under a binding of the symbols; nil when one is unbound, has no
  /// whole part asked for, or the arithmetic overflows.
  public func value(_ bindings: DimBindings) -> Int? {
    if case .constant(let value) = storage { return value }
    if isOverflow { return nil }
    var sum = 0
    for term in terms {
      var product = term.coefficient
      for atom in term.atoms {
        guard let factor = atom.value(bindings) else { return nil }
        let (next, overflow) = product.multipliedReportingOverflow(by: factor)
        if overflow { return nil }
        product = next
      }
      let (next, overflow) = sum.addingReportingOverflow(product)
      if overflow { return nil }
      sum = next
    }
    return sum
  }

  /// The dimension with symbols replaced; symbols without an entry stay.
  public func substituting(_ replacements: [String: Dim]) -> Dim {
    if constant != nil || isOverflow { return self }
    var sum = Dim(0)
    for term in terms {
      var product = Dim(term.coefficient)
      for atom in term.atoms { product = product * atom.substituting(replacements) }
      sum = sum + product
    }
    return sum
  }

  static func canonical(_ terms: [Term]) -> Dim {
    var merged: [Term] = []
    for term in terms.sorted(by: Term.precedes) {
      guard let last = merged.last, last.atoms == term.atoms else {
        merged.append(term)
        continue
      }
      let (sum, overflow) = last.coefficient.addingReportingOverflow(term.coefficient)
      if overflow { return .overflow }
      merged[merged.count - 1].coefficient = sum
    }
    merged.removeAll { $0.coefficient == 0 }
    if let whole = joiningParts(merged) { return canonical(whole) }
    if merged.isEmpty { return Dim(0) }
    if merged.count == 1, merged[0].atoms.isEmpty { return Dim(merged[0].coefficient) }
    return Dim(storage: .polynomial(merged))
  }
}

extension Dim {
  /// The terms with as many parts as make a whole replaced by it; nil when there are none.
  private static func joiningParts(_ terms: [Term]) -> [Term]? {
    guard terms.contains(where: { $0.atoms.contains { $0.isPart } }) else { return nil }
    var result: [Term] = []
    var isChanged = false
    for term in terms {
      let place = term.atoms.firstIndex { $0.isPart }
      guard let place, case .part(let symbol, let count) = term.atoms[place],
        !(0..<count).contains(term.coefficient)
      else {
        result.append(term)
        continue
      }
      isChanged = true
      let whole = flooredQuotientOf(term.coefficient, count)
      var atoms = term.atoms
      atoms[place] = .symbol(symbol)
      result.append(Term(coefficient: whole, atoms: atoms.sorted()))
      result.append(Term(coefficient: term.coefficient - whole * count, atoms: term.atoms))
    }
    return isChanged ? result : nil
  }
}

private func flooredQuotientOf(_ a: Int, _ b: Int) -> Int {
  let (quotient, overflow) = a.dividedReportingOverflow(by: b)
  if overflow { return Int.max }
  return (a % b != 0) && ((a < 0) != (b < 0)) ? quotient - 1 : quotient
}

extension Dim.Term {
  static func precedes(_ a: Self, _ b: Self) -> Bool {
    if a.atoms.count != b.atoms.count { return a.atoms.count > b.atoms.count }
    return a.atoms.lexicographicallyPrecedes(b.atoms)
  }
}

extension Dim.Atom: Comparable {
  static func < (a: Self, b: Self) -> Bool { a.text < b.text }

  var text: String {
    switch self {
    case .symbol(let name): name
    case .part(let name, let count): "part(\(name), \(count))"
    case .quotient(let a, let b): "div(\(a), \(b))"
    case .remainder(let a, let b): "mod(\(a), \(b))"
    }
  }

  var isPart: Bool { if case .part = self { true } else { false } }

  func value(_ bindings: DimBindings) -> Int? {
    switch self {
    case .symbol(let name): return bindings[name]
    case .part(let name, let count):
      guard let size = bindings[name], size % count == 0 else { return nil }
      return size / count
    case .quotient(let a, let b):
      guard let x = a.value(bindings), let y = b.value(bindings), y != 0 else { return nil }
      return flooredQuotientOf(x, y)
    case .remainder(let a, let b):
      guard let x = a.value(bindings), let y = b.value(bindings), y != 0 else { return nil }
      let (product, overflow) = y.multipliedReportingOverflow(by: flooredQuotientOf(x, y))
      return overflow ? nil : x - product
    }
  }

  func substituting(_ replacements: [String: Dim]) -> Dim {
    switch self {
    case .symbol(let name):
      return replacements[name] ?? Dim(symbol: name)
    case .part(let name, let count):
      return (replacements[name] ?? Dim(symbol: name)).part(of: count) ?? .overflow
    case .quotient(let a, let b):
      return a.substituting(replacements).flooredQuotient(by: b.substituting(replacements))
        ?? .overflow
    case .remainder(let a, let b):
      return a.substituting(replacements).flooredRemainder(by: b.substituting(replacements))
        ?? .overflow
    }
  }
}

extension Dim {
  /// `784`, `batch`, `2*batch + 1`, `batch*c*h`; readable again as an expression of the language.
  public var description: String {
    switch storage {
    case .constant(let value): return String(value)
    case .overflow: return "overflow"
    case .polynomial(let terms):
      var text = ""
      for term in terms {
        let magnitude = term.coefficient.magnitude
        let factors =
          (magnitude == 1 && !term.atoms.isEmpty ? [] : [String(magnitude)])
          + term.atoms.map(\.text)
        let product = factors.joined(separator: "*")
        if text.isEmpty {
          text = term.coefficient < 0 ? "-" + product : product
        } else {
          text += (term.coefficient < 0 ? " - " : " + ") + product
        }
      }
      return text
    }
  }
}
