import NetcCore

extension Safetensors {
  /// The bytes of a file with this content: header and data in the order of `metadata` and
  /// `tensors`.
  ///
  /// The header is padded with spaces so that the data starts at a multiple of 8.
  /// - Parameter path: for the error message.
  /// - Throws: DataError when a name repeats or is `__metadata__`.
  package func bytes(path: String? = nil) throws(DataError) -> [UInt8] {
    var names: Set<String> = ["__metadata__"]
    for tensor in tensors where !names.insert(tensor.name).inserted {
      throw DataError("two tensors are called `\(tensor.name)`", path: path)
    }
    var header = Array(headerText.text.utf8)
    while header.count % 8 != 0 { header.append(0x20) }
    var result: [UInt8] = []
    result.reserveCapacity(8 + header.count + byteCount)
    append(UInt64(header.count), to: &result)
    result += header
    for tensor in tensors {
      switch tensor.values {
      case .float32(let values): for value in values { append(value.bitPattern, to: &result) }
      case .float64(let values): for value in values { append(value.bitPattern, to: &result) }
      case .int32(let values): for value in values { append(value, to: &result) }
      case .int64(let values): for value in values { append(value, to: &result) }
      case .uint8(let values): result += values
      case .bool(let values): result += values.map { $0 ? 1 : 0 }
      }
    }
    return result
  }

  private var byteCount: Int {
    tensors.reduce(0) { $0 + $1.values.count * $1.values.type.size }
  }

  private var headerText: JSONText {
    var members: [JSONText.Member] = []
    if !metadata.isEmpty {
      let texts = metadata.map { JSONText.Member($0.key, .string($0.text)) }
      members.append(JSONText.Member("__metadata__", .object(texts)))
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.values.count * tensor.values.type.size
      let entry = JSONText.object([
        "dtype": .string(tensor.values.type.rawValue),
        "shape": .array(tensor.shape.map { .integer($0) }),
        "data_offsets": .array([.integer(offset), .integer(end)]),
      ])
      members.append(JSONText.Member(tensor.name, entry))
      offset = end
    }
    return .object(members)
  }
}

/// Appends a number in little-endian order.
private func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
  withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
}
