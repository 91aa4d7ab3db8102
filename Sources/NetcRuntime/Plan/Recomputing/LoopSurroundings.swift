import NetcCore
import NetcGraph

/// The loops of a planned graph, who reads their stacks, and what is kept around them.
struct LoopSurroundings {
  let graph: Graph
  let kept: KeptValues
  let bindings: DimBindings
  /// In the order of the graph.
  private(set) var loops: [StackingLoop] = []
  private var places: [NodeID: Int] = [:]
  /// How the graph around the loops rounds.
  let bonds: RoundingBonds
  /// The loops that walk through each stack, by `ValueID.index`.
  private var walkers: [Int: [NodeID]] = [:]
  /// The results of loops that others read, or that are results.
  private var readOtherwise: Set<Int> = []

  private static let views: OperationSet = [.reshape, .transpose, .slice, .reverse, .identity]

  /// - Complexity: O(nodes + operands).
  init(_ attempt: PlanAttempt, _ kept: KeptValues, _ bindings: DimBindings) {
    graph = attempt.graph
    self.kept = kept
    self.bindings = bindings
    bonds = RoundingBonds(graph, results: graph.results.map(\.value))
    for node in graph.nodeIDs {
      let operands = graph.operands(of: node)
      var rows = 0..<0
      if graph.op(of: node) == .scan {
        let loop = StackingLoop(node, in: graph)
        places[node] = loops.count
        loops.append(loop)
        rows = loop.parts.carried.count..<loop.parts.carried.count + loop.parts.sequences.count
      }
      for (place, operand) in operands.enumerated() where graph.op(of: operand) == .scan {
        if rows.contains(place) {
          walkers[operand.index, default: []].append(node)
        } else {
          readOtherwise.insert(operand.index)
        }
      }
    }
    for result in graph.results where graph.op(of: result.value) == .scan {
      readOtherwise.insert(result.value.index)
    }
  }

  /// Whether anything reads a result of a loop.
  func isWanted(_ value: ValueID) -> Bool {
    walkers[value.index] != nil || readOtherwise.contains(value.index)
  }

  /// The loops that walk through a stack; none where others read it too.
  func readers(of stack: ValueID) -> [NodeID] {
    readOtherwise.contains(stack.index) ? [] : walkers[stack.index] ?? []
  }

  /// The loop of a node.
  func loop(of node: NodeID) -> StackingLoop {
    places[node].map { loops[$0] } ?? StackingLoop(node, in: graph)
  }

  /// What a turn of a loop computes that anything reads.
  func wantedResults(of loop: StackingLoop) -> [ValueID] {
    let count = loop.parts.carried.count
    return loop.body.results[..<count].map(\.value)
      + (0..<loop.outputCount).filter { isWanted(loop.stack(ofOutput: $0)) }
      .map { loop.value(ofOutput: $0) }
  }

  /// The memory that a value takes longer when it is read after the peak: none where it is there
  /// then anyway.
  func bytesKeptLonger(_ value: ValueID) -> Int {
    var value = value
    while true {
      if let span = kept[value] { return kept.isAtHandLater(value) ? 0 : span.bytes }
      guard Self.views.contains(graph.op(of: value)),
        let operand = graph.operands(of: graph.node(of: value)).first
      else { return 0 }
      value = operand
    }
  }
}
