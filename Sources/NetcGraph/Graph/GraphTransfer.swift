import NetcCore

/// Copies nodes of one graph into another, operands replaced by their copies: the frame of every
/// rewriting pass.
package struct GraphTransfer: Sendable {
  /// The graph copied from.
  package let source: Graph
  /// The graph being built.
  package var builder: GraphBuilder
  private var copies: [ValueID?]

  /// Whether the builder's graph began as a prefix of `source`, so that nodes are copied as
  /// integers.
  private let sharesNumbers: Bool

  /// A transfer of `source` into a new graph, in which so many of the first nodes are copied
  /// already.
  package init(from source: Graph, copied count: Int = 0) {
    self.source = source
    builder = GraphBuilder(source.prefix(count))
    copies = Array(repeating: nil, count: source.valueCount)
    for index in 0..<builder.graph.valueCount { copies[index] = ValueID(index) }
    sharesNumbers = true
  }

  /// A transfer of `source` into `builder`'s graph.
  package init(from source: Graph, into builder: GraphBuilder) {
    self.source = source
    self.builder = builder
    copies = Array(repeating: nil, count: source.valueCount)
    sharesNumbers = false
  }

  /// The copy (or replacement) of a value of the source, which must have been made before.
  package subscript(value: ValueID) -> ValueID {
    get {
      guard let copy = copies[value.index] else {
        internalError("graph transfer: value \(value.index) is used before it is copied")
      }
      return copy
    }
    set { copies[value.index] = newValue }
  }

  /// The copy of a value if there is one.
  package func copy(of value: ValueID) -> ValueID? { copies[value.index] }

  /// The copies of a node's operands, in order.
  package func copiedOperands(of node: NodeID) -> [ValueID] {
    let operands = source.operands(of: node)
    var result: [ValueID] = []
    result.reserveCapacity(operands.count)
    for operand in operands { result.append(self[operand]) }
    return result
  }

  /// Copies a node as it is, origin and names included; its results map to the copy's.
  package mutating func copy(_ node: NodeID) {
    if sharesNumbers {
      guard let first = builder.graph.appendCopy(of: node, in: source, copies: copies) else {
        return
      }
      let old = source.result(of: node).index
      for offset in 0..<builder.graph.valueCount - first.index {
        replace(ValueID(old + offset), by: ValueID(first.index + offset))
      }
      return
    }
    builder.origin = source.origin(of: node)
    let operands = source.operands(of: node).map { self[$0] }
    let results = source.results(of: node)
    let made = builder.graph.appendUnchecked(
      source.op(of: node), operands, source.attributes(of: node),
      resultTypes: results.map { source.type(of: $0) }, origin: builder.origin)
    for (old, new) in zip(results, made) { replace(old, by: new) }
  }

  /// Maps a value to `new`, which takes over its name if it has none.
  package mutating func replace(_ old: ValueID, by new: ValueID) {
    copies[old.index] = new
    if let name = source.name(of: old), builder.graph.name(of: new) == nil {
      builder.graph.setName(name, of: new)
    }
  }

  /// Appends a body's nodes in place of a call: its arguments become `operands`; returns its
  /// results.
  package static func inline(
    _ body: GraphBody, operands: [ValueID], into builder: inout GraphBuilder
  ) -> [ValueID] {
    let origin = builder.origin
    var transfer = GraphTransfer(from: body.graph, into: GraphBuilder())
    swap(&transfer.builder, &builder)
    for node in body.graph.nodeIDs {
      if body.graph.op(of: node) == .argument {
        let index = body.graph.attributes(of: node).int("index")
        transfer[body.graph.result(of: node)] = operands[index]
      } else {
        transfer.copy(node, origin: origin)
      }
    }
    swap(&transfer.builder, &builder)
    builder.origin = origin
    return body.graph.results.map { transfer[$0.value] }
  }

  private mutating func copy(_ node: NodeID, origin: Origin) {
    let operands = source.operands(of: node).map { self[$0] }
    let results = source.results(of: node)
    let made = builder.graph.appendUnchecked(
      source.op(of: node), operands, source.attributes(of: node),
      resultTypes: results.map { source.type(of: $0) }, origin: origin)
    for (old, new) in zip(results, made) { copies[old.index] = new }
  }

  /// Continues in another graph, made by a transfer of the graph built so far, whose values
  /// `mapping` finds there.
  package mutating func move(to builder: GraphBuilder, mapping: (ValueID) -> ValueID) {
    self.builder = builder
    for index in copies.indices { copies[index] = copies[index].map(mapping) }
  }

  /// The built graph with the source's results, mapped.
  package func finish() -> Graph {
    var graph = builder.graph
    graph.results = source.results.map { GraphResult($0.role, $0.name, self[$0.value]) }
    return graph
  }
}
