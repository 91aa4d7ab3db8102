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
    guard graph.operations.contains(.convolution), !graph.operations.contains(.grad) else {
      return nil
    }
    PassMeter.add(graph.nodeCount)
    var axes = AxisTransfer(graph)
    return axes.run()
  }
}

/// Copies a graph whose values may be held with some of their axes as several: a form is the sizes
/// of the axes that each axis stands for, in runs.
private struct AxisTransfer: FormTransfer {
  typealias Held = HeldValue<[[Dim]]>

  let source: Graph
  var transfer: GraphTransfer
  var forms: HeldValues<[[Dim]]>

  /// What programs and moves of elements may have.
  private static let mostAxes = 6

  init(_ source: Graph) {
    self.source = source
    transfer = GraphTransfer(from: source)
    forms = HeldValues(count: source.valueCount)
  }

  mutating func chosen(_ node: NodeID) -> Held? {
    switch source.op(of: node) {
    case .reshape: reshape(node)
    case .transpose: transpose(node)
    case .reduceSum, .reduceMax: reduction(node)
    case let op where op.operation.isHostable: elementwise(node)
    default: nil
    }
  }

  func isOwn(_ runs: [[Dim]]) -> Bool { runs.allSatisfy { $0.count == 1 } }

  /// A change of shape that only joins axes, or parts those that are held apart, moves nothing.
  private mutating func reshape(_ node: NodeID) -> Held? {
    let operand = operands(node)[0]
    let from = held(operand)?.value ?? transfer[operand]
    let result = source.result(of: node)
    guard let runs = runs(of: builder.shape(of: from).dims, joining: shape(result).dims) else {
      guard held(operand) != nil else { return nil }
      let made = builder.reshape(from, to: shape(result))
      return Held(value: made, form: shape(result).dims.map { [$0] })
    }
    return Held(value: from, form: runs)
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
    guard let own = held(operands(node)[0]) else { return nil }
    let permutation = source.attributes(of: node).ints("permutation")
    let places = places(own.form)
    let made = builder.transpose(own.value, permutation.flatMap { places[$0] })
    return Held(value: made, form: permutation.map { own.form[$0] })
  }

  private mutating func reduction(_ node: NodeID) -> Held? {
    guard let own = held(operands(node)[0]) else { return nil }
    let axes = source.attributes(of: node).ints("axes")
    let places = places(own.form)
    let made = builder.emit(
      source.op(of: node), [own.value], ["axes": .ints(axes.flatMap { places[$0] })])
    let left = own.form.indices.filter { !axes.contains($0) }
    return Held(value: made, form: left.map { own.form[$0] })
  }

  /// Over the axes of the first operand that has more than its own.
  private mutating func elementwise(_ node: NodeID) -> Held? {
    let all = operands(node)
    guard let first = all.first(where: { held($0) != nil }),
      let runs = held(first)?.form
    else { return nil }
    var made: [ValueID] = []
    for operand in all { made.append(value(operand, in: runs)) }
    return Held(
      value: builder.emit(source.op(of: node), made, source.attributes(of: node)), form: runs)
  }

  /// The axes that each run counts.
  private func places(_ runs: [[Dim]]) -> [[Int]] {
    var next = 0
    return runs.map { run in
      defer { next += run.count }
      return Array(next..<next + run.count)
    }
  }

  /// Repeated and constant numbers are made over the axes, others change shape.
  mutating func fresh(_ old: ValueID, in runs: [[Dim]]) -> ValueID {
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
      return builder.reshape(held(old)?.value ?? transfer[old], to: target)
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

  mutating func restored(_ held: Held, as old: ValueID) -> ValueID {
    builder.reshape(held.value, to: shape(old))
  }
}
