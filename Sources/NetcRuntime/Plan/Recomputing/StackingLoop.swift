import NetcGraph

/// A loop of a graph and the stacks it gives.
struct StackingLoop {
  let node: NodeID
  let parts: ScanParts<ValueID>
  private let firstResult: Int

  /// The `scan` of a node.
  init(_ node: NodeID, in graph: Graph) {
    self.node = node
    var parts = ScanParts(graph.attributes(of: node), operands: graph.operands(of: node))
    parts.body = GraphBody(PlanPreparation.prepared(parts.body.graph))
    self.parts = parts
    firstResult = graph.result(of: node).index
  }

  /// What a turn does, as it is planned.
  var body: Graph { parts.body.graph }

  private var carriedCount: Int { parts.carried.count }

  /// How many outputs are stacked, carried values not counted.
  var outputCount: Int { parts.outputCount }

  /// What a turn computes for an output.
  func value(ofOutput place: Int) -> ValueID { body.results[carriedCount + place].value }

  /// The stack of an output.
  func stack(ofOutput place: Int) -> ValueID {
    ValueID(firstResult + carriedCount + place)
  }

  /// A carried value after the loop, which names the memory of its stack.
  func final(ofCarried place: Int) -> ValueID { ValueID(firstResult + place) }

  /// The stack of what each turn began with.
  func stack(ofCarried place: Int) -> ValueID {
    ValueID(firstResult + carriedCount + outputCount + place)
  }

  /// Whether a turn reads its number.
  var readsPosition: Bool {
    body.nodeIDs.contains { node in
      guard body.op(of: node) == .argument, case .position = argument(node) else { return false }
      return true
    }
  }

  /// What stands for an argument of the body outside.
  enum Argument {
    case carried(Int)
    case sequence(ValueID)
    case captured(ValueID)
    case position
  }

  /// What a node of the body that is an argument stands for.
  func argument(_ node: NodeID) -> Argument {
    var index = body.attributes(of: node).int("index")
    if index < carriedCount { return .carried(index) }
    index -= carriedCount
    if index < parts.sequences.count { return .sequence(parts.sequences[index]) }
    index -= parts.sequences.count
    return index < parts.captured.count ? .captured(parts.captured[index]) : .position
  }
}
