import NetcCore
import NetcGraph

extension Pass {
  /// Keeps apart the axes of images that a change of shape joins.
  package static let splitAxes = Pass(
    name: "axes-apart",
    summary: """
      computes elementwise operations and sums over the axes themselves where a change of shape \
      has joined them, so that nothing changes shape between convolutions; sums may change their \
      order
      """,
    keeps: .rounding, isIdempotent: false
  ) { graph in
    PassMeter.add(graph.nodeCount)
    let ops = graph.nodeIDs.map { graph.op(of: $0) }
    guard ops.contains(.convolution), !ops.contains(.grad) else { return graph }
    var axes = AxisTransfer(graph)
    for node in graph.nodeIDs { axes.visit(node) }
    return axes.finish()
  }
}

/// Copies a graph whose values may be held with some of their axes as several.
private struct AxisTransfer {
  /// A value of the new graph whose axes, in runs, are the axes of the value it stands for.
  struct Held {
    var value: ValueID
    /// The sizes of the axes that each axis stands for.
    var runs: [[Dim]]

    var isPlain: Bool { runs.allSatisfy { $0.count == 1 } }
  }

  private let source: Graph
  private var transfer: GraphTransfer
  private var held: [Held?]
  /// Copies in other runs that were made on demand.
  private var resized: [Key: ValueID] = [:]

  private struct Key: Hashable {
    let value: ValueID
    let runs: [[Dim]]
  }

  /// What programs and moves of elements may have.
  private static let mostAxes = 6

  init(_ source: Graph) {
    self.source = source
    transfer = GraphTransfer(from: source)
    held = Array(repeating: nil, count: source.valueCount)
  }

  private var builder: GraphBuilder {
    _read { yield transfer.builder }
    _modify { yield &transfer.builder }
  }

  /// Copies a node over the axes of its operands where its rule can, else with axes joined.
  mutating func visit(_ node: NodeID) {
    builder.origin = source.origin(of: node)
    if source[node].hasOneResult, let made = split(node) {
      hold(source.result(of: node), made)
      return
    }
    for operand in source.operands(of: node) { settle(operand) }
    transfer.copy(node)
  }

  /// The new graph with its results in their own shapes.
  mutating func finish() -> Graph {
    for result in source.results { settle(result.value) }
    return transfer.finish()
  }

  private mutating func split(_ node: NodeID) -> Held? {
    switch source.op(of: node) {
    case .reshape: reshape(node)
    case .transpose: transpose(node)
    case .reduceSum, .reduceMax: reduction(node)
    case let op where op.operation.isHostable: elementwise(node)
    default: nil
    }
  }

  private func operands(_ node: NodeID) -> [ValueID] { Array(source.operands(of: node)) }

  private func shape(_ value: ValueID) -> Shape { source.type(of: value).shape }

  // MARK: Rules

  /// A change of shape that only joins axes, or parts those that are held apart, moves nothing.
  private mutating func reshape(_ node: NodeID) -> Held? {
    let operand = operands(node)[0]
    let from = held[operand.index]?.value ?? transfer[operand]
    let result = source.result(of: node)
    guard let runs = runs(of: builder.shape(of: from).dims, joining: shape(result).dims) else {
      guard held[operand.index] != nil else { return nil }
      let made = builder.reshape(from, to: shape(result))
      return Held(value: made, runs: shape(result).dims.map { [$0] })
    }
    return Held(value: from, runs: runs)
  }

  /// Neighbouring axes whose sizes multiply to each of some sizes.
  private func runs(of dims: [Dim], joining wanted: [Dim]) -> [[Dim]]? {
    guard dims.count <= Self.mostAxes else { return nil }
    var rest = dims[...]
    var runs: [[Dim]] = []
    for size in wanted {
      guard var product = rest.first else { return nil }
      var run = [rest.removeFirst()]
      while product != size {
        guard let next = rest.popFirst() else { return nil }
        product = product * next
        run.append(next)
      }
      runs.append(run)
    }
    return rest.isEmpty ? runs : nil
  }

  private mutating func transpose(_ node: NodeID) -> Held? {
    guard let own = held[operands(node)[0].index] else { return nil }
    let permutation = source.attributes(of: node).ints("permutation")
    let places = places(own.runs)
    let made = builder.transpose(own.value, permutation.flatMap { places[$0] })
    return Held(value: made, runs: permutation.map { own.runs[$0] })
  }

  private mutating func reduction(_ node: NodeID) -> Held? {
    guard let own = held[operands(node)[0].index] else { return nil }
    let axes = source.attributes(of: node).ints("axes")
    let places = places(own.runs)
    let made = builder.emit(
      source.op(of: node), [own.value], ["axes": .ints(axes.flatMap { places[$0] })])
    let left = own.runs.indices.filter { !axes.contains($0) }
    return Held(value: made, runs: left.map { own.runs[$0] })
  }

  /// Over the axes of the first operand that has more than its own.
  private mutating func elementwise(_ node: NodeID) -> Held? {
    let all = operands(node)
    guard let first = all.first(where: { held[$0.index] != nil }),
      let runs = held[first.index]?.runs
    else { return nil }
    var made: [ValueID] = []
    for operand in all { made.append(value(operand, in: runs)) }
    return Held(
      value: builder.emit(source.op(of: node), made, source.attributes(of: node)), runs: runs)
  }

  /// The axes that each run counts.
  private func places(_ runs: [[Dim]]) -> [[Int]] {
    var next = 0
    return runs.map { run in
      defer { next += run.count }
      return Array(next..<next + run.count)
    }
  }

  // MARK: Values

  /// A value with its axes in runs.
  private mutating func value(_ old: ValueID, in runs: [[Dim]]) -> ValueID {
    if let own = held[old.index], own.runs == runs { return own.value }
    let key = Key(value: old, runs: runs)
    if let known = resized[key] { return known }
    let made = fresh(old, in: runs)
    resized[key] = made
    return made
  }

  /// Repeated and constant numbers are made over the axes, others change shape.
  private mutating func fresh(_ old: ValueID, in runs: [[Dim]]) -> ValueID {
    let node = source.node(of: old)
    let target = Shape(runs.flatMap { $0 })
    switch source.op(of: node) {
    case .constant where source.attributes(of: node).numbers("values").count == 1:
      return builder.constant(
        source.attributes(of: node).numbers("values"),
        TensorType(source.type(of: old).element, target))
    case .broadcastInDim:
      return repeated(node, in: runs, target)
    default:
      return builder.reshape(held[old.index]?.value ?? transfer[old], to: target)
    }
  }

  private mutating func repeated(_ node: NodeID, in runs: [[Dim]], _ target: Shape) -> ValueID {
    let operand = operands(node)[0]
    let places = places(runs)
    var own: [[Dim]] = []
    var axes: [Int] = []
    for (axis, place) in source.attributes(of: node).ints("axes").enumerated() {
      let isRepeated = shape(operand)[axis] != runs[place].reduce(Dim(1), { $0 * $1 })
      own.append(isRepeated ? [Dim(1)] : runs[place])
      axes += isRepeated ? [places[place][0]] : places[place]
    }
    return builder.broadcast(value(operand, in: own), to: target, axes: axes)
  }

  /// Makes sure that a value is there in its own shape.
  private mutating func settle(_ old: ValueID) {
    guard transfer.copy(of: old) == nil, let own = held[old.index] else { return }
    transfer.replace(old, by: builder.reshape(own.value, to: shape(old)))
  }

  private mutating func hold(_ old: ValueID, _ new: Held) {
    if new.isPlain {
      transfer.replace(old, by: new.value)
      return
    }
    held[old.index] = new
    if let name = source.name(of: old), builder.graph.name(of: new.value) == nil {
      builder.graph.setName(name, of: new.value)
    }
  }
}
