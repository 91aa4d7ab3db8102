import NetcCore
import NetcGraph

/// The softmaxes whose row t sees only its elements up to t, and their adjoints: instructions that
/// pass over the rest, so that no mask is applied to what they read or write.
struct CausalSoftmax {
  /// The calls, by node.
  private(set) var softmaxes: Set<Int> = []
  /// The masked values, which only such calls read or which they give, and what is masked.
  private(set) var masked: [Int: ValueID] = [:]

  private let graph: Graph

  /// Numbers whose exponential is 0 after any finite one.
  private static let hidden = -1e29

  /// - Complexity: O(nodes + operands).
  init(_ graph: Graph) {
    self.graph = graph
    guard graph.nodeIDs.contains(where: { Self.isSoftmax(graph, $0) }) else { return }
    let uses = useCounts()
    for node in graph.nodeIDs {
      if graph.op(of: node) == .composite {
        findCall(node, uses)
      } else if let (value, other) = seen(graph.result(of: node)), number(other) == 0,
        graph.op(of: value) == .composite, softmaxes.contains(graph.node(of: value).index)
      {
        masked[graph.result(of: node).index] = value
      }
    }
  }

  private static func isSoftmax(_ graph: Graph, _ node: NodeID) -> Bool {
    guard graph.op(of: node) == .composite,
      case .softmax = CompositeClaims.claim(graph.attributes(of: node).body("body"))
    else { return false }
    return true
  }

  private mutating func findCall(_ node: NodeID, _ uses: [Int32]) {
    let operands = Array(graph.operands(of: node))
    switch CompositeClaims.claim(graph.attributes(of: node).body("body")) {
    case .softmax(let x, false):
      guard let (fit, other) = seen(operands[x]), let number = number(other),
        number <= Self.hidden, uses[operands[x].index] == 1
      else { return }
      masked[operands[x].index] = fit
      softmaxes.insert(node.index)
    case .softmaxAdjoint(let y, _, false):
      let source = graph.node(of: operands[y])
      if graph.op(of: source) == .composite, softmaxes.contains(source.index) {
        softmaxes.insert(node.index)
      }
    default: return
    }
  }

  /// The operands that read each value, and the results it is; an adjoint is given more than it
  /// reads.
  private func useCounts() -> [Int32] {
    var uses = Array(repeating: Int32(0), count: graph.valueCount)
    for node in graph.nodeIDs {
      let operands = graph.operands(of: node)
      if graph.op(of: node) == .composite,
        case .softmaxAdjoint(let y, let dy, _) =
          CompositeClaims.claim(graph.attributes(of: node).body("body"))
      {
        uses[operands[operands.startIndex + y].index] += 1
        uses[operands[operands.startIndex + dy].index] += 1
      } else {
        for operand in operands { uses[operand.index] += 1 }
      }
    }
    for result in graph.results { uses[result.value.index] += 1 }
    return uses
  }

  /// The sides of a choice between a value, where the position along the last axis is at most that
  /// along the axis before, and another.
  private func seen(_ value: ValueID) -> (ValueID, ValueID)? {
    guard graph.op(of: value) == .select else { return nil }
    let operands = Array(graph.operands(of: graph.node(of: value)))
    let rank = graph.type(of: value).shape.rank
    guard rank >= 2, isCausal(operands[0], rank) else { return nil }
    return (operands[1], operands[2])
  }

  private func isCausal(_ mask: ValueID, _ rank: Int) -> Bool {
    guard let (inner, axes) = unrepeated(mask, Array(0..<rank)), graph.op(of: inner) == .compare
    else { return false }
    let node = graph.node(of: inner)
    let sides = Array(graph.operands(of: node))
    let shape = graph.type(of: mask).shape
    return graph.attributes(of: node).text("direction") == "LE"
      && position(sides[0], axes, shape) == rank - 1 && position(sides[1], axes, shape) == rank - 2
  }

  /// What is repeated, and which of the outer axes its axes are.
  private func unrepeated(_ value: ValueID, _ axes: [Int]) -> (ValueID, [Int])? {
    guard graph.op(of: value) == .broadcastInDim else { return (value, axes) }
    let node = graph.node(of: value)
    guard let source = graph.operands(of: node).first else { return nil }
    return (source, graph.attributes(of: node).ints("axes").map { axes[$0] })
  }

  /// The outer axis along which a value is the position.
  private func position(_ value: ValueID, _ axes: [Int], _ shape: Shape) -> Int? {
    guard let (inner, places) = unrepeated(value, axes), graph.op(of: inner) == .iota else {
      return nil
    }
    let axis = graph.attributes(of: graph.node(of: inner)).int("axis")
    return graph.type(of: inner).shape[axis] == shape[places[axis]] ? places[axis] : nil
  }

  private func number(_ value: ValueID) -> Double? { BodyPattern(graph).number(value) }
}
