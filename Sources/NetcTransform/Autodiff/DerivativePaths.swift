import NetcCore
import NetcGraph

/// Which values of a graph lie between some values and a scalar, and what blocks derivatives on the
/// way.
struct DerivativePaths {
  /// The scalar differentiated.
  let scalar: ValueID
  /// By `ValueID.index`: a derivative can flow from the scalar down to it and on to one of the
  /// values.
  let active: [Bool]

  /// The paths from `wrt` to `scalar`.
  /// - Complexity: O(nodes).
  init(from wrt: [ValueID], to scalar: ValueID, in graph: Graph) {
    self.scalar = scalar
    let top = graph.node(of: scalar).index
    var reached = [Bool](repeating: false, count: graph.valueCount)
    for value in wrt { reached[value.index] = true }
    for index in 0...top {
      let node = NodeID(index)
      guard OperationFlow.hasRule(graph.op(of: node)),
        graph.operands(of: node).contains(where: { reached[$0.index] })
      else { continue }
      for value in graph.results(of: node) where graph.type(of: value).element == .float {
        reached[value.index] = true
      }
    }
    var needed = [Bool](repeating: false, count: graph.valueCount)
    needed[scalar.index] = true
    for index in (0...top).reversed() {
      let node = NodeID(index)
      let results = graph.results(of: node)
      guard results.contains(where: { needed[$0.index] && reached[$0.index] }) else { continue }
      for operand in graph.operands(of: node) { needed[operand.index] = true }
    }
    active = zip(reached, needed).map { $0 && $1 }
  }

  /// By `ValueID.index`: the nearest operation that stops every derivative from `scalar` to the
  /// value; nil where the scalar does not depend on it at all or one flows.
  ///
  /// `refusing` are nodes known to let none through.
  /// - Complexity: O(nodes).
  static func blockingNodes(
    from scalar: ValueID, in graph: Graph, refusing: [NodeID]
  ) -> [NodeID?] {
    var refuses = [Bool](repeating: false, count: graph.nodeCount)
    for node in refusing { refuses[node.index] = true }
    var isNeeded = [Bool](repeating: false, count: graph.valueCount)
    var blocking = [NodeID?](repeating: nil, count: graph.valueCount)
    isNeeded[scalar.index] = true
    for index in (0...graph.node(of: scalar).index).reversed() {
      let node = NodeID(index)
      let results = graph.results(of: node)
      guard results.contains(where: { isNeeded[$0.index] }) else { continue }
      let stops = refuses[index] || !results.contains { graph.carriesDerivative($0) }
      let inherited = results.lazy.compactMap { blocking[$0.index] }.first
      for operand in graph.operands(of: node) {
        isNeeded[operand.index] = true
        let isReal = graph.type(of: operand).element == .float
        blocking[operand.index] = stops && isReal ? node : inherited ?? blocking[operand.index]
        if !isReal, blocking[operand.index] == nil { blocking[operand.index] = node }
      }
    }
    return blocking
  }
}
