import NetcCore

/// Sums of products over paired axes: the product of matrices with any axes, and batches of it.
///
/// The result has the batch axes, then the left operand's free axes, then the right one's.
struct DotGeneral: Operation {
  let name = "dot_general"
  let summary =
    "sums of products over the contracting axes: [batch…, free axes of `lhs`…, of `rhs`…]"
  let operandNames = ["lhs", "rhs"]
  let attributeNames = ["lhs_batch", "rhs_batch", "lhs_contracting", "rhs_contracting"]
  let attributeDefaults: Attributes = ["lhs_batch": .ints([]), "rhs_batch": .ints([])]
  let stableHLO = "stablehlo.dot_general"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.sumOfProducts

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    try Elementwise.operandCount(operands, 2)
    for (index, type) in operands.enumerated() where type.element != .float {
      throw OperationTypeError("real numbers expected, found \(type)", operand: index)
    }
    let lhs = operands[0].shape
    let rhs = operands[1].shape
    try checkPairs("batch", lhs, rhs, attributes)
    try checkPairs("contracting", lhs, rhs, attributes)
    let axes = DotDimensions(attributes)
    try checkApart("lhs", axes.lhsBatch, axes.lhsContracting)
    try checkApart("rhs", axes.rhsBatch, axes.rhsContracting)
    let dims =
      axes.lhsBatch.map { lhs[$0] } + axes.lhsFree(rank: lhs.rank).map { lhs[$0] }
      + axes.rhsFree(rank: rhs.rank).map { rhs[$0] }
    return [TensorType(.float, try Shape(dims).checked())]
  }

  private func checkPairs(
    _ kind: String, _ lhs: Shape, _ rhs: Shape, _ attributes: Attributes
  ) throws(OperationTypeError) {
    let left = try attributes.checkedAxes("lhs_" + kind, rank: lhs.rank)
    let right = try attributes.checkedAxes("rhs_" + kind, rank: rhs.rank)
    guard left.count == right.count else {
      throw OperationTypeError(
        "`lhs_\(kind)` and `rhs_\(kind)` name \(left.count) and \(right.count) axes")
    }
    for (a, b) in zip(left, right) where lhs[a] != rhs[b] {
      throw OperationTypeError(
        "axis \(a) of \(lhs) and axis \(b) of \(rhs) are paired, but \(lhs[a]) is not \(rhs[b])",
        operand: 1)
    }
  }

  private func checkApart(
    _ side: String, _ batch: [Int], _ contracting: [Int]
  ) throws(OperationTypeError) {
    for axis in batch where contracting.contains(axis) {
      throw OperationTypeError("axis \(axis) is in `\(side)_batch` and in `\(side)_contracting`")
    }
  }

  /// d lhs = d times rhs over the free axes of rhs, d rhs = lhs times d over the free axes of lhs,
  /// axes put back.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    [
      call.wanted[0] ? lhsAdjoint(call, &b) : nil,
      call.wanted[1] ? rhsAdjoint(call, &b) : nil,
    ]
  }

  private func lhsAdjoint(_ call: PrimalCall, _ b: inout GraphBuilder) -> ValueID {
    let axes = DotDimensions(call.attributes)
    let lhsFree = axes.lhsFree(rank: b.shape(of: call.operands[0]).rank)
    let rhsFree = axes.rhsFree(rank: b.shape(of: call.operands[1]).rank)
    let batch = Array(axes.lhsBatch.indices)
    let first = batch.count + lhsFree.count
    let product = b.dot(
      call.d, call.operands[1],
      DotDimensions(
        lhsBatch: batch, rhsBatch: axes.rhsBatch,
        lhsContracting: Array(first..<first + rhsFree.count), rhsContracting: rhsFree))
    let summed = zip(axes.rhsContracting, axes.lhsContracting).sorted { $0.0 < $1.0 }.map(\.1)
    return b.transpose(product, inverse(axes.lhsBatch + lhsFree + summed))
  }

  private func rhsAdjoint(_ call: PrimalCall, _ b: inout GraphBuilder) -> ValueID {
    let axes = DotDimensions(call.attributes)
    let lhsFree = axes.lhsFree(rank: b.shape(of: call.operands[0]).rank)
    let rhsFree = axes.rhsFree(rank: b.shape(of: call.operands[1]).rank)
    let batch = Array(axes.lhsBatch.indices)
    let product = b.dot(
      call.operands[0], call.d,
      DotDimensions(
        lhsBatch: axes.lhsBatch, rhsBatch: batch, lhsContracting: lhsFree,
        rhsContracting: Array(batch.count..<batch.count + lhsFree.count)))
    let summed = zip(axes.lhsContracting, axes.rhsContracting).sorted { $0.0 < $1.0 }.map(\.1)
    return b.transpose(product, inverse(axes.rhsBatch + summed + rhsFree))
  }

  /// Where each axis of an operand lies in a result whose axis i is the operand's axis `order[i]`.
  private func inverse(_ order: [Int]) -> [Int] {
    var places = order
    for (place, axis) in order.enumerated() { places[axis] = place }
    return places
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let axes = DotDimensions(call.attributes)
    let (lhs, rhs) = (call.operands[0], call.operands[1])
    let lhsFree = axes.lhsFree(rank: lhs.shape.count)
    let rhsFree = axes.rhsFree(rank: rhs.shape.count)
    func count(_ chosen: [Int], _ shape: [Int]) -> Int { chosen.reduce(1) { $0 * shape[$1] } }
    let products = naiveProducts(
      ordered(lhs, axes.lhsBatch + lhsFree + axes.lhsContracting),
      ordered(rhs, axes.rhsBatch + axes.rhsContracting + rhsFree),
      batches: count(axes.lhsBatch, lhs.shape), rows: count(lhsFree, lhs.shape),
      depth: count(axes.lhsContracting, lhs.shape), columns: count(rhsFree, rhs.shape))
    return [ReferenceTensor(call.shape, .float(products))]
  }

  /// The numbers of a tensor with its axes in another order.
  private func ordered<S>(_ x: ReferenceTensor<S>, _ axes: [Int]) -> [S] {
    if axes == Array(axes.indices) { return x.floats }
    let own = Indexing.strides(x.shape)
    let shape = axes.map { x.shape[$0] }
    return x.picking(
      Indexing.offsets(shape, strides: axes.map { own[$0] }), shape: shape
    ).floats
  }

  var samples: [OperationSample] {
    let matrix = Tensor.sample([2, 3], [1, -2, 3, 4, -5, 6])
    let other = Tensor.sample([3, 2], [0.5, 1.5, -0.7, 0.2, 0.9, -1.1])
    let product = DotDimensions(lhsContracting: [1], rhsContracting: [0]).attributes
    return [
      OperationSample([matrix, other], product),
      OperationSample(
        [matrix, other], DotDimensions(lhsContracting: [0, 1], rhsContracting: [1, 0]).attributes),
      OperationSample(
        [
          .sample([2, 2, 3], (1...12).map { Double($0) - 5.5 }),
          .sample([3, 2], [1, 2, 3, -4, 5, 6]),
        ],
        DotDimensions(
          lhsBatch: [1], rhsBatch: [1], lhsContracting: [2], rhsContracting: [0]
        ).attributes),
      OperationSample(
        [matrix, .sample([3], [1, 2, -3])],
        DotDimensions(
          lhsBatch: [1], rhsBatch: [0], lhsContracting: [], rhsContracting: []
        ).attributes),
      OperationSample(
        [.sample([2], [1, -2]), .sample([], [3])],
        DotDimensions(lhsContracting: [], rhsContracting: []).attributes),
      OperationSample([.sample([2, 0], []), .sample([0, 3], [])], product),
    ]
  }
}

/// Each sum in order of depth, over `[batch, row, depth]` and `[batch, depth, column]`.
private func naiveProducts<S: ReferenceScalar>(
  _ lhs: [S], _ rhs: [S], batches: Int, rows: Int, depth: Int, columns: Int
) -> [S] {
  var result: [S] = []
  result.reserveCapacity(batches * rows * columns)
  for batch in 0..<batches {
    for row in 0..<rows {
      var sums = [S](repeating: 0, count: columns)
      for k in 0..<depth {
        let factor = lhs[(batch * rows + row) * depth + k]
        let start = (batch * depth + k) * columns
        for column in 0..<columns { sums[column] += factor * rhs[start + column] }
      }
      result += sums
    }
  }
  return result
}

extension OpID {
  /// `dot_general` in the catalogue.
  package static let dotGeneral = OpID("dot_general")
}

extension GraphBuilder {
  /// The sums of products over paired axes.
  package mutating func dot(_ x: ValueID, _ y: ValueID, _ axes: DotDimensions) -> ValueID {
    emit(.dotGeneral, [x, y], axes.attributes)
  }

  /// `x @ y`: the last axis of x with the last but one of y (its only one for a vector); what y has
  /// before that are batch axes, which x starts with too.
  package mutating func dot(_ x: ValueID, _ y: ValueID) -> ValueID {
    let rank = shape(of: y).rank
    let batch = Array(0..<max(0, rank - 2))
    return dot(
      x, y,
      DotDimensions(
        lhsBatch: batch, rhsBatch: batch, lhsContracting: [shape(of: x).rank - 1],
        rhsContracting: [max(0, rank - 2)]))
  }
}
