import NetcCore
import NetcGraph

extension Pass {
  /// Keeps what convolutions compute with channels innermost, from one to the next.
  package static let channelsLast = Pass(
    name: "channels-last",
    summary: """
      computes convolutions with channels as their last axis and keeps that order through \
      elementwise operations, sums, windows and changes of shape, with a transpose where it ends; \
      sums may change their order
      """,
    keeps: .rounding, isIdempotent: false
  ) { graph in
    PassMeter.add(graph.nodeCount)
    let ops = graph.nodeIDs.map { graph.op(of: $0) }
    guard ops.contains(.convolution), !ops.contains(.grad) else { return graph }
    var layouts = LayoutTransfer(graph)
    for node in graph.nodeIDs { layouts.visit(node) }
    return layouts.finish()
  }
}

/// Copies a graph whose values may be held with their axes in another order.
struct LayoutTransfer {
  /// A value of the new graph whose axis k is the axis `order[k]` of the value it stands for.
  struct Held {
    var value: ValueID
    var order: [Int]
  }

  let source: Graph
  var transfer: GraphTransfer
  private var held: [Held?]
  /// Copies in other orders that were made on demand.
  private var rearranged: [Key: ValueID] = [:]
  /// The places of greatest elements that are counted with channels innermost.
  private(set) var areMoved: [Bool]

  private struct Key: Hashable {
    let value: ValueID
    let order: [Int]
  }

  init(_ source: Graph) {
    self.source = source
    transfer = GraphTransfer(from: source)
    held = Array(repeating: nil, count: source.valueCount)
    areMoved = source.placesThatMayMove()
  }

  var builder: GraphBuilder {
    _read { yield transfer.builder }
    _modify { yield &transfer.builder }
  }

  /// Copies a node in the order its rule chooses, else with all axes in their own order.
  mutating func visit(_ node: NodeID) {
    builder.origin = source.origin(of: node)
    if source[node].hasOneResult, let made = rearranged(node) {
      hold(source.result(of: node), made)
      return
    }
    for operand in source.operands(of: node) { settle(operand) }
    transfer.copy(node)
  }

  /// The new graph with its results in their own order.
  mutating func finish() -> Graph {
    for result in source.results { settle(result.value) }
    return transfer.finish()
  }

  private mutating func rearranged(_ node: NodeID) -> Held? {
    switch source.op(of: node) {
    case .convolution: convolution(node)
    case .reduceSum, .reduceMax: reduction(node)
    case .reshape: reshape(node)
    case .transpose: transpose(node)
    case .concatenate: concatenate(node)
    case .pad: pad(node)
    case .windowSum, .windowArgmax: windows(node)
    case .gather: gather(node)
    case .scatterAdd: scatterAdd(node)
    case let op where op.operation.isHostable: elementwise(node)
    default: nil
    }
  }

  // MARK: What rules use

  func operands(_ node: NodeID) -> [ValueID] { Array(source.operands(of: node)) }

  func shape(_ value: ValueID) -> Shape { source.type(of: value).shape }

  /// How a value is held; nil when its axes are in their own order.
  func order(_ value: ValueID) -> Held? { held[value.index] }

  /// A value with its axes in an order.
  mutating func value(_ old: ValueID, in order: [Int]) -> ValueID {
    if let own = held[old.index], own.order == order { return own.value }
    let key = Key(value: old, order: order)
    if let known = rearranged[key] { return known }
    let made = fresh(old, in: order)
    rearranged[key] = made
    return made
  }

  /// Repeated and constant numbers are made in the order, others moved.
  private mutating func fresh(_ old: ValueID, in order: [Int]) -> ValueID {
    let node = source.node(of: old)
    let attributes = source.attributes(of: node)
    let target = Shape(order.map { shape(old)[$0] })
    switch source.op(of: node) {
    case .constant where attributes.numbers("values").count == 1:
      return builder.constant(
        attributes.numbers("values"), TensorType(source.type(of: old).element, target))
    case .broadcastInDim:
      let axes = attributes.ints("axes").map { axis in order.firstIndex(of: axis) ?? axis }
      let sorted = axes.indices.sorted { axes[$0] < axes[$1] }
      let from = value(operands(node)[0], in: sorted)
      return builder.broadcast(from, to: target, axes: sorted.map { axes[$0] })
    default:
      if let own = held[old.index] {
        return builder.transpose(own.value, order.map { own.order.firstIndex(of: $0) ?? $0 })
      }
      return builder.transpose(transfer[old], order)
    }
  }

  /// Makes sure that a value is there with its axes in their own order.
  private mutating func settle(_ old: ValueID) {
    guard transfer.copy(of: old) == nil, let own = held[old.index] else { return }
    transfer.replace(
      old,
      by: builder.transpose(own.value, own.order.indices.map { own.order.firstIndex(of: $0) ?? $0 })
    )
  }

  private mutating func hold(_ old: ValueID, _ new: Held) {
    if new.order == Array(new.order.indices) {
      transfer.replace(old, by: new.value)
      return
    }
    held[old.index] = new
    if let name = source.name(of: old), builder.graph.name(of: new.value) == nil {
      builder.graph.setName(name, of: new.value)
    }
  }
}

extension Graph {
  /// By `ValueID.index`: the results of `window_argmax` that are read only as indices into the axes
  /// they count.
  fileprivate func placesThatMayMove() -> [Bool] {
    var result = [Bool](repeating: false, count: valueCount)
    for node in nodeIDs where op(of: node) == .windowArgmax {
      result[self.result(of: node).index] = true
    }
    for node in nodeIDs {
      let all = Array(operands(of: node))
      for (place, operand) in all.enumerated() where result[operand.index] {
        let own = op(of: node)
        let batch = attributes(of: self.node(of: operand)).int("batch_dims")
        let isIndex = place == 1 && (own == .gather || own == .scatterAdd)
        let attributes = attributes(of: node)
        if !isIndex || attributes.int("axis") != batch || attributes.int("batch_dims") != batch
          || type(of: all[0]).shape.rank != batch + 1
        {
          result[operand.index] = false
        }
      }
    }
    for kept in results { result[kept.value.index] = false }
    return result
  }
}
