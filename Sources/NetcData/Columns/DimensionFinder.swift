import NetcCore

/// Sizes of symbolic dimensions as the data shows them; the same symbol has one size in all inputs.
struct DimensionFinder {
  /// The sizes found so far.
  private(set) var sizes: DimBindings = [:]

  /// The shape of a row of `count` numbers; the one dimension that may still be open takes what is
  /// left.
  /// - Throws: DataError when the count does not fit the shape, or two dimensions are open.
  mutating func rowShape(of binding: DataBinding, count: Int) throws(DataError) -> [Int] {
    if let known = binding.rowShape.sizes(sizes) {
      if elementCount(known) == count { return known }
      throw mismatch(binding, count)
    }
    let open = binding.rowShape.dims.filter { $0.value(sizes) == nil }
    let known = elementCount(binding.rowShape.dims.compactMap { $0.value(sizes) })
    guard open.count == 1, let symbol = open[0].symbol else {
      throw DataError(
        "the sizes of input `\(binding.input)`, \(binding.rowShape) a row, do not follow"
          + " from its columns",
        help: "write numbers for all but one dimension", range: binding.range)
    }
    guard let known, known > 0, count > 0, count % known == 0 else {
      throw mismatch(binding, count)
    }
    sizes[symbol] = count / known
    return binding.rowShape.sizes(sizes) ?? [count]
  }

  /// The shape of a row whose own shape is known.
  /// - Throws: DataError when it is not the input's.
  mutating func rowShape(of binding: DataBinding, found: [Int]) throws(DataError) -> [Int] {
    let dims = binding.rowShape.dims
    let fits =
      dims.count == found.count
      && zip(dims, found).allSatisfy { dim, size in
        if let known = dim.value(sizes) { return known == size }
        if let symbol = dim.symbol { sizes[symbol] = size }
        return dim.symbol != nil
      }
    guard fits else {
      throw DataError(
        "input `\(binding.input)` takes rows of shape \(binding.rowShape), the data has"
          + " \(Shape(sizes: found))",
        help: "change the input's shape or the rows", range: binding.range)
    }
    return found
  }

  /// The shape of a row that a file gives: the input's own, where dimensions of 1 do not count and
  /// a list takes all of a row's numbers.
  /// - Throws: DataError when it does not fit.
  mutating func rowShape(of binding: DataBinding, stored: [Int]) throws(DataError) -> [Int] {
    let count = elementCount(stored) ?? 0
    if binding.rowShape.rank <= 1 { return try rowShape(of: binding, count: count) }
    let dims = binding.rowShape.dims.filter { $0.constant != 1 }
    let found = stored.filter { $0 != 1 }
    let isSame =
      dims.count == found.count
      && zip(dims, found).allSatisfy { dim, size in
        if let known = dim.value(sizes) { return known == size }
        if let symbol = dim.symbol { sizes[symbol] = size }
        return dim.symbol != nil
      }
    guard isSame, let shape = binding.rowShape.sizes(sizes), elementCount(shape) == count else {
      throw DataError(
        "input `\(binding.input)` takes rows of shape \(binding.rowShape), the data has"
          + " \(Shape(sizes: stored))",
        help: "change the input's shape", range: binding.range)
    }
    return shape
  }

  private func mismatch(_ binding: DataBinding, _ count: Int) -> DataError {
    let wanted = binding.rowShape.sizes(sizes).flatMap(elementCount)
    let takes = wanted.map { "\($0) number\($0 == 1 ? "" : "s")" } ?? "shape \(binding.rowShape)"
    return DataError(
      "input `\(binding.input)` takes \(takes) a row, its columns give \(count)",
      help: "change the input's shape or the columns", range: binding.range)
  }
}
