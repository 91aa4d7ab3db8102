import NetcCore
import NetcData
import NetcRuntime

/// The files of a benchmark's folder: `manifest.json` says what `X.bin`, `Y.i32` and `params.f32`
/// hold.
struct BenchmarkManifest {
  /// The element type and shape of a stored array.
  struct Stored {
    var type = ""
    var shape: [Int] = []
  }

  /// What `X.bin` holds: float32 rows, or uint16 places of a sequence.
  let examples: Stored
  /// What `Y.i32` holds; without one no shape.
  let labels: Stored
  /// The folder's path.
  let folder: String
  private let names: [(name: String, shape: [Int])]

  var hasLabels: Bool { !labels.type.isEmpty }

  /// - Throws: `NetcError.file` when the manifest is missing or not as it should be.
  init(folder: String) throws(NetcError) {
    self.folder = folder
    let path = folder + "/manifest.json"
    guard let bytes = contents(ofFile: path) else {
      throw .file(path: path, reason: "cannot be read: no such file, or no permission")
    }
    guard let json = try? JSONText(parsing: bytes), let x = Stored(json["X"]) else {
      throw .file(path: path, reason: "is no manifest: \"X\": [\"float32\", [rows, …]] is missing")
    }
    examples = x
    labels = Stored(json["Y"]) ?? Stored()
    names = (json["params"]?.elements ?? []).compactMap { entry in
      guard let parts = entry.elements, parts.count == 2, let name = parts[0].string else {
        return nil
      }
      return (name, (parts[1].elements ?? []).compactMap(\.integer))
    }
  }

  /// The numbers of an array of four bytes each, where they lie in the file.
  func array(
    _ name: String, _ kind: MappedNumbers.Kind, _ stored: Stored
  ) throws(NetcError) -> DataFeed.Column.Storage {
    let path = "\(folder)/\(name)"
    guard let numbers = MappedNumbers(path: path, kind) else {
      throw .file(path: path, reason: "cannot be read: no such file, or no permission")
    }
    guard numbers.count == elementCount(stored.shape) else {
      throw .file(
        path: path, reason: "holds \(numbers.count) numbers, not those of \(stored.shape)")
    }
    return .mapped(numbers)
  }

  /// The places of a sequence, as bytes where they are small enough.
  func tokens() throws(NetcError) -> DataFeed.Column.Storage {
    let path = folder + "/X.bin"
    guard examples.type == "uint16", let bytes = contents(ofFile: path) else {
      throw .file(path: path, reason: "is no sequence of uint16, and there is no Y.i32")
    }
    let count = bytes.count / 2
    return bytes.withUnsafeBytes { raw in
      func value(_ place: Int) -> UInt16 {
        UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: 2 * place, as: UInt16.self))
      }
      if (0..<count).allSatisfy({ value($0) < 256 }) {
        return .bytes((0..<count).map { UInt8(truncatingIfNeeded: value($0)) }, scale: 1)
      }
      return .ints((0..<count).map { Int32(value($0)) })
    }
  }

  /// The parameters in the manifest's order; none without `params.f32`.
  func parameters() throws(NetcError) -> [BenchmarkData.StoredParameter] {
    if names.isEmpty { return [] }
    let path = folder + "/params.f32"
    guard let bytes = contents(ofFile: path) else {
      throw .file(path: path, reason: "cannot be read: no such file, or no permission")
    }
    var start = 0
    var result: [BenchmarkData.StoredParameter] = []
    for (name, shape) in names {
      guard let count = elementCount(shape), start + count <= bytes.count / 4 else {
        throw .file(path: path, reason: "is too short for `\(name)`")
      }
      let values = bytes.withUnsafeBytes { raw in
        (start..<start + count).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
      }
      result.append(.init(name: name, shape: shape, values: values))
      start += count
    }
    return result
  }
}

extension BenchmarkManifest.Stored {
  /// `["float32", [rows, …]]`
  fileprivate init?(_ json: JSONText?) {
    guard let parts = json?.elements, parts.count == 2, let type = parts[0].string,
      let sizes = parts[1].elements
    else { return nil }
    self.init(type: type, shape: sizes.compactMap(\.integer))
  }
}
