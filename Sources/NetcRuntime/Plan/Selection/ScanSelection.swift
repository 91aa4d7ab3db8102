import NetcCore
import NetcGraph

/// Loops: the body's instructions once, its sequences and stacks read and written in place through
/// address registers that move from turn to turn.
enum ScanSelection {
  static func scan(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    try s.checkBinding(node)
    var loop = try LoopSelection(&s, node)
    try loop.select(&s)
  }

  /// The arguments of a body have their places before it is selected.
  static func argument(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    if s.locations[s.graph.result(of: node).index] == nil {
      internalError("plan: operation argument, node \(node.index), has no place")
    }
  }
}
