import NetcCore
import NetcRuntime
import NetcSemantics

/// The examples and the start of a benchmark: arrays of a folder, or drawn ones.
struct BenchmarkData {
  /// The columns of the batched inputs.
  private(set) var columns: [DataFeed.Column] = []
  /// Rows that stand side by side, in order.
  private(set) var rows: [Int32] = []
  /// How many places a window may start at; nil for rows that stand one by one.
  private(set) var drawable: Int?

  /// A parameter of the folder.
  struct StoredParameter {
    let name: String
    let shape: [Int]
    let values: [Float]
  }

  /// Reads `X.bin` and `Y.i32` of a folder: `X` feeds the first input; `Y` the second, or, without
  /// it, both are windows of the sequence `X`, the second one place later.
  /// - Throws: `NetcError.file` and `.feed` when a file is missing or does not fit the program.
  init(
    _ manifest: BenchmarkManifest, _ inputs: [ModelInput], dimensions: DimBindings
  ) throws(NetcError) {
    guard let first = inputs.first else { throw .unsupported("the program has no input to feed") }
    let size = try BenchmarkData.rowShape(first, dimensions)
    if manifest.hasLabels || inputs.count == 1 {
      let examples = try manifest.array("X.bin", .float, manifest.examples)
      columns = [DataFeed.Column(name: first.name, rowShape: size, storage: examples)]
      if inputs.count > 1 {
        let shape = try BenchmarkData.rowShape(inputs[1], dimensions)
        let labels = try manifest.array("Y.i32", .int, manifest.labels)
        columns.append(DataFeed.Column(name: inputs[1].name, rowShape: shape, storage: labels))
      }
      let count = manifest.examples.shape.first ?? 0
      guard size.reduce(1, *) * count == manifest.examples.shape.reduce(1, *) else {
        throw .feed(
          "`\(first.name)` takes rows of \(size), \(manifest.folder)/X.bin has other ones")
      }
      rows = (0..<count).map { Int32(truncatingIfNeeded: $0) }
    } else {
      try readSequence(manifest, inputs, size)
    }
  }

  private mutating func readSequence(
    _ manifest: BenchmarkManifest, _ inputs: [ModelInput], _ rowShape: [Int]
  ) throws(NetcError) {
    let tokens = try manifest.tokens()
    let width = rowShape.reduce(1, *)
    for (shift, input) in inputs.prefix(2).enumerated() {
      columns.append(
        DataFeed.Column(
          name: input.name, rowShape: rowShape, storage: tokens, offset: shift, stride: 1))
    }
    let starts = max(0, manifest.examples.shape.reduce(1, *) - width - 1)
    drawable = starts
    rows = stride(from: 0, to: starts, by: width).map { Int32(truncatingIfNeeded: $0) }
  }

  /// Draws `count` rows, fewer where they are large: numbers in [0, 1), whole numbers in the range
  /// of their classes.
  /// - Throws: `NetcError.unsupported` when a dimension has no size.
  init(drawing count: Int, _ inputs: [ModelInput], dimensions: DimBindings) throws(NetcError) {
    let draws = Philox(seed: 7, site: "benchmark")
    for (place, input) in inputs.enumerated() {
      let shape = try BenchmarkData.rowShape(input, dimensions)
      let numbers = draws.uniforms(count: count * shape.reduce(1, *), step: UInt64(place))
      columns.append(
        DataFeed.Column(
          name: input.name, rowShape: shape, storage: BenchmarkData.storage(numbers, input.element))
      )
    }
    rows = (0..<count).map { Int32(truncatingIfNeeded: $0) }
  }

  private static func storage(
    _ numbers: [Float], _ element: DataBinding.Element
  ) -> DataFeed.Column.Storage {
    switch element {
    case .float: .floats(numbers)
    case .int: .ints(numbers.map { Int32($0 * 2) })
    case .bool: .bytes(numbers.map { $0 < 0.5 ? 0 : 1 }, scale: 1)
    case .classes(let classes, _, _):
      .ints(numbers.map { min(Int32(clamping: classes - 1), Int32($0 * Float(classes))) })
    }
  }

  /// The sizes of a row of an input.
  static func rowShape(
    _ input: ModelInput, _ dimensions: DimBindings
  ) throws(NetcError) -> [Int] {
    let shape = Shape(input.type.shape.dims.dropFirst().map { $0 })
    guard let sizes = shape.sizes(dimensions) else {
      let open = shape.dims.flatMap(\.symbols).first { dimensions[$0] == nil } ?? "?"
      throw .unsupported("the dimension `\(open)` has no size: add `--dim \(open)=16`")
    }
    return sizes
  }
}
