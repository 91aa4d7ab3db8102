import NetcCore

extension Safetensors {
  /// The longest header read, in bytes, as in the reference reader.
  private static let longestHeader = 100_000_000

  /// The content of a file's bytes.
  ///
  /// As strict as the reference reader: the tensors' data must cover the bytes after the header
  /// without gap or overlap, shapes must match sizes, names and keys must not repeat, truth values
  /// must be 0 or 1.
  /// - Parameter path: for the error message.
  /// - Throws: DataError for any breach of the format and for element types netc has no use for.
  package init(parsing bytes: [UInt8], path: String? = nil) throws(DataError) {
    let start = try Safetensors.dataStart(bytes, path)
    var entries: [SafetensorsEntry] = []
    var metadata: [Metadata] = []
    var names: Set<String> = []
    do throws(SafetensorsProblem) {
      for member in try Safetensors.header(Array(bytes[8..<start])) {
        guard names.insert(member.name).inserted else {
          throw SafetensorsProblem("two tensors are called `\(shown(member.name))`")
        }
        if member.name == "__metadata__" {
          metadata = try Safetensors.metadata(member.value)
        } else {
          entries.append(try SafetensorsEntry(member.name, member.value))
        }
      }
      entries.sort { ($0.start, $0.end) < ($1.start, $1.end) }
      try Safetensors.checkCover(entries, count: bytes.count - start)
      self.init(metadata: metadata)
      for entry in entries { tensors.append(try entry.tensor(bytes, from: start)) }
    } catch {
      throw DataError(error.message, path: path)
    }
  }

  /// Where the data starts, from the header's length in the first eight bytes.
  private static func dataStart(_ bytes: [UInt8], _ path: String?) throws(DataError) -> Int {
    guard bytes.count >= 8 else {
      throw DataError("this is no safetensors file: it has \(bytes.count) bytes", path: path)
    }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(longestHeader), Int(length) <= bytes.count - 8 else {
      throw DataError(
        "this is no safetensors file: its header would have \(length) of \(bytes.count) bytes",
        path: path)
    }
    return 8 + Int(length)
  }

  private static func header(
    _ bytes: [UInt8]
  ) throws(SafetensorsProblem) -> [JSONText.Member] {
    let value: JSONText
    do throws(JSONParsingError) {
      value = try JSONText(parsing: bytes)
    } catch {
      throw SafetensorsProblem(
        "the safetensors header is not JSON: \(error.message) at byte \(8 + error.offset)")
    }
    guard case .object(let members) = value else {
      throw SafetensorsProblem("the safetensors header is not an object")
    }
    return members
  }

  private static func metadata(_ value: JSONText) throws(SafetensorsProblem) -> [Metadata] {
    guard case .object(let members) = value else {
      throw SafetensorsProblem("`__metadata__` is not an object")
    }
    var result: [Metadata] = []
    var keys: Set<String> = []
    for member in members {
      guard keys.insert(member.name).inserted, case .string(let text) = member.value else {
        throw SafetensorsProblem(
          "`__metadata__` has a repeated key or no text at `\(shown(member.name))`")
      }
      result.append(Metadata(member.name, text))
    }
    return result
  }

  private static func checkCover(
    _ entries: [SafetensorsEntry], count: Int
  ) throws(SafetensorsProblem) {
    var end = 0
    for entry in entries {
      guard entry.start == end else {
        throw SafetensorsProblem(
          "the data of `\(shown(entry.name))` starts at byte \(entry.start), expected \(end)")
      }
      end = entry.end
    }
    guard end == count else {
      throw SafetensorsProblem("the tensors take \(end) bytes of data, the file has \(count)")
    }
  }
}

/// What is wrong with a file's header.
struct SafetensorsProblem: Error {
  /// What was found and expected.
  let message: String

  /// A problem.
  init(_ message: String) { self.message = message }
}

/// One tensor as the header describes it.
struct SafetensorsEntry {
  /// The tensor's name.
  let name: String
  /// The first byte, counted from the end of the header.
  let start: Int
  /// The byte after the last.
  let end: Int
  private let type: SafetensorsType
  private let shape: [Int]

  /// The entry a header's member stands for.
  /// - Throws: SafetensorsProblem when a part is missing or wrong, or the size is not the shape's.
  init(_ name: String, _ value: JSONText) throws(SafetensorsProblem) {
    self.name = name
    let tensor = "tensor `\(shown(name))`"
    guard case .object(let members) = value else {
      throw SafetensorsProblem("\(tensor) is not described by an object")
    }
    guard members.count == 3, case .string(let typeName)? = members.value("dtype"),
      let shape = members.value("shape")?.sizes, let offsets = members.value("data_offsets")?.sizes
    else {
      throw SafetensorsProblem("\(tensor) is not described by dtype, shape and data_offsets")
    }
    guard let type = SafetensorsType(rawValue: typeName) else {
      let known = SafetensorsType.allCases.map(\.rawValue).joined(separator: ", ")
      throw SafetensorsProblem("\(tensor) has elements `\(shown(typeName))`, netc reads \(known)")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw SafetensorsProblem("\(tensor) has data_offsets \(offsets)")
    }
    guard let size = elementCount(shape + [type.size]), size == offsets[1] - offsets[0] else {
      throw SafetensorsProblem(
        "\(tensor) of \(typeName)\(shape) does not take \(offsets[1] - offsets[0]) bytes")
    }
    start = offsets[0]
    end = offsets[1]
    self.type = type
    self.shape = shape
  }

  /// The tensor whose data starts at `origin + start`, which lies in `bytes`.
  /// - Throws: SafetensorsProblem for a truth value other than 0 and 1.
  func tensor(
    _ bytes: [UInt8], from origin: Int
  ) throws(SafetensorsProblem) -> SafetensorsTensor {
    let data = bytes[(origin + start)..<(origin + end)]
    let values: SafetensorsTensor.Values
    switch type {
    case .float32: values = .float32(numbers(data) { Float(bitPattern: $0) })
    case .float64: values = .float64(numbers(data) { Double(bitPattern: $0) })
    case .int32: values = .int32(numbers(data) { $0 })
    case .int64: values = .int64(numbers(data) { $0 })
    case .uint8: values = .uint8(Array(data))
    case .bool:
      guard data.allSatisfy({ $0 <= 1 }) else {
        throw SafetensorsProblem("tensor `\(shown(name))` holds truth values other than 0 and 1")
      }
      values = .bool(data.map { $0 == 1 })
    }
    guard let tensor = SafetensorsTensor(name: name, shape: shape, values: values) else {
      throw SafetensorsProblem("tensor `\(shown(name))` does not fill its shape")
    }
    return tensor
  }

  /// Little-endian numbers, converted.
  private func numbers<Bits: FixedWidthInteger, Number>(
    _ data: ArraySlice<UInt8>, _ convert: (Bits) -> Number
  ) -> [Number] {
    let size = MemoryLayout<Bits>.size
    let count = data.count / size
    return data.withUnsafeBytes { raw in
      [Number](unsafeUninitializedCapacity: count) { buffer, filled in
        for index in 0..<count {
          let bits = raw.loadUnaligned(fromByteOffset: index * size, as: Bits.self)
          buffer.initializeElement(at: index, to: convert(Bits(littleEndian: bits)))
        }
        filled = count
      }
    }
  }
}

extension [JSONText.Member] {
  /// The value of the first member of a name.
  fileprivate func value(_ name: String) -> JSONText? { first { $0.name == name }?.value }
}

extension JSONText {
  /// The numbers of a list of whole numbers that are not negative, else nil.
  fileprivate var sizes: [Int]? {
    guard case .array(let values) = self else { return nil }
    var result: [Int] = []
    for value in values {
      guard case .integer(let size) = value, size >= 0 else { return nil }
      result.append(size)
    }
    return result
  }
}
