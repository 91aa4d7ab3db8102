import NetcCore
import NetcGraph

/// The nodes that an initializer made in the initial graph, which use each other's results alone.
struct InitializerNodes: Sendable {
  /// Their places.
  var nodes: Range<Int>
  /// The first of their values.
  var start: Int
  /// What they compute.
  var result: TensorValue
  /// The origin before the first of them: where the application stands.
  var origin: Origin
  /// The origin after the last of them.
  var lastOrigin: Origin
}

extension Lowering {
  /// Applies an initializer while a first value is computed.
  ///
  /// Parameters of equal shapes have initializers with equal arguments, as in the layers of a deep
  /// network: the nodes of the first application are copied, each draw named anew.
  mutating func apply(
    initializer place: Int, to values: [ArgumentValue?], _ site: CallSite
  ) -> Value {
    let parts = values.map { $0.map { BodyKey.Part.value($0.value) } ?? .absent }
    let key = BodyKey(definition: place, parts: parts, isTraining: isTraining)
    if let known = initial.initializers[key] { return .tensor(copy(known)) }
    let (firstNode, start, origin) = (b.graph.nodeCount, b.graph.valueCount, b.origin)
    let (messages, work) = (report.diagnostics.count, work.inner)
    let value = apply(definition: place, to: values, site)
    guard case .tensor(let result) = value, result.graph == graph, result.id.index >= start,
      report.diagnostics.count == messages, self.work.inner == work,
      effects(of: place).subtracting([.random, .training]).isEmpty
    else { return value }
    let nodes = firstNode..<b.graph.nodeCount
    if nodes.allSatisfy({ isCopyable(NodeID($0), from: start) }) {
      initial.initializers[key] = InitializerNodes(
        nodes: nodes, start: start, result: result, origin: origin, lastOrigin: b.origin)
    }
    return value
  }

  /// Whether a node is the same in each application but for what it is computed from, where values
  /// from `start` on are the application's.
  private func isCopyable(_ node: NodeID, from start: Int) -> Bool {
    switch b.graph.op(of: node) {
    case .argument, .scan: false
    default: b.graph.operands(of: node).allSatisfy { $0.index >= start }
    }
  }

  /// Appends the nodes of an initializer once more; gives what they compute.
  private mutating func copy(_ known: InitializerNodes) -> TensorValue {
    let origin = b.origin
    let shift = b.graph.valueCount - known.start
    for place in known.nodes {
      let node = NodeID(place)
      var attributes: Attributes?
      if b.graph.op(of: node) == .randomUniform {
        attributes = b.graph.attributes(of: node)
        attributes?["site"] = .text(initial.nextSite())
      }
      let own = b.graph.origin(of: node)
      b.graph.appendCopy(
        of: node, shiftedBy: shift, attributes: attributes,
        origin: own == known.origin ? origin : own)
    }
    b.origin = known.lastOrigin == known.origin ? origin : known.lastOrigin
    var result = known.result
    result.id = ValueID(result.id.index + shift)
    return result
  }
}
