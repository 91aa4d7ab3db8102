import NetcCore
package import NetcGraph

/// Replaces every `grad` of a graph by operations, inner ones first; all values of one scalar share
/// a sweep.
///
/// A `grad` of a scalar in a value it does not depend on becomes zeros and is reported. Leaves of
/// one name become one node, so that a derivative in a parameter counts all its uses. Calls without
/// an adjoint are opened where a derivative passes through them. Bodies of loops, those of derived
/// loops included, are expanded last.
/// - Complexity: O(nodes) for each scalar that is differentiated.
package func expandGradients(_ graph: Graph) -> (graph: Graph, problems: [GradientProblem]) {
  var expansion = GradientExpansion(graph)
  return expansion.run()
}

extension Graph {
  /// Whether it or a loop in it may have `grad` nodes.
  var mayHoldGradients: Bool { !operations.isDisjoint(with: [.grad, .scan]) }
}

/// A `grad` node of the source.
private struct Request {
  let node: NodeID
  let scalar: ValueID
  let wrt: ValueID
  let result: ValueID

  init(_ node: NodeID, _ source: Graph) {
    self.node = node
    let operands = source.operands(of: node)
    scalar = operands[operands.startIndex]
    wrt = operands[operands.startIndex + 1]
    result = source.result(of: node)
  }
}

/// The state of `expandGradients`: the source walked in order, its copy and the adjoints appended
/// as they are met.
private struct GradientExpansion {
  private let source: Graph
  private var transfer: GraphTransfer
  private var names: GradientNames
  private var problems: [GradientProblem] = []
  /// The `grad` nodes of each scalar, in order, by the scalar's index.
  private var grads: [Int: [Request]] = [:]
  /// The first leaf of each operation and attributes, both in one key.
  private var leaves: [UInt64: ValueID] = [:]
  /// By value of the source: whether a `grad` is taken in it.
  private var isNamed: [Bool]

  init(_ graph: Graph) {
    source = graph
    transfer = GraphTransfer(from: graph)
    names = GradientNames(reservedBy: graph)
    isNamed = Array(repeating: false, count: graph.valueCount)
    for node in graph.nodeIDs where graph.op(of: node) == .grad {
      let request = Request(node, graph)
      grads[request.scalar.index, default: []].append(request)
      isNamed[request.wrt.index] = true
    }
  }

  mutating func run() -> (graph: Graph, problems: [GradientProblem]) {
    for node in source.nodeIDs {
      guard source.op(of: node) == .grad else {
        copy(node)
        continue
      }
      if transfer.copy(of: source.result(of: node)) == nil {
        expand(Request(node, source).scalar)
      }
    }
    PassMeter.add(source.nodeCount)
    let graph = transfer.finish()
    return (graph.mappingScanBodies(Self.expanded) ?? graph, problems)
  }

  /// A loop's body with its `grad` nodes replaced, nil without any; what it does not depend on has
  /// zeros.
  private static func expanded(_ body: Graph) -> Graph? {
    body.mayHoldGradients ? expandGradients(body).graph : nil
  }

  private mutating func copy(_ node: NodeID) {
    let op = source.op(of: node)
    guard op == .parameter || op == .state || op == .input else {
      transfer.copy(node)
      return
    }
    let value = source.result(of: node)
    let key = UInt64(op.rawValue) << 32 | UInt64(source.attributeNumber(of: node))
    if let first = leaves[key] {
      transfer.replace(value, by: transfer[first])
    } else {
      leaves[key] = value
      transfer.copy(node)
    }
  }

  /// Replaces all `grad` nodes of one scalar whose values are known.
  private mutating func expand(_ sourceScalar: ValueID) {
    PassMeter.add(transfer.builder.graph.nodeCount)
    var group: [Request] = []
    for grad in grads[sourceScalar.index] ?? []
    where transfer.copy(of: grad.wrt) != nil && transfer.copy(of: grad.result) == nil {
      group.append(grad)
    }
    var paths = pathsOf(group, sourceScalar)
    if inlineOpaqueComposites(paths) { paths = pathsOf(group, sourceScalar) }
    var requested: [ValueID: String] = [:]
    for grad in group {
      if let name = source.name(of: grad.result) { requested[transfer[grad.wrt]] = name }
    }
    let sweepBuilder = transfer.builder
    transfer.builder = GraphBuilder()
    var sweep = ReverseSweep(paths, builder: sweepBuilder, names: names)
    sweep.run(requested: requested)
    let refusing = sweep.refusing
    var found: [ValueID?] = []
    for grad in group { found.append(sweep.adjoint(of: transfer[grad.wrt])) }
    (transfer.builder, names) = sweep.finish()
    report(group, found, scalar: paths.scalar, refusing: refusing)
    for (grad, adjoint) in zip(group, found) { bind(grad, adjoint) }
  }

  private func pathsOf(_ group: [Request], _ sourceScalar: ValueID) -> DerivativePaths {
    DerivativePaths(
      from: group.map { transfer[$0.wrt] }, to: transfer[sourceScalar], in: transfer.builder.graph)
  }

  /// Lets the result of a `grad` node stand for its adjoint, or zeros where none flows.
  private mutating func bind(_ grad: Request, _ adjoint: ValueID?) {
    transfer.builder.origin = source.origin(of: grad.node)
    var value = adjoint ?? transfer.builder.zeros(source.type(of: grad.result).shape)
    if isNamed[grad.result.index] { value = transfer.builder.identity(value) }
    transfer.replace(grad.result, by: value)
  }

  /// Replaces composites without an adjoint on the paths by their bodies; whether there were any.
  private mutating func inlineOpaqueComposites(_ paths: DerivativePaths) -> Bool {
    let graph = transfer.builder.graph
    let opaque = graph.nodeIDs.filter { node in
      graph.op(of: node) == .composite && graph.attributes(of: node)["adjoint"] == nil
        && graph.results(of: node).contains { paths.active[$0.index] }
    }
    if opaque.isEmpty { return false }
    var isOpaque = [Bool](repeating: false, count: graph.nodeCount)
    for node in opaque { isOpaque[node.index] = true }
    let inlined = CompositeInliner.inline(graph) {
      isOpaque[$0.index]
    } keepsInside: {
      $0["adjoint"] != nil
    }
    transfer.move(to: inlined.builder) { inlined[$0] }
    return true
  }

  private mutating func report(
    _ group: [Request], _ found: [ValueID?], scalar: ValueID, refusing: [NodeID]
  ) {
    guard found.contains(where: { $0 == nil }) else { return }
    let graph = transfer.builder.graph
    let blocking = DerivativePaths.blockingNodes(from: scalar, in: graph, refusing: refusing)
    for (grad, adjoint) in zip(group, found) where adjoint == nil {
      let node = blocking[transfer[grad.wrt].index]
      problems.append(
        GradientProblem(
          kind: node == nil ? .unreachable : .zeroAlmostEverywhere, grad: grad.node,
          scalarName: source.name(of: grad.scalar), wrtName: source.name(of: grad.wrt),
          origin: source.origin(of: grad.node),
          blocking: node.map {
            GradientProblem.Blocking(
              operation: graph.op(of: $0).operation.name, origin: graph.origin(of: $0))
          }))
    }
  }
}
