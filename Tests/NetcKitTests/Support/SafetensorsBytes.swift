import Foundation
import Testing

/// A safetensors file taken apart or put together by hand: eight bytes of header length, JSON,
/// numbers.
struct SafetensorsBytes {
  private struct Entry {
    let type: String
    let shape: [Int]
    let numbers: Data
  }

  private var metadata: [String: String] = [:]
  private var entries: [(name: String, entry: Entry)] = []

  /// Takes a file apart.
  init(_ bytes: Data) throws {
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let parsed = try JSONSerialization.jsonObject(with: Data(bytes.dropFirst(8).prefix(length)))
    let header = try #require(parsed as? [String: Any])
    let numbers = Data(bytes.dropFirst(8 + length))
    metadata = header["__metadata__"] as? [String: String] ?? [:]
    for (name, value) in header where name != "__metadata__" {
      let members = try #require(value as? [String: Any])
      let offsets = try #require(members["data_offsets"] as? [Int])
      entries.append(
        (
          name,
          Entry(
            type: members["dtype"] as? String ?? "", shape: members["shape"] as? [Int] ?? [],
            numbers: Data(numbers[offsets[0]..<offsets[1]]))
        ))
    }
  }

  /// A file without tensors.
  init() {}

  /// Adds a tensor of a type the format knows, as `F64`, in the place of an earlier one of its
  /// name.
  mutating func add<T: BitwiseCopyable>(
    _ name: String, _ type: String, _ shape: [Int], _ values: [T]
  ) {
    entries.removeAll { $0.name == name }
    let numbers = values.withUnsafeBytes { Data($0) }
    entries.append((name, Entry(type: type, shape: shape, numbers: numbers)))
  }

  /// The file with another text under a metadata key.
  func replacingMetadata(_ key: String, with text: String) throws -> Data {
    var copy = self
    copy.metadata[key] = text
    return try copy.data()
  }

  /// The bytes.
  func data() throws -> Data {
    var header: [String: Any] = ["__metadata__": metadata]
    var numbers = Data()
    for (name, entry) in entries {
      let start = numbers.count
      numbers.append(entry.numbers)
      header[name] = [
        "dtype": entry.type, "shape": entry.shape, "data_offsets": [start, numbers.count],
      ]
    }
    let json = try JSONSerialization.data(withJSONObject: header, options: [.sortedKeys])
    var bytes = Data((0..<8).map { UInt8(truncatingIfNeeded: json.count >> ($0 * 8)) })
    bytes.append(json)
    bytes.append(numbers)
    return bytes
  }
}
