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
    guard graph.operations.contains(.convolution), !graph.operations.contains(.grad) else {
      return nil
    }
    PassMeter.add(graph.nodeCount)
    var layouts = LayoutTransfer(graph)
    return layouts.run()
  }
}

/// Copies a graph whose values may be held with their axes in another order: axis k of what is held
/// is the axis `form[k]` of the value it stands for.
struct LayoutTransfer: FormTransfer {
  typealias Held = HeldValue<[Int]>

  let source: Graph
  var transfer: GraphTransfer
  var forms: HeldValues<[Int]>
  /// The places of greatest elements that are counted with channels innermost.
  private(set) var areMoved: [Bool]

  init(_ source: Graph) {
    self.source = source
    transfer = GraphTransfer(from: source)
    forms = HeldValues(count: source.valueCount)
    areMoved = source.placesThatMayMove()
  }

  mutating func chosen(_ node: NodeID) -> Held? {
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

  func isOwn(_ order: [Int]) -> Bool { order == Array(order.indices) }

  /// Repeated and constant numbers are made in the order, others moved.
  mutating func fresh(_ old: ValueID, in order: [Int]) -> ValueID {
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
      if let own = held(old) {
        return builder.transpose(own.value, order.map { own.form.firstIndex(of: $0) ?? $0 })
      }
      return builder.transpose(transfer[old], order)
    }
  }

  mutating func restored(_ held: Held, as old: ValueID) -> ValueID {
    let order = held.form
    return builder.transpose(held.value, order.indices.map { order.firstIndex(of: $0) ?? $0 })
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
