import NetcCore

/// What the inputs of a text take: one window's length and how far each is shifted.
struct TextWindows {
  /// One input.
  struct Entry {
    let binding: DataBinding
    let rowShape: [Int]
    let shift: Int
  }

  /// The inputs, in the request's order.
  let entries: [Entry]
  /// Characters of a window.
  let length: Int
  /// Sizes found for symbolic dimensions.
  let sizes: DimBindings

  /// Characters that a row reads.
  var span: Int { length + (entries.map(\.shift).max() ?? 0) }

  /// - Throws: DataError for bindings that are no windows, and for inputs of another length.
  init(_ request: DataRequest) throws(DataError) {
    var finder = DimensionFinder()
    var length: Int?
    for binding in request.bindings {
      if case .window(let size) = binding.selector {
        if let length, length != size {
          throw DataError(
            "windows of \(length) and of \(size) characters in one data set", range: binding.range)
        }
        length = size
      }
    }
    // Predicting may need a shifted input alone; its own shape then says the length.
    let fallback = request.bindings.lazy.compactMap { $0.rowShape.sizes?.reduce(1, *) }.first
    guard let length = length ?? fallback, length > 0, length < 1 << 24 else {
      throw DataError(
        "`text` needs an input that is a window of at least one character",
        help: "write \(request.bindings.first?.input ?? "INPUT"): window(64)", range: request.range)
    }
    var entries: [Entry] = []
    for binding in request.bindings {
      let shift: Int
      switch binding.selector {
      case .window: shift = 0
      case .shifted(let places): shift = places
      default:
        throw DataError(
          "input `\(binding.input)` takes a window of the text",
          help: "write \(binding.input): window(\(length)) or shifted(1)", range: binding.range)
      }
      guard case .classes = binding.element else {
        throw DataError(
          "input `\(binding.input)` holds characters, which are classes",
          help: "declare it as class(N)[batch, \(length)], N the number of different characters",
          range: binding.range)
      }
      guard shift >= 0, shift < 1 << 24 else {
        throw DataError("`shifted` takes 0 to \(1 << 24) places", range: binding.range)
      }
      let shape = try finder.rowShape(of: binding, count: length)
      entries.append(Entry(binding: binding, rowShape: shape, shift: shift))
    }
    self.entries = entries
    self.length = length
    sizes = finder.sizes
  }
}
