import NetcCore
import NetcGraph

/// What the values of a loop's body depend on.
struct LoopKinds {
  /// What one value depends on.
  enum Kind: Hashable {
    /// Nothing that differs between turns.
    case fixed
    /// The rows of the sequences at the turn, by operations that can be done for all turns at once.
    case row
    /// What is carried, or the turn by an operation that cannot.
    case turn
  }

  /// By `ValueID.index`.
  private let kinds: [Kind]

  /// - Complexity: O(nodes of the body).
  init(_ loop: Loop) {
    let graph = loop.graph
    var kinds = [Kind](repeating: .turn, count: graph.valueCount)
    for operand in loop.captured { kinds[operand.argument.index] = .fixed }
    for operand in loop.sequences { kinds[operand.argument.index] = .row }
    kinds[loop.position.index] = .row
    for node in graph.nodeIDs where graph.op(of: node) != .argument {
      let operands = graph.operands(of: node)
      let kind: Kind
      if operands.allSatisfy({ kinds[$0.index] == .fixed }) {
        kind = .fixed
      } else if operands.allSatisfy({ kinds[$0.index] != .turn }), loop.canLift(node) {
        kind = .row
      } else {
        kind = .turn
      }
      for value in graph.results(of: node) { kinds[value.index] = kind }
    }
    self.kinds = kinds
  }

  /// What a value depends on.
  subscript(value: ValueID) -> Kind { kinds[value.index] }
}

extension Loop {
  /// Whether a node of the body can be done for all turns at once: its operation allows it and the
  /// stack of its result is a tensor.
  func canLift(_ node: NodeID) -> Bool {
    graph[node].hasOneResult && LiftedCall.supports(graph.op(of: node))
      && canStack(graph.result(of: node))
  }

  /// Whether the values of all turns fit one tensor.
  func canStack(_ value: ValueID) -> Bool {
    let shape = Shape([length] + graph.type(of: value).shape.dims)
    return (try? shape.checked()) != nil
  }
}
