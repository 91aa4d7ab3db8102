import NetcCore
import NetcGraph

/// Sums over all turns of values of a loop's body, computed outside from stacks: the products and
/// reductions of a turn become one with the turns among the axes summed over.
struct LoopSums {
  private let loop: Loop
  private let kinds: LoopKinds
  /// How deep a term may be nested.
  private static let deepest = 64

  init(_ loop: Loop, _ kinds: LoopKinds) {
    self.loop = loop
    self.kinds = kinds
  }

  private var graph: Graph { loop.graph }

  /// The values whose stacks the sum of `value` takes; nil when it has no form outside.
  func stacks(for value: ValueID) -> [ValueID]? {
    var needed: [ValueID] = []
    return collect(value, &needed, depth: 0) ? needed : nil
  }

  private func collect(_ value: ValueID, _ needed: inout [ValueID], depth: Int) -> Bool {
    if depth > Self.deepest { return false }
    if kinds[value] == .fixed { return true }
    let node = graph.node(of: value)
    let operands = graph.operands(of: node)
    switch graph.op(of: node) {
    case .argument: return isRow(value)
    case .dotGeneral, .reduceSum: return stackAll(operands, &needed)
    case .scatterAdd:
      guard let base = operands.first, isZero(base) else { return false }
      return stackAll(operands.dropFirst(), &needed)
    case .pad where graph.attributes(of: node).number("value") != 0: return false
    case .transpose, .reshape, .negate, .slice, .pad, .reverse, .broadcastInDim, .add, .subtract,
      .concatenate, .identity:
      return operands.allSatisfy { collect($0, &needed, depth: depth + 1) }
    case .multiply:
      guard let (_, other) = factor(node) else { return false }
      return collect(other, &needed, depth: depth + 1)
    case .divide:
      guard let top = operands.first, let bottom = operands.last, kinds[bottom] == .fixed else {
        return false
      }
      return collect(top, &needed, depth: depth + 1)
    default: return false
    }
  }

  private func isRow(_ value: ValueID) -> Bool {
    loop.sequences.contains { $0.argument == value }
  }

  private func stackAll(_ operands: some Sequence<ValueID>, _ needed: inout [ValueID]) -> Bool {
    for operand in operands where kinds[operand] != .fixed {
      guard loop.canStack(operand) else { return false }
      needed.append(operand)
    }
    return true
  }

  private func isZero(_ value: ValueID) -> Bool {
    guard graph.op(of: value) == .constant else { return false }
    return graph.attributes(of: graph.node(of: value)).numbers("values").allSatisfy { $0 == 0 }
  }

  /// The fixed operand of a product and the other one.
  private func factor(_ node: NodeID) -> (fixed: ValueID, other: ValueID)? {
    let operands = Array(graph.operands(of: node))
    if kinds[operands[1]] == .fixed { return (operands[1], operands[0]) }
    return kinds[operands[0]] == .fixed ? (operands[0], operands[1]) : nil
  }

  /// The sum of `value` over all turns.
  func sum(_ value: ValueID, _ lift: inout LoopLift) -> ValueID {
    if kinds[value] == .fixed {
      let one = lift.one(value)
      let count = lift.builder.realDimension(loop.length)
      let shape = lift.builder.shape(of: one)
      return lift.builder.multiply(one, lift.builder.broadcastScalar(count, to: shape))
    }
    let node = graph.node(of: value)
    let operands = Array(graph.operands(of: node))
    let attributes = graph.attributes(of: node)
    switch graph.op(of: node) {
    case .argument: return lift.sumOfRows(value)
    case .dotGeneral: return product(operands, DotDimensions(attributes), &lift)
    case .reduceSum:
      let rows = lift.all(operands[0])
      return lift.builder.reduceSum(rows, axes: [0] + attributes.ints("axes").map { $0 + 1 })
    case .scatterAdd: return scattered(value, operands, attributes, &lift)
    case .multiply, .divide:
      return scaled(node, operands, &lift)
    default:
      var sums: [ValueID] = []
      for operand in operands { sums.append(sum(operand, &lift)) }
      return lift.builder.emit(graph.op(of: node), sums, attributes)
    }
  }

  private func scaled(
    _ node: NodeID, _ operands: [ValueID], _ lift: inout LoopLift
  ) -> ValueID {
    if graph.op(of: node) == .divide {
      let top = sum(operands[0], &lift)
      return lift.builder.divide(top, lift.one(operands[1]))
    }
    guard let (fixed, other) = factor(node) else {
      internalError("loop sum: a product of values that both change, node \(node.index)")
    }
    let sum = sum(other, &lift)
    return lift.builder.multiply(sum, lift.one(fixed))
  }

  /// The turns join the axes summed over; what stays the same is multiplied with the other's sum.
  private func product(
    _ operands: [ValueID], _ axes: DotDimensions, _ lift: inout LoopLift
  ) -> ValueID {
    if operands.contains(where: { kinds[$0] == .fixed }) {
      var sums: [ValueID] = []
      for operand in operands {
        sums.append(kinds[operand] == .fixed ? lift.one(operand) : lift.sumOfRows(operand))
      }
      return lift.builder.dot(sums[0], sums[1], axes)
    }
    let (x, y) = (lift.all(operands[0]), lift.all(operands[1]))
    func moved(_ axes: [Int]) -> [Int] { axes.map { $0 + 1 } }
    return lift.builder.dot(
      x, y,
      DotDimensions(
        lhsBatch: moved(axes.lhsBatch), rhsBatch: moved(axes.rhsBatch),
        lhsContracting: [0] + moved(axes.lhsContracting),
        rhsContracting: [0] + moved(axes.rhsContracting)))
  }

  /// Rows `[t, b…, i…]` are added at once as `[b…, t, i…]`.
  private func scattered(
    _ value: ValueID, _ operands: [ValueID], _ attributes: Attributes, _ lift: inout LoopLift
  ) -> ValueID {
    let (axis, batch) = (attributes.int("axis"), attributes.int("batch_dims"))
    func inserted(_ value: ValueID, at place: Int) -> ValueID {
      let rank = lift.builder.shape(of: value).rank
      let order = Array(1..<1 + place) + [0] + Array(1 + place..<rank)
      return lift.builder.transpose(value, order)
    }
    let indices = inserted(lift.all(operands[1]), at: batch)
    let updates = inserted(lift.all(operands[2]), at: axis)
    let zeros = lift.builder.constant(
      0, graph.type(of: value).shape, element: graph.type(of: value).element)
    return lift.builder.scatterAdd(zeros, indices, updates, axis: axis, batchDims: batch)
  }
}

extension LoopLift {
  /// The sum of a value over all turns.
  mutating func sumOfRows(_ argument: ValueID) -> ValueID {
    let rows = all(argument)
    return builder.reduceSum(rows, axes: [0])
  }
}
