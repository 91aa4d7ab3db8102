import NetcCore
import NetcGraph

/// Looks for known expressions in a body; identities are looked through.
struct BodyPattern {
  let graph: Graph

  init(_ graph: Graph) { self.graph = graph }

  /// The operand of a reduction over the last axis whose result is repeated along that axis again.
  func rowsOf(_ value: ValueID, _ reduction: OpID) -> ValueID? {
    repeated(value).flatMap { reduced(unreshaped($0), reduction) }
  }

  /// What is repeated along the last axis: of shape [d…] or [d…, 1] for a result [d…, n].
  func repeated(_ value: ValueID) -> ValueID? {
    let value = resolved(value)
    guard graph.op(of: value) == .broadcastInDim, let source = operands(value).first else {
      return nil
    }
    let axes = graph.attributes(of: graph.node(of: value)).ints("axes")
    let rank = graph.type(of: value).shape.rank
    let shape = graph.type(of: source).shape
    let keepsLast = axes.count == rank && shape.dims.last == Dim(1)
    guard axes == Array(0..<axes.count), axes.count == rank - 1 || keepsLast else { return nil }
    return resolved(source)
  }

  /// A value before a reshape that only adds or drops a last axis of size 1.
  func unreshaped(_ value: ValueID) -> ValueID {
    let value = resolved(value)
    guard graph.op(of: value) == .reshape, let source = operands(value).first else { return value }
    let dims = graph.type(of: value).shape.dims
    let from = graph.type(of: source).shape.dims
    return dims == from + [Dim(1)] ? resolved(source) : value
  }

  func reduced(_ value: ValueID, _ reduction: OpID) -> ValueID? {
    guard graph.op(of: value) == reduction, let source = operands(value).first else { return nil }
    let rank = graph.type(of: source).shape.rank
    let axes = graph.attributes(of: graph.node(of: value)).ints("axes")
    return axes == [rank - 1] ? resolved(source) : nil
  }

  func unary(_ value: ValueID, _ op: OpID) -> ValueID? {
    let value = resolved(value)
    return graph.op(of: value) == op ? operands(value).first.map { resolved($0) } : nil
  }

  func binary(_ value: ValueID, _ op: OpID) -> (ValueID, ValueID)? {
    let value = resolved(value)
    guard graph.op(of: value) == op else { return nil }
    let operands = operands(value)
    return operands.count == 2 ? (resolved(operands[0]), resolved(operands[1])) : nil
  }

  /// The number that a constant, repeated or not, is throughout.
  func number(_ value: ValueID) -> Double? {
    var value = resolved(value)
    while graph.op(of: value) == .broadcastInDim, let source = operands(value).first {
      value = resolved(source)
    }
    guard graph.op(of: value) == .constant else { return nil }
    let values = graph.attributes(of: graph.node(of: value)).numbers("values")
    return values.allSatisfy { $0 == values.first } ? values.first : nil
  }

  /// The index of the argument that a value is.
  func argument(_ value: ValueID) -> Int? {
    let value = resolved(value)
    guard graph.op(of: value) == .argument else { return nil }
    return graph.attributes(of: graph.node(of: value)).int("index")
  }

  func operands(_ value: ValueID) -> [ValueID] {
    Array(graph.operands(of: graph.node(of: value)))
  }

  /// The value behind identities.
  func resolved(_ value: ValueID) -> ValueID {
    var value = value
    while graph.op(of: value) == .identity || graph.op(of: value) == .stopGradient,
      let next = operands(value).first
    { value = next }
    return value
  }
}
