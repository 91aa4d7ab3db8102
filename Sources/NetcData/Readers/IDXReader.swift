package import NetcCore

/// `idx(image: "images.gz", label: "labels.gz", scale: 1/255)`: a file of one array for each input,
/// as MNIST has them, plain or gzip; the array's first dimension counts rows.
package enum IDXReader: DataReader {
  package static let name = "idx"
  package static let summary = "an array of an IDX file for each input, plain or gzip"
  package static let source = DataSource.pathPerInput
  package static let options = [scaleOption, standardizeOption]
  /// The option that readers of arrays share.
  static let scaleOption = DataOptionRule(
    "scale", .number, "what the numbers of float inputs are multiplied by")

  /// The option that readers of arrays share.
  static let standardizeOption = DataOptionRule(
    "standardize", .bool, "standardise float inputs whose rows have axes")

  /// Reads every file; unsigned bytes for float inputs stay bytes.
  /// - Throws: DataError for damaged files, shapes that differ from the inputs', labels out of
  ///   range.
  /// - Complexity: O(bytes of the files); memory for the values.
  package static func read(
    _ request: DataRequest, path: String, precision: Precision
  ) throws(DataError) -> Dataset {
    let arrays = StoredArrays(request, precision: precision, scale: try scale(of: request))
    return try arrays.dataset { binding throws(DataError) in
      guard case .named(let path) = binding.selector else {
        throw DataError(
          "input `\(binding.input)` takes the path of an IDX file",
          help: "write \(binding.input): \"file.gz\"", range: binding.range)
      }
      return try IDXFile.read(path)
    }
  }

  /// What `scale:` says, 1 without it.
  /// - Throws: DataError for a number that is too large for 32 bits.
  static func scale(of request: DataRequest) throws(DataError) -> Double {
    guard let option = request.option("scale"), case .number(let scale) = option.value else {
      return 1
    }
    guard Float(scale * 255).isFinite else {
      throw DataError("`scale` takes a number below 1e36", range: option.range)
    }
    return scale
  }
}
