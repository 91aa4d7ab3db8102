package import NetcCore

/// The operand repeated along new axes and along axes of size 1.
///
/// Axis `i` of the operand becomes axis `axes[i]` of the result; the axes increase.
struct BroadcastInDim: Operation {
  let name = "broadcast_in_dim"
  let netName = "broadcast"
  let summary =
    "`x` repeated to `shape`: its axis i becomes axis axes[i], one of size 1 is repeated too"
  let operandNames = ["x"]
  let attributeNames = ["shape", "axes"]
  let stableHLO = "stablehlo.broadcast_in_dim"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.elements

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 1)
    let source = operands[0].shape
    let shape = try attributes.checkedShape()
    let axes = try attributes.checkedSortedAxes(rank: shape.rank)
    guard axes.count == source.rank else {
      throw OperationTypeError(
        "`axes` names \(axes.count) axes, but \(source) has rank \(source.rank)")
    }
    for (axis, target) in axes.enumerated()
    where source[axis] != shape[target] && source[axis] != Dim(1) {
      throw OperationTypeError(
        "axis \(axis) of \(source) does not repeat to axis \(target) of \(shape)")
    }
    return [TensorType(operands[0].element, shape)]
  }

  /// dx = the sum of d over the axes that were repeated, in the shape of x.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [b.unbroadcast(call.d, to: b.shape(of: call.x), axes: call.attributes.ints("axes"))]
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let x = call.operands[0]
    let own = Indexing.strides(x.shape)
    var strides = [Int](repeating: 0, count: call.shape.count)
    for (axis, target) in call.attributes.ints("axes").enumerated() where x.shape[axis] != 1 {
      strides[target] = own[axis]
    }
    return [x.picking(Indexing.offsets(call.shape, strides: strides), shape: call.shape)]
  }

  var samples: [OperationSample] {
    [
      OperationSample(
        [.sample([3], [1, -2, 3])], ["shape": .dims([2, 3]), "axes": .ints([1])]),
      OperationSample(
        [.sample([2, 1], [1, -2])], ["shape": .dims([2, 4, 3]), "axes": .ints([0, 2])]),
      OperationSample([.sample([], [0.5])], ["shape": .dims([2, 2]), "axes": .ints([])]),
      OperationSample(
        [.sample([2], ints: [3, 4])], ["shape": .dims([2, 3]), "axes": .ints([0])]),
      OperationSample([.sample([1], [3])], ["shape": .dims([0]), "axes": .ints([0])]),
    ]
  }
}

extension OpID {
  /// `broadcast_in_dim` in the catalogue.
  package static let broadcastInDim = OpID("broadcast_in_dim")
}

extension GraphBuilder {
  /// x repeated to a shape, its axis i as axis `axes[i]`; x itself when it has the shape already.
  package mutating func broadcast(_ x: ValueID, to shape: Shape, axes: [Int]) -> ValueID {
    if self.shape(of: x) == shape { return x }
    return emit(.broadcastInDim, [x], ["axes": .ints(axes), "shape": .dims(shape.dims)])
  }

  /// A scalar in every element of a shape; the scalar itself for a scalar shape.
  package mutating func broadcastScalar(_ x: ValueID, to shape: Shape) -> ValueID {
    broadcast(x, to: shape, axes: [])
  }

  /// x repeated to a shape by the rule of the language: axes are matched from the last one.
  package mutating func broadcastTrailing(_ x: ValueID, to shape: Shape) -> ValueID {
    let rank = self.shape(of: x).rank
    return broadcast(x, to: shape, axes: Array(shape.rank - rank..<shape.rank))
  }

  /// The adjoint of `broadcast`: the sum of d over the axes that were repeated, in `shape`.
  package mutating func unbroadcast(_ d: ValueID, to shape: Shape, axes: [Int]) -> ValueID {
    let wide = self.shape(of: d)
    let repeated = (0..<wide.rank).filter { axis in
      guard let own = axes.firstIndex(of: axis) else { return true }
      return shape[own] != wide[axis]
    }
    return reshape(reduceSum(d, axes: repeated), to: shape)
  }

  /// The adjoint of `broadcastTrailing`: the sum of d over the axes that were repeated, in `shape`.
  package mutating func unbroadcast(_ d: ValueID, to shape: Shape) -> ValueID {
    let rank = self.shape(of: d).rank
    return unbroadcast(d, to: shape, axes: Array(rank - shape.rank..<rank))
  }
}
