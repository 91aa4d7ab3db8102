import NetcCore
import NetcGraph

/// The values a scalar is computed from: all of them, and those a derivative flows to.
struct Reach: Sendable {
  var any = ValueSet()
  var differentiable = ValueSet()
}

extension Lowering {
  /// What a value of the graph is computed from.
  /// - Complexity: O(nodes).
  func reach(of value: ValueID) -> Reach {
    var known: [ObjectIdentifier: Set<Int>] = [:]
    return Self.reach(of: [value], in: b.graph, &known)
  }

  private static func reach(
    of values: [ValueID], in graph: Graph, _ known: inout [ObjectIdentifier: Set<Int>]
  ) -> Reach {
    let start = ValueSet(values, of: graph)
    var reach = Reach(any: start, differentiable: start)
    for node in graph.nodeIDs.reversed() {
      let results = graph.results(of: node)
      guard results.contains(where: { reach.any.contains($0) }) else { continue }
      let flows = results.contains { reach.differentiable.contains($0) }
      let op = graph.op(of: node)
      if op == .scan {
        let operands = Array(graph.operands(of: node))
        for isDerivative in [false, true] {
          let path: WritableKeyPath<Reach, ValueSet> = isDerivative ? \.differentiable : \.any
          let wanted = results.indices.filter { reach[keyPath: path].contains(results[$0]) }
          if wanted.isEmpty { continue }
          let parts = ScanParts(graph.attributes(of: node), operands: operands.indices)
          for place in operandsReached(by: wanted, of: parts, path, &known)
          where !isDerivative || graph.type(of: operands[place]).element == .float {
            reach[keyPath: path].insert(operands[place])
          }
        }
        continue
      }
      for (place, operand) in graph.operands(of: node).enumerated() {
        reach.any.insert(operand)
        guard flows, graph.type(of: operand).element == .float else { continue }
        if op == .composite {
          let body = graph.attributes(of: node).body("body")
          if differentiableArguments(of: body, &known).contains(place) {
            reach.differentiable.insert(operand)
          }
        } else if case .rule = op.operation.differentiability, op != .stopGradient {
          reach.differentiable.insert(operand)
        }
      }
    }
    return reach
  }

  /// The operands of a loop that some of its results are computed from, in any turn.
  private static func operandsReached(
    by results: [Int], of loop: ScanParts<Int>, _ path: KeyPath<Reach, ValueSet>,
    _ known: inout [ObjectIdentifier: Set<Int>]
  ) -> Set<Int> {
    let body = loop.body.graph
    let given = body.results.map(\.value)
    var wanted = Set(results.map { $0 < given.count ? $0 : $0 - given.count })
    var reached: Set<Int> = []
    while true {
      let values = wanted.sorted().map { given[$0] }
      let reach = reach(of: values, in: body, &known)
      for node in body.nodeIDs where body.op(of: node) == .argument {
        if reach[keyPath: path].contains(body.result(of: node)) {
          reached.insert(body.attributes(of: node).int("index"))
        }
      }
      let carried = reached.union(wanted).filter { $0 < loop.carried.count }
      reached.formUnion(carried)
      if wanted.isSuperset(of: carried) { return reached.filter { $0 < loop.positionIndex } }
      wanted.formUnion(carried)
    }
  }

  /// The places of the arguments of a body that a derivative of its results flows to.
  private static func differentiableArguments(
    of body: GraphBody, _ known: inout [ObjectIdentifier: Set<Int>]
  ) -> Set<Int> {
    if let places = known[ObjectIdentifier(body)] { return places }
    let graph = body.graph
    let reach = reach(of: graph.results.map(\.value), in: graph, &known)
    var places: Set<Int> = []
    for node in graph.nodeIDs where graph.op(of: node) == .argument {
      if reach.differentiable.contains(graph.result(of: node)) {
        places.insert(graph.attributes(of: node).int("index"))
      }
    }
    known[ObjectIdentifier(body)] = places
    return places
  }
}
