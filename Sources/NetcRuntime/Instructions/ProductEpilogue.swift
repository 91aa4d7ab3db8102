import CNetc
import NetcCore
import NetcGraph

/// What a product does to each element of its result x, perhaps with factors y that lie alike.
package enum ProductEpilogue: Int, CaseIterable, Sendable {
  /// 0 where x <= 0, else x.
  case rectify
  case tanh
  case logistic
  /// 0 where y <= 0, else x: the adjoint of a rectifier from its result.
  case gate
  /// (1 - y y) x: the adjoint of tanh from its result.
  case tanhFactor

  /// Its number in `NETC_EPILOGUES`, from 1.
  var number: Int32 { Int32(rawValue) + 1 }

  package var readsFactors: Bool { self == .gate || self == .tanhFactor }

  /// Estimated time of an element.
  var nanoseconds: Double {
    switch self {
    case .rectify, .gate, .tanhFactor: 0.05
    case .tanh: MicroOperation.realTanh.nanoseconds
    case .logistic: MicroOperation.realLogistic.nanoseconds
    }
  }

  /// The epilogue that does to its input `input` what a program does, if any; its factors are then
  /// the other input.
  /// - Complexity: O(1).
  init?(_ program: MapInstruction, input: Int) {
    guard program.outputs == 1, program.tails.isEmpty, program.inputs <= 2,
      let last = program.steps.last, last.result == 0,
      program.places.allSatisfy({ $0 == program.places[0] }), program.places[0].type == .float
    else { return nil }
    let factors = program.inputs == 2 ? 3 - input : 0
    let found = ProductEpilogue.allCases.first { epilogue in
      epilogue.readsFactors == (program.inputs == 2)
        && epilogue.matches(program, last, input, factors)
    }
    guard let found else { return nil }
    self = found
  }

  private func matches(
    _ program: MapInstruction, _ last: MapInstruction.Step, _ x: Int, _ y: Int
  ) -> Bool {
    switch self {
    case .rectify: return program.steps.count == 1 && last == step(.realRectify, [x])
    case .tanh: return program.steps.count == 1 && last == step(.realTanh, [x])
    case .logistic: return program.steps.count == 1 && last == step(.realLogistic, [x])
    case .gate: return program.steps.count == 1 && last == step(.realGate, [y, x])
    case .tanhFactor:
      guard program.steps.count == 2, last.operation == .realMultiply,
        last.operands.contains(x), program.scalars.count == 1,
        program.scalars[0].slot == nil, program.scalars[0].value == 1
      else { return false }
      let first = program.steps[0]
      return first.operation == .realNegateMultiplyAdd
        && first.operands == [y, y, program.places.count] && first.result != x
        && last.operands.contains(first.result)
    }
  }

  private func step(_ operation: MicroOperation, _ operands: [Int]) -> MapInstruction.Step {
    MapInstruction.Step(operation: operation, result: 0, operands: operands)
  }

  /// What it means, in graph operations.
  func definition(_ b: inout GraphBuilder, _ x: ValueID, _ y: ValueID) -> ValueID {
    let zeros = b.zeros(b.shape(of: x))
    switch self {
    case .rectify: return b.select(b.compare(.le, x, zeros), zeros, x)
    case .tanh: return b.tanh(x)
    case .logistic: return b.logistic(x)
    case .gate: return b.select(b.compare(.le, y, zeros), zeros, x)
    case .tanhFactor: return b.multiply(b.subtract(b.ones(b.shape(of: y)), b.multiply(y, y)), x)
    }
  }
}
