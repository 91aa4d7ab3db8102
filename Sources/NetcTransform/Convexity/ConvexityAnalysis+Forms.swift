import NetcCore
import NetcGraph

/// Forms of several operations that are known as a whole.
extension ConvexityAnalysis {
  /// What is known of a node as the last of such a form; nil when it is none.
  mutating func special(_ step: ConvexityStep) -> ValueCurvature? {
    let operands = Array(step.graph.operands(of: step.node))
    switch step.op {
    case .add:
      return restored(step, operands[0], operands[1]) ?? restored(step, operands[1], operands[0])
    case .subtract: return logarithmOfSoftmax(step, operands[0], operands[1])
    case .divide: return softmax(step, operands[0], operands[1])
    case .dotGeneral: return squares(step, operands[0], operands[1])
    case .gather: return greatestOfWindows(step, operands[0], operands[1])
    default: return nil
    }
  }

  /// t + log Σ exp(x - t) = log Σ exp x, whatever t is.
  private mutating func restored(
    _ step: ConvexityStep, _ t: ValueID, _ value: ValueID
  ) -> ValueCurvature? {
    let graph = step.graph
    guard let sum = graph.logSumExp(value), let shifted = graph.pair(sum.terms, .subtract),
      let x = step.known[shifted.0.index], isReadAlong(graph, value, sum),
      graph.isSpread(shifted.1, of: t, over: sum.axes)
    else { return nil }
    return fresh(Curvature.convex.of(x.curvature, .increasing), .unknown)
  }

  /// z - log Σ exp z, the same whether z is x or x - t.
  private mutating func logarithmOfSoftmax(
    _ step: ConvexityStep, _ z: ValueID, _ value: ValueID
  ) -> ValueCurvature? {
    let graph = step.graph
    guard let sum = graph.logSumExp(value), sum.terms == z,
      graph.isSpread(value, of: sum.result, over: sum.axes)
    else { return nil }
    let x = unshifted(step, z, sum.axes)
    return fresh(x.joined(Curvature.convex.of(x, .increasing).negated), .nonpositive)
  }

  /// exp z / Σ exp z, whose logarithm is known.
  private mutating func softmax(
    _ step: ConvexityStep, _ e: ValueID, _ value: ValueID
  ) -> ValueCurvature? {
    let graph = step.graph
    let source = graph.spreadSource(value).root
    guard graph.op(of: e) == .exponential, graph.op(of: source) == .reduceSum,
      graph.operands(of: graph.node(of: source)).first == e,
      let z = graph.operands(of: graph.node(of: e)).first
    else { return nil }
    let axes = graph.attributes(of: graph.node(of: source)).ints("axes")
    guard graph.isSpread(value, of: source, over: axes) else { return nil }
    let x = unshifted(step, z, axes)
    var result = fresh(x == .constant ? .constant : .unknown, .nonnegative)
    result.logarithm = x.joined(Curvature.convex.of(x, .increasing).negated)
    return result
  }

  /// How z bends, or the x of z = x - t where t is the same along the axes.
  private func unshifted(_ step: ConvexityStep, _ z: ValueID, _ axes: [Int]) -> Curvature {
    let own = step.known[z.index]?.curvature ?? .unknown
    guard let parts = step.graph.pair(z, .subtract),
      step.graph.spreadSource(parts.1).isConstant(along: axes)
    else { return own }
    return step.known[parts.0.index]?.curvature ?? .unknown
  }

  /// Whether a value is the logarithm itself, with axes of size 1 at most put back.
  private func isReadAlong(_ graph: Graph, _ value: ValueID, _ sum: Graph.LogSumExp) -> Bool {
    let dims = graph.type(of: sum.result).shape.dims
    let source = graph.spreadSource(value)
    return source.root == sum.result
      && source.shown == dims.indices.filter { dims[$0] != Dim(1) }.map { Optional($0) }
  }

  /// The elements at the places of the greatest of each window: pooling.
  private mutating func greatestOfWindows(
    _ step: ConvexityStep, _ table: ValueID, _ places: ValueID
  ) -> ValueCurvature? {
    let graph = step.graph
    guard graph.op(of: places) == .windowArgmax,
      let x = graph.operands(of: graph.node(of: places)).first, let value = step.known[x.index]
    else { return nil }
    let batch = graph.attributes(of: step.node).int("batch_dims")
    let isFlat =
      table == x
      || (graph.op(of: table) == .reshape && graph.operands(of: graph.node(of: table)).first == x)
    guard isFlat, graph.attributes(of: step.node).int("axis") == batch,
      graph.attributes(of: graph.node(of: places)).int("batch_dims") == batch,
      graph.type(of: table).shape.rank == batch + 1,
      graph.type(of: table).shape.dims.prefix(batch) == graph.type(of: x).shape.dims.prefix(batch)
    else { return nil }
    // A window of padding alone reads 0, which is convex too.
    return joined([greatest([value]), fresh(.constant, [])])
  }

  /// A product of a value with itself, each element with itself: a sum of squares.
  private mutating func squares(
    _ step: ConvexityStep, _ a: ValueID, _ b: ValueID
  ) -> ValueCurvature? {
    let dimensions = DotDimensions(step.graph.attributes(of: step.node))
    guard a == b, let value = step.known[a.index], value.curvature != .constant,
      dimensions.lhsBatch == dimensions.rhsBatch,
      dimensions.lhsContracting == dimensions.rhsContracting,
      dimensions.lhsFree(rank: step.graph.type(of: a).shape.rank).isEmpty
    else { return nil }
    var result = square(value)
    result.logarithm = .unknown
    if result.root.isConvex { result.root = .convex }
    let sum = fresh(result.root.isConvex ? .convex : .unknown, .nonnegative)
    result.form = sum.form
    result.curvature = sum.curvature
    return result
  }
}

extension Graph {
  /// log Σ exp over axes.
  struct LogSumExp {
    let result: ValueID
    let terms: ValueID
    let axes: [Int]
  }

  /// A value that is log Σ exp of something, or that repeated along other axes.
  func logSumExp(_ value: ValueID) -> LogSumExp? {
    let source = spreadSource(value).root
    guard op(of: source) == .log, let inner = operands(of: node(of: source)).first else {
      return nil
    }
    // Axes that were summed may be put back before the logarithm.
    let sum = spreadSource(inner)
    guard op(of: sum.root) == .reduceSum, let e = operands(of: node(of: sum.root)).first,
      op(of: e) == .exponential, let terms = operands(of: node(of: e)).first
    else { return nil }
    let dims = type(of: sum.root).shape.dims
    guard sum.shown == dims.indices.filter({ dims[$0] != Dim(1) }).map({ Optional($0) }),
      type(of: inner).shape.dims.filter({ $0 != Dim(1) }) == dims.filter({ $0 != Dim(1) })
    else { return nil }
    return LogSumExp(
      result: source, terms: terms, axes: attributes(of: node(of: sum.root)).ints("axes"))
  }

  /// Both operands of a value that is that operation.
  func pair(_ value: ValueID, _ op: OpID) -> (ValueID, ValueID)? {
    guard self.op(of: value) == op else { return nil }
    let operands = Array(operands(of: node(of: value)))
    return operands.count == 2 ? (operands[0], operands[1]) : nil
  }

  /// Where the elements of a value come from, when axes are only repeated, or are of size 1.
  struct SpreadSource: Hashable {
    var root: ValueID
    /// For each axis of the value: the axis of the root it runs along; nil where it is repeated.
    var axes: [Int?]
    /// Which axes of the value are not of size 1.
    var isShown: [Bool]

    /// `axes`, without axes of size 1.
    var shown: [Int?] { zip(axes, isShown).filter(\.1).map(\.0) }

    /// Whether the value is the same along some of its axes.
    func isConstant(along axes: [Int]) -> Bool {
      axes.allSatisfy { !isShown[$0] || self.axes[$0] == nil }
    }
  }

  /// Follows broadcasts, and reshapes that put axes of size 1 in or take them out.
  /// - Complexity: O(length of that chain).
  func spreadSource(_ value: ValueID) -> SpreadSource {
    let dims = type(of: value).shape.dims
    var source = SpreadSource(
      root: value, axes: dims.indices.map { Optional($0) }, isShown: dims.map { $0 != Dim(1) })
    while let next = operands(of: node(of: source.root)).first {
      let outer = type(of: source.root).shape.dims
      let inner = type(of: next).shape.dims
      var places = [Int?](repeating: nil, count: outer.count)
      switch op(of: source.root) {
      case .broadcastInDim:
        for (place, axis) in attributes(of: node(of: source.root)).ints("axes").enumerated()
        where inner[place] == outer[axis] { places[axis] = place }
      case .reshape where outer.filter({ $0 != Dim(1) }) == inner.filter({ $0 != Dim(1) }):
        let kept = inner.indices.filter { inner[$0] != Dim(1) }
        for (place, axis) in zip(kept, outer.indices.filter { outer[$0] != Dim(1) }) {
          places[axis] = place
        }
      default: return source
      }
      source.axes = source.axes.map { $0.flatMap { places[$0] } }
      source.root = next
    }
    return source
  }

  /// Whether `wide` is `narrow`, which lacks some axes or has them with size 1, repeated along
  /// them.
  func isSpread(_ wide: ValueID, of narrow: ValueID, over axes: [Int]) -> Bool {
    let a = spreadSource(wide)
    let b = spreadSource(narrow)
    guard a.root == b.root, a.isConstant(along: axes) else { return false }
    let rest = a.axes.indices.filter { a.isShown[$0] && !axes.contains($0) }.map { a.axes[$0] }
    return rest == b.shown
  }
}
