import NetcCore
import NetcGraph

/// A function of real numbers as a polynomial of its inputs and of functions of polynomials: the
/// same one in whatever order a program computes sums and products.
struct Formula: Sendable {
  /// What products are made of.
  indirect enum Factor: Sendable {
    case input(Int)
    case value(MicroOperation, [Formula])
  }

  /// A number times a product.
  struct Term: Sendable {
    var coefficient: Double
    var factors: [Factor]
  }

  /// Terms of different products.
  private(set) var terms: [Term]

  private init(_ factor: Factor) { terms = [Term(coefficient: 1, factors: [factor])] }

  static func input(_ place: Int) -> Formula { Formula(.input(place)) }

  static func number(_ number: Double) -> Formula {
    var result = Formula(.input(0))
    result.terms = number == 0 ? [] : [Term(coefficient: number, factors: [])]
    return result
  }

  static func value(_ operation: MicroOperation, _ operands: Formula...) -> Formula {
    Formula(.value(operation, operands))
  }

  /// The number that it is, if it is one.
  private var number: Double? {
    if terms.isEmpty { return 0 }
    return terms.count == 1 && terms[0].factors.isEmpty ? terms[0].coefficient : nil
  }

  static func + (a: Formula, b: Formula) -> Formula {
    var result = a
    for term in b.terms { result.add(term) }
    return result
  }

  static func * (a: Formula, b: Formula) -> Formula {
    var result = number(0)
    for p in a.terms {
      for q in b.terms {
        result.add(
          Term(coefficient: p.coefficient * q.coefficient, factors: p.factors + q.factors))
      }
    }
    return result
  }

  private mutating func add(_ term: Term) {
    guard let place = terms.firstIndex(where: { $0.hasFactors(of: term) }) else {
      terms.append(term)
      return
    }
    terms[place].coefficient += term.coefficient
    if terms[place].coefficient == 0 { terms.remove(at: place) }
  }

  /// Whether both are the same, but for the rounding of numbers.
  /// - Complexity: O(terms² factors²).
  func isSame(as other: Formula) -> Bool {
    terms.count == other.terms.count
      && terms.allSatisfy { term in
        other.terms.contains { found in
          abs(term.coefficient - found.coefficient) <= 1e-12 * abs(term.coefficient)
            && term.hasFactors(of: found)
        }
      }
  }
}

extension Formula.Term {
  /// Whether both have the same factors, in any order.
  fileprivate func hasFactors(of other: Self) -> Bool {
    if factors.count != other.factors.count { return false }
    var left = other.factors
    return factors.allSatisfy { factor in
      guard let place = left.firstIndex(where: { $0.isSame(as: factor) }) else { return false }
      left.remove(at: place)
      return true
    }
  }
}

extension Formula.Factor {
  fileprivate func isSame(as other: Self) -> Bool {
    switch (self, other) {
    case (.input(let place), .input(let found)): place == found
    case (.value(let operation, let operands), .value(let found, let others)):
      operation == found && zip(operands, others).allSatisfy { $0.isSame(as: $1) }
    default: false
    }
  }
}

extension Formula {
  /// The most terms of a formula, and factors of its terms, that a program is read to.
  private static let (mostTerms, mostFactors) = (12, 6)

  /// An operation's result; nil where it has too many terms.
  private init?(_ operation: MicroOperation, _ x: [Formula]) {
    switch operation {
    case .realMove: self = x[0]
    case .realNegate: self = .number(-1) * x[0]
    case .realAdd: self = x[0] + x[1]
    case .realSubtract: self = x[0] + .number(-1) * x[1]
    case .realMultiply:
      guard let product = Formula.product(x[0], x[1]) else { return nil }
      self = product
    case .realMultiplyAdd:
      guard let product = Formula.product(x[0], x[1]) else { return nil }
      self = product + x[2]
    case .realNegateMultiplyAdd:
      guard let product = Formula.product(x[0], x[1]) else { return nil }
      self = x[2] + .number(-1) * product
    case .realDivide:
      guard let number = x[1].number, number != 0 else { fallthrough }
      self = .number(1 / number) * x[0]
    default: self = Formula(.value(operation, x))
    }
    if terms.count > Formula.mostTerms { return nil }
  }

  private static func product(_ a: Formula, _ b: Formula) -> Formula? {
    let factors = [a, b].reduce(0) { $0 + ($1.terms.map(\.factors.count).max() ?? 0) }
    return a.terms.count * b.terms.count <= 2 * mostTerms && factors <= mostFactors ? a * b : nil
  }

  /// What a program of real inputs stores; input 0 is its operand `first`, input 1 the other one.
  /// - Returns: nil where that is none of a few terms, or depends on more.
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
      guard operands.count == step.operands.count,
        let made = Formula(step.operation, operands)
      else { return nil }
      registers[step.result] = made
    }
    let results = registers.prefix(program.outputs).compactMap { $0 }
    return results.count == program.outputs ? results : nil
  }

  /// The same in graph operations.
  func define(_ b: inout GraphBuilder, _ inputs: [ValueID]) -> ValueID {
    let shape = b.shape(of: inputs[0])
    var sum: ValueID?
    for term in terms {
      var product = b.constant(term.coefficient, shape)
      for factor in term.factors {
        switch factor {
        case .input(let place): product = b.multiply(product, inputs[place])
        case .value(let operation, let operands):
          let values = operands.map { $0.define(&b, inputs) }
          product = b.multiply(product, operation.define(&b, values))
        }
      }
      sum = sum.map { b.add($0, product) } ?? product
    }
    return sum ?? b.zeros(shape)
  }
}
