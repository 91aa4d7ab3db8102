import NetcCore
import NetcGraph

/// Order and running sums along one axis.
enum AxisSelection {
  static func argmax(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let (axes, source, element) = try operand(&s, node)
    let target = s.allocate(s.graph.result(of: node))
    s.emit(ArgMaxInstruction(axes: axes, type: element), to: [target], from: [source])
  }

  static func argsort(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let (axes, source, _) = try operand(&s, node)
    let target = s.allocate(s.graph.result(of: node))
    let descending = s.graph.attributes(of: node).bool("descending")
    s.emit(ArgSortInstruction(axes: axes, descending: descending), to: [target], from: [source])
  }

  static func cumsum(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    let (axes, source, element) = try operand(&s, node)
    let attributes = s.graph.attributes(of: node)
    let target = s.allocate(s.graph.result(of: node))
    s.emit(
      CumulativeSumInstruction(
        axes: axes, reverse: attributes.bool("reverse"), exclusive: attributes.bool("exclusive"),
        type: element), to: [target], from: [source])
  }

  private static func operand(
    _ s: inout Selector, _ node: NodeID
  ) throws(PlanError) -> (ThreeAxes, DraftOperand, ElementType) {
    let value = s.operands(node)[0]
    let axis = s.graph.attributes(of: node).int("axis")
    return (ThreeAxes(s.shape(value), axis: axis), try s.dense(value), s.element(value))
  }
}
