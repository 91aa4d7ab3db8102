import NetcCore
import NetcGraph

/// Writes a chain of sums and products of a tensor with one number for each channel as one product
/// and one sum: the end of a normalization, ((x - m) r) g + b, as x (r g) + (b - m r g).
enum ChannelChains {
  /// What a chain must save.
  private static let leastSteps = 3
  private static let mostSteps = 8

  /// A value that is another one changed by one number for each channel.
  private struct Step {
    let operation: OpID
    let previous: ValueID
    let vector: ValueID
    let axis: Int
    /// The steps up to here.
    let count: Int
  }

  /// The steps by the value that each gives.
  private struct Steps {
    private var places: [Int32]
    private var list: [Step] = []

    init(values: Int) { places = Array(repeating: -1, count: values) }

    subscript(value: ValueID) -> Step? {
      let place = places[value.index]
      return place < 0 ? nil : list[Int(place)]
    }

    mutating func append(_ step: Step, giving value: ValueID) {
      places[value.index] = Int32(truncatingIfNeeded: list.count)
      list.append(step)
    }
  }

  /// The graph with such chains folded; what else reads a value within one still finds it.
  /// - Complexity: O(nodes + operands).
  static func folded(_ graph: Graph) -> Graph {
    var steps = Steps(values: graph.valueCount)
    var ends: Set<Int> = []
    let stored = stored(graph)
    for node in graph.nodeIDs {
      let step = step(graph, node, steps, stored)
      for operand in graph.operands(of: node) where isLong(steps[operand]) {
        if step?.previous != operand || step?.count == 1 { ends.insert(operand.index) }
      }
      if let step { steps.append(step, giving: graph.result(of: node)) }
    }
    for result in graph.results where isLong(steps[result.value]) {
      ends.insert(result.value.index)
    }
    if ends.isEmpty { return graph }
    var transfer = GraphTransfer(from: graph)
    for node in graph.nodeIDs {
      let value = graph.result(of: node)
      if ends.contains(value.index) {
        transfer.builder.origin = graph.origin(of: node)
        transfer.replace(value, by: folded(value, steps, &transfer))
      } else {
        transfer.copy(node)
      }
    }
    return transfer.finish()
  }

  private static func isLong(_ step: Step?) -> Bool { (step?.count ?? 0) >= leastSteps }

  /// Which values something other than an elementwise operation reads: they are in memory in any
  /// case, so chains begin anew at them.
  private static func stored(_ graph: Graph) -> [Bool] {
    var stored = Array(repeating: false, count: graph.valueCount)
    for node in graph.nodeIDs {
      let operands = graph.operands(of: node)
      let element = operands.first.map { graph.type(of: $0).element }
      if MapCatalogue.rule(graph.op(of: node), element) != nil { continue }
      for operand in operands { stored[operand.index] = true }
    }
    return stored
  }

  private static func step(
    _ graph: Graph, _ node: NodeID, _ steps: Steps, _ stored: [Bool]
  ) -> Step? {
    let operation = graph.op(of: node)
    guard operation == .add || operation == .subtract || operation == .multiply,
      graph.type(of: graph.result(of: node)).element == .float
    else { return nil }
    let operands = graph.operands(of: node)
    guard let first = operands.first, let last = operands.last else { return nil }
    var (own, row) = (first, last)
    if operation != .subtract, graph.op(of: first) == .broadcastInDim { swap(&own, &row) }
    guard let axis = ChannelRow(graph, row)?.axis, isRepeated(graph, row, axis) else { return nil }
    var count = 1
    if let before = steps[own], !stored[own.index], before.axis == axis,
      before.count < mostSteps
    {
      count += before.count
    }
    return Step(operation: operation, previous: own, vector: row, axis: axis, count: count)
  }

  /// Whether a value has more elements than along one axis.
  private static func isRepeated(_ graph: Graph, _ value: ValueID, _ axis: Int) -> Bool {
    let shape = graph.type(of: value).shape
    return shape.dims.indices.contains { $0 != axis && shape[$0] != 1 }
  }

  /// The product and the sum that a chain comes to.
  private static func folded(
    _ end: ValueID, _ steps: Steps, _ transfer: inout GraphTransfer
  ) -> ValueID {
    var chain: [Step] = []
    var value = end
    while let step = steps[value] {
      chain.append(step)
      value = step.previous
      if step.count == 1 { break }
    }
    let axis = chain[0].axis
    var scale: ValueID?
    var shift: ValueID?
    for step in chain.reversed() {
      let number = vector(step.vector, &transfer)
      switch step.operation {
      case .multiply:
        scale = scale.map { transfer.builder.multiply($0, number) } ?? number
        shift = shift.map { transfer.builder.multiply($0, number) }
      case .add: shift = shift.map { transfer.builder.add($0, number) } ?? number
      default:
        shift =
          shift.map { transfer.builder.subtract($0, number) } ?? transfer.builder.negate(number)
      }
    }
    let shape = transfer.source.type(of: end).shape
    var result = transfer[value]
    if let scale {
      let row = transfer.builder.broadcast(scale, to: shape, axes: [axis])
      result = transfer.builder.multiply(result, row)
    }
    if let shift {
      let row = transfer.builder.broadcast(shift, to: shape, axes: [axis])
      result = transfer.builder.add(result, row)
    }
    return result
  }

  /// The numbers that a broadcast repeats, as a list.
  private static func vector(_ row: ValueID, _ transfer: inout GraphTransfer) -> ValueID {
    let graph = transfer.source
    guard let own = graph.operands(of: graph.node(of: row)).first else {
      internalError("op broadcast_in_dim, node \(graph.node(of: row).index): no operand")
    }
    let dims = graph.type(of: own).shape.dims
    if dims.count == 1 { return transfer[own] }
    return transfer.builder.reshape(transfer[own], to: Shape(dims.filter { $0 != 1 }))
  }
}
