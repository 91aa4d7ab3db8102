package import NetcCore

/// Windows over all axes of a tensor but the first `batchDims`, by axis.
package struct WindowDimensions: Hashable, Sendable {
  /// How many axes go along unchanged.
  package var batchDims: Int
  /// How many elements a window holds.
  package var window: [Int]
  /// How far it moves.
  package var stride: [Int]
  /// Padding before the elements; cuts them off when negative.
  package var low: [Dim]
  /// Padding after the elements; cuts them off when negative.
  package var high: [Dim]
  /// The distance between the elements of a window.
  package var dilation: [Int]

  /// Windows of these parts; they move by one element, without padding and dilation, unless given.
  package init(
    batchDims: Int, window: [Int], stride: [Int]? = nil, low: [Dim]? = nil, high: [Dim]? = nil,
    dilation: [Int]? = nil
  ) {
    self.batchDims = batchDims
    self.window = window
    self.stride = stride ?? window.map { _ in 1 }
    self.low = low ?? window.map { _ in 0 }
    self.high = high ?? window.map { _ in 0 }
    self.dilation = dilation ?? window.map { _ in 1 }
  }

  /// The attributes of a `window_sum` or `window_argmax`.
  package init(_ attributes: Attributes) {
    batchDims = attributes.int("batch_dims")
    window = attributes.ints("window")
    stride = attributes.ints("stride")
    low = attributes.dims("low")
    high = attributes.dims("high")
    dilation = attributes.ints("dilation")
  }

  /// As attributes of a `window_sum` or `window_argmax`.
  package var attributes: Attributes {
    [
      "batch_dims": .int(batchDims), "window": .ints(window), "stride": .ints(stride),
      "low": .dims(low), "high": .dims(high), "dilation": .ints(dilation),
    ]
  }

  /// The names of the attributes, in the order they are printed.
  static let names = ["batch_dims", "window", "stride", "low", "high", "dilation"]

  /// Attributes that come from a user or a file, for a tensor of a rank.
  init(checking attributes: Attributes, rank: Int) throws(OperationTypeError) {
    batchDims = try attributes.checkedInt("batch_dims")
    guard batchDims >= 0, batchDims < rank, rank - batchDims <= 4 else {
      throw OperationTypeError(
        "`batch_dims` is \(batchDims): windows slide over 1 to 4 of the \(rank) axes")
    }
    let count = rank - batchDims
    window = try attributes.checkedInts("window", count: count, least: 1)
    stride = try attributes.checkedInts("stride", count: count, least: 1)
    low = try attributes.checkedDims("low", count: count)
    high = try attributes.checkedDims("high", count: count)
    dilation = try attributes.checkedInts("dilation", count: count, least: 1)
  }

  /// The shape of one number for each window over a tensor.
  func resultShape(_ shape: Shape) throws(OperationTypeError) -> Shape {
    var dims = Array(shape.dims[..<batchDims])
    for (place, window) in windows(shape).enumerated() {
      dims.append(try window.places(axis: batchDims + place))
    }
    return try Shape(dims).checked()
  }

  /// The windows over a tensor's axes.
  package func windows(_ shape: Shape) -> [SlidingWindow<Dim>] {
    window.indices.map { place in
      SlidingWindow(
        size: shape[batchDims + place], low: low[place], high: high[place],
        window: Dim(window[place]), dilation: dilation[place], stride: stride[place])
    }
  }

  /// For each window over one entry of the batch the offsets of its elements, -1 for padding.
  func offsets(_ shape: [Int], _ result: [Int], _ bindings: DimBindings) -> [Int] {
    let own = Array(shape[batchDims...])
    let bound = windows(Shape(sizes: shape)).map { window in
      guard let known = window.bound(bindings) else {
        internalError("reference: a window that does not fit into \(shape)")
      }
      return known
    }
    return SlidingWindows.offsets(
      bound, positions: Array(result[batchDims...]), strides: Indexing.strides(own))
  }
}
