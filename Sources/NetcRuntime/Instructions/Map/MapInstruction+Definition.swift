import NetcCore
package import NetcGraph

extension MapInstruction {
  package var operands: [OperandView] {
    places.map { OperandView($0.type, dimensions, strides: $0.strides) }
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let shape = Shape(sizes: dimensions)
    var registers: [Int: ValueID] = [:]
    for (k, input) in inputs.enumerated() { registers[outputs + k] = input }
    for (k, scalar) in scalars.enumerated() {
      let value = scalar.value * (scalar.slot.map { slots[$0] } ?? 1)
      registers[places.count + k] = b.constant(value, shape, element: scalar.type)
    }
    for step in steps {
      let operands = step.operands.compactMap { registers[$0] }
      registers[step.result] =
        step.operation == .realIota || step.operation == .intIota
        ? iota(&b, step) : step.operation.define(&b, operands)
    }
    return (0..<outputs).compactMap { registers[$0] }
  }

  /// The index along an axis that the collapsed shape no longer shows: (position / inner) % size.
  private func iota(_ b: inout GraphBuilder, _ step: Step) -> ValueID {
    let scalar = step.operands.map { Int(scalars[$0 - places.count].value) }
    let (inner, size) = (max(scalar[0], 1), max(scalar[1], 1))
    let indices = (0..<count).map { Double($0 / inner % size) }
    let type = TensorType(step.operation.result, Shape(sizes: dimensions))
    return b.constant(indices, type)
  }

  package static var samples: [MapInstruction] { MapSamples.all }
}

extension MicroOperation {
  /// The operation of the graph that a micro-operation computes; iota depends on the index space,
  /// see above.
  func define(_ b: inout GraphBuilder, _ x: [ValueID]) -> ValueID {
    switch self {
    case .realMove, .intMove, .boolMove: b.identity(x[0])
    case .realNegate, .intNegate: b.negate(x[0])
    case .realAbs, .intAbs: b.abs(x[0])
    case .realSign, .intSign: b.sign(x[0])
    case .realFloor: b.floor(x[0])
    case .realSqrt: b.sqrt(x[0])
    case .realRsqrt: b.rsqrt(x[0])
    case .realExp: b.exponential(x[0])
    case .realExpm1: b.exponentialMinusOne(x[0])
    case .realLog: b.log(x[0])
    case .realLog1p: b.logPlusOne(x[0])
    case .realTanh: b.tanh(x[0])
    case .realLogistic: b.logistic(x[0])
    case .realErf: b.erf(x[0])
    case .realSine: b.sine(x[0])
    case .realCosine: b.cosine(x[0])
    case .realIsFinite: b.isFinite(x[0])
    case .realMultiplyAdd: b.add(b.multiply(x[0], x[1]), x[2])
    case .realSelect, .intSelect, .boolSelect: b.select(x[0], x[1], x[2])
    case .boolNot: b.not(x[0])
    case .boolAnd: b.and(x[0], x[1])
    case .boolOr: b.or(x[0], x[1])
    case .boolXor: b.and(b.or(x[0], x[1]), b.not(b.and(x[0], x[1])))
    case .realToInt, .boolToInt: b.convert(x[0], to: .int)
    case .realToBool, .intToBool: b.convert(x[0], to: .bool)
    case .intToReal, .boolToReal: b.convert(x[0], to: .float)
    case .realIota, .intIota: x[0]
    default: defineBinary(&b, x[0], x[1])
    }
  }

  private func defineBinary(_ b: inout GraphBuilder, _ x: ValueID, _ y: ValueID) -> ValueID {
    switch self {
    case .realAdd, .intAdd: b.add(x, y)
    case .realSubtract, .intSubtract: b.subtract(x, y)
    case .realMultiply, .intMultiply: b.multiply(x, y)
    case .realDivide, .intDivide: b.divide(x, y)
    case .realPower, .intPower: b.power(x, y)
    case .realRemainder, .intRemainder: b.remainder(x, y)
    case .realMaximum, .intMaximum: b.maximum(x, y)
    case .realMinimum, .intMinimum: b.minimum(x, y)
    case .realEqual, .intEqual: b.compare(.eq, x, y)
    case .realNotEqual, .intNotEqual: b.compare(.ne, x, y)
    case .realLess, .intLess: b.compare(.lt, x, y)
    case .realLessOrEqual, .intLessOrEqual: b.compare(.le, x, y)
    case .realGreater, .intGreater: b.compare(.gt, x, y)
    case .realGreaterOrEqual, .intGreaterOrEqual: b.compare(.ge, x, y)
    default: x
    }
  }
}
