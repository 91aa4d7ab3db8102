import CNetc
package import NetcCore
package import NetcGraph

/// Adam's update of parameters and both moments in one pass: m ← β₁ m + c₁ g, v ← β₂ v + c₂ g²,
/// w ← w - (rate m / (√(k v) + ε) + decay w).
package struct AdamInstruction: DefinedInstruction {
  package static let name = "adam"
  package static let summary =
    "Moves parameters and both moments of Adam by a gradient, in one pass."

  /// The numbers of the rule, each perhaps times a host scalar.
  package struct Rule: Hashable, Sendable {
    package var beta1: GemmInstruction.Factor
    package var rest1: GemmInstruction.Factor
    package var beta2: GemmInstruction.Factor
    package var rest2: GemmInstruction.Factor
    package var rate: GemmInstruction.Factor
    package var correction: GemmInstruction.Factor
    package var epsilon: GemmInstruction.Factor
    package var decay: GemmInstruction.Factor?

    var list: [GemmInstruction.Factor] {
      [
        beta1, rest1, beta2, rest2, rate, correction, epsilon, decay ?? GemmInstruction.Factor(0),
      ]
    }
  }

  package var count: Int
  package var rule: Rule

  package init(count: Int, rule: Rule) {
    self.count = count
    self.rule = rule
  }

  package var outputs: Int { 3 }
  package var inputs: Int { 4 }
  package var inPlaceInputs: [Int] { [0, 1, 2, 3] }

  package func code(_ precision: Precision) -> InstructionCode {
    var words = [Int32(clamping: count), rule.decay == nil ? 0 : 1]
    for factor in rule.list {
      words.append(real: factor.value)
      words.append(count: factor.slot ?? -1)
    }
    let line = 64 / ElementType.float.bytes(in: precision)
    return InstructionCode(
      opcode: Int(NETC_ADAM), words: words,
      nanoseconds: 20 + 0.45 * Double(count) * precision.slowdown,
      units: (count + line - 1) / line, slices: Array(repeating: PartSlices.dense(64), count: 7))
  }

  package var operands: [OperandView] { Array(repeating: OperandView(.float, [count]), count: 7) }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let numbers = rule.list.map { $0.value * ($0.slot.map { slots[$0] } ?? 1) }
    let (g, w) = (inputs[0], inputs[1])
    let m = b.add(b.scaled(inputs[2], numbers[0]), b.scaled(g, numbers[1]))
    let v = b.add(b.scaled(inputs[3], numbers[2]), b.scaled(b.multiply(g, g), numbers[3]))
    let root = b.shifted(b.sqrt(b.scaled(v, numbers[5])), numbers[6])
    var step = b.divide(b.scaled(m, numbers[4]), root)
    if rule.decay != nil { step = b.add(step, b.scaled(w, numbers[7])) }
    return [b.subtract(w, step), m, v]
  }

  /// With and without decay and slots; v stays positive as long as v and its share do.
  package static var samples: [AdamInstruction] {
    [1, 16, 37, 1000].enumerated().map { place, count in
      AdamInstruction(
        count: count,
        rule: Rule(
          beta1: .init(0.9), rest1: .init(0.1), beta2: .init(0.001), rest2: .init(0.5, slot: 1),
          rate: .init(0.01, slot: 0), correction: .init(1.5), epsilon: .init(0.5),
          decay: place % 2 == 0 ? .init(0.01, slot: 2) : nil))
    }
  }
}
