import NetcCore
import NetcGraph

/// Replaces calls by their bodies, to any depth.
struct CompositeInliner {
  /// A body being copied.
  private struct Frame {
    let body: Graph
    let arguments: [ValueID]
    var copies: [ValueID?]
    var next = 0
  }

  private var builder: GraphBuilder
  private var visits = 0

  /// Copies `graph` with the bodies of the selected composites in their places; inside bodies,
  /// calls stay where `keepsInside` says so of their attributes.
  /// - Complexity: O(nodes of the result and of the bodies met).
  static func inline(
    _ graph: Graph, where isSelected: (NodeID) -> Bool, keepsInside: (Attributes) -> Bool
  ) -> GraphTransfer {
    let named = graph.valuesNamedByGradients()
    var transfer = GraphTransfer(from: graph)
    for node in graph.nodeIDs {
      guard graph.op(of: node) == .composite, isSelected(node) else {
        transfer.copy(node)
        continue
      }
      var inliner = CompositeInliner(builder: GraphBuilder())
      swap(&inliner.builder, &transfer.builder)
      inliner.builder.origin = graph.origin(of: node)
      let operands = graph.operands(of: node).map { transfer[$0] }
      let made = inliner.expand(
        graph.attributes(of: node).body("body"), operands, keepsInside: keepsInside)
      swap(&inliner.builder, &transfer.builder)
      PassMeter.add(inliner.visits)
      for (old, new) in zip(graph.results(of: node), made) {
        let isNamed = !named.isEmpty && named[old.index]
        transfer.replace(old, by: isNamed ? transfer.builder.identity(new) : new)
      }
    }
    return transfer
  }

  /// Appends a body's nodes and those of the calls in it; frames stand in for recursion, which a
  /// deep chain of functions would overflow.
  private mutating func expand(
    _ body: GraphBody, _ arguments: [ValueID], keepsInside: (Attributes) -> Bool
  ) -> [ValueID] {
    var frames = [Self.frame(body, arguments)]
    while true {
      let top = frames.count - 1
      if frames[top].next == frames[top].body.nodeCount {
        let made = frames[top].body.graphResults(frames[top].copies)
        frames.removeLast()
        if frames.isEmpty { return made }
        bind(made, in: &frames[top - 1])
        continue
      }
      if let inner = step(&frames[top], keepsInside) { frames.append(inner) }
    }
  }

  private static func frame(_ body: GraphBody, _ arguments: [ValueID]) -> Frame {
    Frame(
      body: body.graph, arguments: arguments,
      copies: Array(repeating: nil, count: body.graph.valueCount))
  }

  /// Gives the results of the call at `next` their copies and moves on.
  private func bind(_ made: [ValueID], in frame: inout Frame) {
    let node = NodeID(frame.next)
    for (old, new) in zip(frame.body.results(of: node), made) { frame.copies[old.index] = new }
    frame.next += 1
  }

  /// Copies the node at `next`, or gives the frame of the call it is.
  private mutating func step(_ frame: inout Frame, _ keepsInside: (Attributes) -> Bool) -> Frame? {
    visits += 1
    let node = NodeID(frame.next)
    let op = frame.body.op(of: node)
    let attributes = frame.body.attributes(of: node)
    if op == .argument {
      bind([frame.arguments[attributes.int("index")]], in: &frame)
      return nil
    }
    let operands = frame.body.operands(of: node).map { operand in
      guard let copy = frame.copies[operand.index] else {
        internalError(
          "inlining: operation \(op.operation.name), node \(node.index): operand missing")
      }
      return copy
    }
    if op == .composite, !keepsInside(attributes) {
      return Self.frame(attributes.body("body"), operands)
    }
    let types = frame.body.results(of: node).map { frame.body.type(of: $0) }
    let made = builder.graph.appendUnchecked(
      op, operands, attributes, resultTypes: types, origin: builder.origin)
    bind(made, in: &frame)
    return nil
  }
}

extension Graph {
  /// The copies of the results, in order.
  fileprivate func graphResults(_ copies: [ValueID?]) -> [ValueID] {
    results.map { result in
      guard let copy = copies[result.value.index] else {
        internalError("inlining: result \(result.name) is missing")
      }
      return copy
    }
  }
}
