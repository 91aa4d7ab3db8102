import NetcCore
import NetcGraph

/// How operations that are not elementwise become instructions: a line each.
enum SelectionCatalogue {
  /// Places the results of one node.
  typealias Rule = @Sendable (inout Selector, NodeID) throws(PlanError) -> Void

  private static let entries: [String: Rule] = [
    "input": SourceSelection.input,
    "parameter": SourceSelection.persistent,
    "state": SourceSelection.persistent,
    "constant": SourceSelection.constant,
    "iota": SourceSelection.iota,
    "random_uniform": SourceSelection.randomUniform,
    "broadcast_in_dim": ViewSelection.broadcast,
    "transpose": ViewSelection.transpose,
    "slice": ViewSelection.slice,
    "reverse": ViewSelection.reverse,
    "reshape": ViewSelection.reshape,
    "pad": JoinSelection.pad,
    "concatenate": JoinSelection.concatenate,
    "reduce_sum": ReductionSelection.sum,
    "reduce_max": ReductionSelection.maximum,
    "argmax": AxisSelection.argmax,
    "argsort": AxisSelection.argsort,
    "cumsum": AxisSelection.cumsum,
    "gather": IndexSelection.gather,
    "scatter_add": IndexSelection.scatterAdd,
    "window_sum": WindowSelection.sum,
    "window_argmax": WindowSelection.argmax,
    "dot_general": ProductSelection.dot,
    "convolution": ConvolutionSelection.convolution,
    "composite": CompositeSelection.call,
    "scan": ScanSelection.scan,
    "argument": ScanSelection.argument,
  ]

  private static let table: [Rule?] = OperationCatalogue.operations.map { entries[$0.name] }

  /// Places the results of a node by its operation's rule.
  static func select(_ node: NodeID, _ selector: inout Selector) throws(PlanError) {
    let op = selector.graph.op(of: node)
    guard let rule = table[Int(op.rawValue)] else {
      throw PlanError("`\(op.operation.name)` has no instruction", at: selector.range(node))
    }
    try rule(&selector, node)
  }

  /// Whether an operation has a rule, for the test that all have.
  static func hasRule(_ name: String) -> Bool { entries[name] != nil }
}
