package import NetcCore

/// `npz("data.npz", x: "x_train", y: "y_train")`: arrays of a NumPy archive, by their names.
package enum NPZReader: DataReader {
  package static let name = "npz"
  package static let summary = "arrays of a NumPy archive, compressed or not"
  package static let source = DataSource.path
  package static let options = [IDXReader.scaleOption, IDXReader.standardizeOption]

  /// Reads the arrays asked for.
  /// - Throws: DataError for damaged files, names that are not there, other shapes, numbers an
  ///   input cannot hold.
  package static func read(
    _ request: DataRequest, path: String, precision: Precision
  ) throws(DataError) -> Dataset {
    let scale = try IDXReader.scale(of: request)
    let archive = try ZipArchive(try ByteStream(path: path).readAll(), path: path)
    let names = archive.names.filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
    let arrays = StoredArrays(request, precision: precision, scale: scale)
    return try arrays.dataset { binding throws(DataError) in
      let name = try binding.arrayName(among: names, path: path)
      guard let bytes = try archive.content(of: "\(name).npy") else {
        throw DataError("there is no array `\(shown(name))`", path: path)
      }
      return try NumPyFile.array(bytes, path: path)
    }
  }
}

extension DataBinding {
  /// The name of the array that feeds the input.
  /// - Throws: DataError when it is no string, or none of the file's names.
  func arrayName(among names: [String], path: String) throws(DataError) -> String {
    guard case .named(let name) = selector else {
      throw DataError(
        "input `\(input)` takes the name of an array in the file",
        help: "write \(input): \"\(names.first.map(shown) ?? "name")\"", range: range)
    }
    guard names.contains(name) else {
      let near = suggestion(for: name, among: names).map { "did you mean `\(shown($0))`?" }
      let some = names.prefix(12).map { "`\(shown($0))`" }.joined(separator: ", ")
      throw DataError(
        "there is no array `\(shown(name))`", path: path,
        help: near ?? (names.isEmpty ? "the file has no arrays" : "arrays are \(some)"),
        range: range)
    }
    return name
  }
}
