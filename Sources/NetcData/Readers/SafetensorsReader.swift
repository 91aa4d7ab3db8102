package import NetcCore

/// `safetensors("data.safetensors", x: "images", y: "labels")`: tensors of a file, by their names;
/// their first dimension counts rows.
package enum SafetensorsReader: DataReader {
  package static let name = "safetensors"
  package static let summary = "tensors of a safetensors file"
  package static let source = DataSource.path
  package static let options = [IDXReader.scaleOption, IDXReader.standardizeOption]

  /// Reads the file and takes the tensors asked for.
  /// - Throws: DataError for damaged files, names that are not there, other shapes, numbers an
  ///   input cannot hold.
  package static func read(
    _ request: DataRequest, path: String, precision: Precision
  ) throws(DataError) -> Dataset {
    let scale = try IDXReader.scale(of: request)
    let file = try Safetensors(contentsOf: path)
    let arrays = StoredArrays(request, precision: precision, scale: scale)
    return try arrays.dataset { binding throws(DataError) in
      let name = try binding.arrayName(among: file.tensors.map(\.name), path: path)
      guard let tensor = file[name] else {
        throw DataError("there is no array `\(shown(name))`", path: path)
      }
      return StoredArray(shape: tensor.shape, values: tensor.values.stored, path: path)
    }
  }
}

extension SafetensorsTensor.Values {
  fileprivate var stored: StoredArray.Values {
    switch self {
    case .float32(let values): .floats(values)
    case .float64(let values): .doubles(values)
    case .int32(let values): .integers(values.map { Int64($0) })
    case .int64(let values): .integers(values)
    case .uint8(let values): .bytes(values)
    case .bool(let values): .bytes(values.map { $0 ? 1 : 0 })
    }
  }
}
