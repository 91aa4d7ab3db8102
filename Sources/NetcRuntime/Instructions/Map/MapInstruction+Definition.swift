import NetcCore
package import NetcGraph

extension MapInstruction {
  package var operands: [OperandView] {
    let rows = count / max(length, 1)
    return places.enumerated().map { place, operand in
      guard let tail = tails.first(where: { $0.operand == place }) else {
        return OperandView(operand.type, dimensions, strides: operand.strides)
      }
      let groups = (rows + MapInstruction.rowGroup - 1) / MapInstruction.rowGroup
      return OperandView(.float, tail.sumsRows ? [groups, length] : [rows])
    }
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
    for tail in tails { registers[tail.operand] = sums(&b, registers[tail.register], tail) }
    return (0..<outputs).compactMap { registers[$0] }
  }

  private func sums(_ b: inout GraphBuilder, _ value: ValueID?, _ tail: Tail) -> ValueID? {
    guard let value else { return nil }
    let rows = count / max(length, 1)
    let table = b.reshape(value, to: Shape(sizes: [rows, length]))
    if !tail.sumsRows { return b.reduceSum(table, axes: [1]) }
    let groups = stride(from: 0, to: rows, by: MapInstruction.rowGroup).map { first in
      let end = min(first + MapInstruction.rowGroup, rows)
      let group = b.slice(table, axis: 0, Dim(first), Dim(end))
      return b.reshape(b.reduceSum(group, axes: [0]), to: Shape(sizes: [1, length]))
    }
    return groups.count == 1 ? groups[0] : b.concatenate(groups, axis: 0)
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
    case .realNormal:
      b.add(b.erf(b.scaled(x[0], 0.5.squareRoot())), b.ones(b.shape(of: x[0])))
    case .realSine: b.sine(x[0])
    case .realCosine: b.cosine(x[0])
    case .realIsFinite: b.isFinite(x[0])
    case .realMultiplyAdd: b.add(b.multiply(x[0], x[1]), x[2])
    case .realNegateMultiplyAdd: b.subtract(x[2], b.multiply(x[0], x[1]))
    case .realRectify: b.select(isNotPositive(&b, x[0]), b.zeros(b.shape(of: x[0])), x[0])
    case .realGate: b.select(isNotPositive(&b, x[0]), b.zeros(b.shape(of: x[0])), x[1])
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

  private func isNotPositive(_ b: inout GraphBuilder, _ x: ValueID) -> ValueID {
    b.compare(.le, x, b.zeros(b.shape(of: x)))
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
