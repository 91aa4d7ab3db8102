import NetcCore
import NetcGraph

/// Greatest elements with their places as one instruction, and their adjoint as one.
enum PoolingSelection {
  /// The gather that reads the elements at the places a `window_argmax` finds, if one does.
  static func gathered(_ s: Selector, _ node: NodeID) -> ValueID? {
    let batch = s.graph.attributes(of: node).int("batch_dims")
    let places = s.graph.result(of: node)
    let x = s.operands(node)[0]
    for user in s.analysis.users.of(places) {
      let gather = NodeID(Int(user))
      guard s.graph.op(of: gather) == .gather else { continue }
      let attributes = s.graph.attributes(of: gather)
      let operands = s.operands(gather)
      guard operands[1] == places, attributes.int("axis") == batch,
        attributes.int("batch_dims") == batch, s.shape(operands[0]).count == batch + 1,
        unreshaped(s, operands[0]) == unreshaped(s, x),
        s.shape(operands[0])[batch] == s.shape(x)[batch...].reduce(1, *),
        Array(s.shape(operands[0])[..<batch]) == Array(s.shape(x)[..<batch])
      else { continue }
      return s.graph.result(of: gather)
    }
    return nil
  }

  /// The elements of a value before changes of shape.
  private static func unreshaped(_ s: Selector, _ value: ValueID) -> ValueID {
    var value = value
    while s.graph.op(of: value) == .reshape { value = s.operands(s.graph.node(of: value))[0] }
    return value
  }

  /// The windows whose places a `scatter_add` onto zeros takes; nil when it is something else.
  static func adjoint(_ s: Selector, _ node: NodeID) throws(PlanError) -> WindowAxes? {
    let operands = s.operands(node)
    guard case .number(0) = s.location(operands[0]),
      s.graph.op(of: operands[1]) == .windowArgmax
    else { return nil }
    let windows = s.graph.node(of: operands[1])
    let batch = s.graph.attributes(of: windows).int("batch_dims")
    let attributes = s.graph.attributes(of: node)
    let x = s.shape(s.operands(windows)[0])
    let table = s.shape(operands[0])
    guard attributes.int("axis") == batch, attributes.int("batch_dims") == batch,
      table.count == batch + 1, table[batch] == x[batch...].reduce(1, *),
      Array(table[..<batch]) == Array(x[..<batch])
    else { return nil }
    return try WindowSelection.axes(s, windows)
  }
}
