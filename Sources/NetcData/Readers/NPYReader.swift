package import NetcCore

/// `npy(x: "x.npy", y: "y.npy")`: a NumPy array for each input, its first dimension counting rows.
package enum NPYReader: DataReader {
  package static let name = "npy"
  package static let summary = "an array of a NumPy file for each input, plain or gzip"
  package static let source = DataSource.pathPerInput
  package static let options = [IDXReader.scaleOption, IDXReader.standardizeOption]

  /// Reads every file; unsigned bytes for float inputs stay bytes.
  /// - Throws: DataError for damaged files, other shapes, numbers an input cannot hold.
  package static func read(
    _ request: DataRequest, path: String, precision: Precision
  ) throws(DataError) -> Dataset {
    let scale = try IDXReader.scale(of: request)
    let arrays = StoredArrays(request, precision: precision, scale: scale)
    return try arrays.dataset { binding throws(DataError) in
      guard case .named(let path) = binding.selector else {
        throw DataError(
          "input `\(binding.input)` takes the path of a NumPy file",
          help: "write \(binding.input): \"file.npy\"", range: binding.range)
      }
      return try NumPyFile.array(try ByteStream(path: path).readAll(), path: path)
    }
  }
}
