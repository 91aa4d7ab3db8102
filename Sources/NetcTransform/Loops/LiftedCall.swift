import NetcCore
import NetcGraph

/// An operation of a loop's body done for all turns at once, outside: what a turn computes becomes
/// a row of the result.
struct LiftedCall {
  /// An operand: one value for all turns, or a row for each along a new first axis.
  enum Operand {
    case fixed(ValueID)
    case rows(ValueID)
  }

  let op: OpID
  let attributes: Attributes
  let operands: [Operand]
  /// How many turns there are.
  let length: Dim
  /// The type of the result in the body.
  let type: TensorType

  /// Whether an operation can be done for all turns at once.
  static func supports(_ op: OpID) -> Bool {
    switch op {
    case .broadcastInDim, .reshape, .transpose, .slice, .pad, .concatenate, .reverse, .gather,
      .scatterAdd, .reduceSum, .reduceMax, .dotGeneral, .identity:
      true
    case .constant, .dimension, .step: false
    default: op.operation.isHostable
    }
  }

  /// Appends the operation; the result has a row for each turn.
  func append(to b: inout GraphBuilder) -> ValueID {
    switch op {
    case .dotGeneral: return product(&b)
    case .gather: return gathered(&b)
    case .pad:
      return b.emit(.pad, [rows(0, &b)], padding)
    case .slice: return b.emit(.slice, [rows(0, &b)], slice)
    case .scatterAdd:
      let moved = attributes.with("axis", .int(attributes.int("axis") + 1))
        .with("batch_dims", .int(attributes.int("batch_dims") + 1))
      return b.emit(.scatterAdd, allRows(&b), moved)
    case .broadcastInDim:
      let axes = [0] + attributes.ints("axes").map { $0 + 1 }
      return b.broadcast(rows(0, &b), to: stackedShape, axes: axes)
    case .reshape: return b.reshape(rows(0, &b), to: stackedShape)
    case .transpose:
      return b.transpose(rows(0, &b), [0] + attributes.ints("permutation").map { $0 + 1 })
    case .concatenate:
      return b.concatenate(allRows(&b), axis: attributes.int("axis") + 1)
    case .reverse, .reduceSum, .reduceMax:
      let axes = attributes.ints("axes").map { $0 + 1 }
      return b.emit(op, [rows(0, &b)], attributes.with("axes", .ints(axes)))
    default: return b.emit(op, allRows(&b), attributes)
    }
  }

  private var stackedShape: Shape { Shape([length] + type.shape.dims) }

  private func fixedOrRow(_ place: Int) -> ValueID {
    switch operands[place] {
    case .fixed(let value), .rows(let value): value
    }
  }

  /// An operand with a row for each turn.
  private func rows(_ place: Int, _ b: inout GraphBuilder) -> ValueID {
    switch operands[place] {
    case .rows(let value): return value
    case .fixed(let value): return b.repeated(value, length)
    }
  }

  private func allRows(_ b: inout GraphBuilder) -> [ValueID] {
    operands.indices.map { rows($0, &b) }
  }

  private var padding: Attributes {
    var moved = attributes
    for name in ["low", "high"] { moved[name] = .dims([0] + attributes.dims(name)) }
    moved["interior"] = .ints([0] + attributes.ints("interior"))
    return moved
  }

  private var slice: Attributes {
    var moved = attributes
    moved["start"] = .dims([0] + attributes.dims("start"))
    moved["limit"] = .dims([length] + attributes.dims("limit"))
    moved["stride"] = .ints([1] + attributes.ints("stride"))
    return moved
  }

  /// The turns become a free axis of the operand that has rows, a batch axis where both have.
  private func product(_ b: inout GraphBuilder) -> ValueID {
    let axes = DotDimensions(attributes)
    func moved(_ axes: [Int], _ operand: Operand) -> [Int] {
      if case .rows = operand { axes.map { $0 + 1 } } else { axes }
    }
    let (x, y) = (operands[0], operands[1])
    var batch: (lhs: [Int], rhs: [Int]) = (moved(axes.lhsBatch, x), moved(axes.rhsBatch, y))
    let summed = (lhs: moved(axes.lhsContracting, x), rhs: moved(axes.rhsContracting, y))
    var place = batch.lhs.count
    switch (x, y) {
    case (.rows, .rows):
      batch = ([0] + batch.lhs, [0] + batch.rhs)
      place = 0
    case (.rows, .fixed), (.fixed, .fixed): break
    case (.fixed(let value), .rows):
      place += axes.lhsFree(rank: b.shape(of: value).rank).count
    }
    let made = b.dot(
      fixedOrRow(0), fixedOrRow(1),
      DotDimensions(
        lhsBatch: batch.lhs, rhsBatch: batch.rhs, lhsContracting: summed.lhs,
        rhsContracting: summed.rhs))
    return b.movingAxisFirst(made, place)
  }

  private func gathered(_ b: inout GraphBuilder) -> ValueID {
    let (axis, batch) = (attributes.int("axis"), attributes.int("batch_dims"))
    if batch == 0, case .fixed(let table) = operands[0], case .rows(let indices) = operands[1] {
      return b.movingAxisFirst(b.gather(table, indices, axis: axis), axis)
    }
    if batch == 0, case .rows(let table) = operands[0], case .fixed(let indices) = operands[1] {
      return b.gather(table, indices, axis: axis + 1)
    }
    return b.gather(rows(0, &b), rows(1, &b), axis: axis + 1, batchDims: batch + 1)
  }
}

extension GraphBuilder {
  /// The same value for each of `length` rows.
  mutating func repeated(_ value: ValueID, _ length: Dim) -> ValueID {
    let shape = shape(of: value)
    return broadcast(
      value, to: Shape([length] + shape.dims), axes: (0..<shape.rank).map { $0 + 1 })
  }

  /// The value with one axis in front of the others.
  mutating func movingAxisFirst(_ value: ValueID, _ axis: Int) -> ValueID {
    let rank = shape(of: value).rank
    return transpose(value, [axis] + (0..<rank).filter { $0 != axis })
  }
}

extension Attributes {
  /// These attributes with another value of one name.
  func with(_ name: String, _ value: AttributeValue) -> Attributes {
    var changed = self
    changed[name] = value
    return changed
  }
}
