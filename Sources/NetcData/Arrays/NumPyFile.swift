import NetcCore

/// The format of NumPy's `.npy` files, versions 1 to 3.
/// - Reference: numpy/lib/format.py.
enum NumPyFile {
  /// The array of a file's bytes.
  /// - Throws: DataError for what is no such file, and for elements that are no numbers.
  static func array(_ file: consuming [UInt8], path: String) throws(DataError) -> StoredArray {
    var bytes = file
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 10 else {
      throw DataError("this is no NumPy file", path: path, help: "np.save(…) writes one")
    }
    let reader = LittleEndian(Array(bytes.prefix(12)))
    let lengthSize = bytes[6] == 1 ? 2 : 4
    guard (1...3).contains(bytes[6]), let length = reader.number(8, lengthSize),
      length <= bytes.count - 8 - lengthSize
    else { throw DataError("the NumPy head is damaged", path: path) }
    let start = 8 + lengthSize + length
    var head = NumPyHead(bytes[(8 + lengthSize)..<start])
    guard head.parse() else {
      throw DataError("the NumPy head is damaged", path: path)
    }
    guard let format = format(head.element) else {
      throw DataError(
        "elements of type `\(shown(head.element))`, netc reads truth values, whole numbers and"
          + " floats", path: path, help: "convert with array.astype(\"float32\") or \"int32\"")
    }
    guard let count = elementCount(head.shape), count < 1 << 48,
      bytes.count - start == count * format.size
    else {
      throw DataError(
        "\(bytes.count - start) bytes do not hold an array of shape \(head.shape)", path: path)
    }
    // Without its head an array of bytes needs no second copy.
    bytes.removeFirst(start)
    let values = format.values(bytes, from: 0, count: count)
    guard head.isColumnMajor, head.shape.count > 1 else {
      return StoredArray(shape: head.shape, values: values, path: path)
    }
    return StoredArray(shape: head.shape, values: values.rowMajor(head.shape), path: path)
  }

  private static func format(_ text: String) -> ElementFormat? {
    let parts = Array(text.unicodeScalars)
    guard parts.count == 3, "<>|=".unicodeScalars.contains(parts[0]),
      let size = Int(String(parts[2]))
    else { return nil }
    let isBigEndian = parts[0] == ">"
    switch (parts[1], size) {
    case ("f", 2), ("f", 4), ("f", 8):
      return ElementFormat(kind: .float, size: size, isBigEndian: isBigEndian)
    case ("i", 1), ("i", 2), ("i", 4), ("i", 8):
      return ElementFormat(kind: .signed, size: size, isBigEndian: isBigEndian)
    case ("u", 1), ("u", 2), ("u", 4), ("u", 8), ("b", 1):
      return ElementFormat(kind: .unsigned, size: size, isBigEndian: isBigEndian)
    default: return nil
    }
  }
}

/// The head of a NumPy file: a Python dictionary with three entries.
private struct NumPyHead {
  private let bytes: [UInt8]
  private var place = 0
  /// The element's type, as `<f4`.
  private(set) var element = ""
  private(set) var isColumnMajor = false
  private(set) var shape: [Int] = []

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

  /// Whether the head is as NumPy writes it.
  mutating func parse() -> Bool {
    guard take("{") else { return false }
    var seen: Set<String> = []
    while !take("}") {
      guard let key = string(), seen.insert(key).inserted, take(":") else { return false }
      switch key {
      case "descr":
        guard let text = string() else { return false }
        element = text
      case "fortran_order":
        isColumnMajor = take("True")
        guard isColumnMajor || take("False") else { return false }
      case "shape":
        guard let sizes = tuple() else { return false }
        shape = sizes
      default: return false
      }
      guard take(",") || peek == 0x7D else { return false }
    }
    return seen.count == 3
  }

  private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipSpaces() {
    while let byte = peek, [0x20, 0x0A, 0x09].contains(byte) { place += 1 }
  }

  private mutating func take(_ text: String) -> Bool {
    skipSpaces()
    guard bytes[place...].starts(with: text.utf8) else { return false }
    place += text.utf8.count
    skipSpaces()
    return true
  }

  private mutating func string() -> String? {
    skipSpaces()
    guard let quote = peek, quote == 0x27 || quote == 0x22,
      let end = bytes[(place + 1)...].firstIndex(of: quote)
    else { return nil }
    defer { place = end + 1 }
    return String(decoding: bytes[(place + 1)..<end], as: UTF8.self)
  }

  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var sizes: [Int] = []
    while !take(")") {
      var size = 0
      var hasDigit = false
      while let byte = peek, (0x30...0x39).contains(byte), size < 1 << 48 {
        size = size * 10 + Int(byte - 0x30)
        hasDigit = true
        place += 1
      }
      guard hasDigit, sizes.count < 32 else { return nil }
      sizes.append(size)
      guard take(",") || peek == 0x29 else { return nil }
    }
    return sizes
  }
}

extension StoredArray.Values {
  /// The numbers of a column-major array in row-major order.
  fileprivate func rowMajor(_ shape: [Int]) -> StoredArray.Values {
    func ordered<T>(_ values: [T]) -> [T] {
      var strides = [Int](repeating: 1, count: shape.count)
      for axis in shape.indices.dropFirst() { strides[axis] = strides[axis - 1] * shape[axis - 1] }
      var index = [Int](repeating: 0, count: shape.count)
      var place = 0
      return values.indices.map { _ in
        defer {
          for axis in shape.indices.reversed() {
            index[axis] += 1
            place += strides[axis]
            if index[axis] < shape[axis] { break }
            place -= index[axis] * strides[axis]
            index[axis] = 0
          }
        }
        return values[place]
      }
    }
    switch self {
    case .bytes(let values): return .bytes(ordered(values))
    case .floats(let values): return .floats(ordered(values))
    case .doubles(let values): return .doubles(ordered(values))
    case .integers(let values): return .integers(ordered(values))
    }
  }
}
