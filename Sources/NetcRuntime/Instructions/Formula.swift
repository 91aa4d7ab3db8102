import NetcCore
import NetcGraph

/// What a program computes of its inputs: operations on numbers, in the order in which it rounds.
indirect enum Formula: Sendable {
  case input(Int)
  case number(Double)
  case value(MicroOperation, [Formula])

  /// Whether both give the same bits, whatever the order of factors and of terms.
  /// - Complexity: O(operations) where they differ soon, as those of programs do.
  func isSame(as other: Formula) -> Bool {
    switch (self, other) {
    case (.input(let place), .input(let found)): place == found
    case (.number(let number), .number(let found)): number == found
    case (.value(let operation, let operands), .value(let found, let others)):
      operation == found
        && (Formula.areSame(operands, others)
          || operation.commutes
            && Formula.areSame([operands[1], operands[0]] + operands.dropFirst(2), others))
    default: false
    }
  }

  private static func areSame(_ operands: [Formula], _ others: [Formula]) -> Bool {
    zip(operands, others).allSatisfy { $0.isSame(as: $1) }
  }

  /// What a program of real inputs stores; input 0 is its operand `first`, input 1 the other one.
  /// - Returns: nil where that depends on numbers of a step.
  /// - Complexity: O(steps).
  static func results(of program: MapInstruction, first: Int) -> [Formula]? {
    var registers = [Formula?](repeating: nil, count: program.registers)
    for place in program.outputs..<program.places.count {
      registers[place] = .input(place == first ? 0 : 1)
    }
    for (place, scalar) in program.scalars.enumerated() {
      guard scalar.type == .float, scalar.slot == nil else { return nil }
      registers[program.places.count + place] = .number(scalar.value)
    }
    for step in program.steps {
      let operands = step.operands.compactMap { registers[$0] }
      guard operands.count == step.operands.count else { return nil }
      registers[step.result] =
        step.operation == .realMove ? operands[0] : .value(step.operation, operands)
    }
    let results = registers.prefix(program.outputs).compactMap { $0 }
    return results.count == program.outputs ? results : nil
  }

  /// The same in graph operations.
  func define(_ b: inout GraphBuilder, _ inputs: [ValueID]) -> ValueID {
    switch self {
    case .input(let place): return inputs[place]
    case .number(let number): return b.constant(number, b.shape(of: inputs[0]))
    case .value(let operation, let operands):
      let values = operands.map { $0.define(&b, inputs) }
      return operation.define(&b, values)
    }
  }
}

extension MicroOperation {
  /// Whether its first two operands may change places.
  fileprivate var commutes: Bool {
    switch self {
    case .realAdd, .realMultiply, .realMultiplyAdd, .realNegateMultiplyAdd: true
    default: false
    }
  }
}

extension Formula {
  static func * (a: Formula, b: Formula) -> Formula { .value(.realMultiply, [a, b]) }

  static func - (a: Formula, b: Formula) -> Formula { .value(.realSubtract, [a, b]) }

  static func / (a: Formula, b: Formula) -> Formula { .value(.realDivide, [a, b]) }

  static func multiplyAdd(_ a: Formula, _ b: Formula, _ c: Formula) -> Formula {
    .value(.realMultiplyAdd, [a, b, c])
  }
}
