/// The code points of a text: bytes for ASCII, which most texts are.
struct Characters {
  private enum Storage {
    case ascii([UInt8])
    case scalars([UInt32])
  }

  private let storage: Storage

  /// How many there are.
  var count: Int {
    switch storage {
    case .ascii(let bytes): bytes.count
    case .scalars(let scalars): scalars.count
    }
  }

  /// The code point at a place.
  subscript(place: Int) -> UInt32 {
    switch storage {
    case .ascii(let bytes): UInt32(bytes[place])
    case .scalars(let scalars): scalars[place]
    }
  }

  /// Decodes UTF-8; a byte order mark at the start is left out.
  /// - Throws: DataError with the line of the first bytes that are none.
  init(_ bytes: [UInt8], path: String) throws(DataError) {
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    if bytes.allSatisfy({ $0 < 0x80 }) {
      storage = .ascii(bytes)
      return
    }
    var scalars: [UInt32] = []
    scalars.reserveCapacity(bytes.count)
    var decoder = UTF8()
    var source = bytes[(hasMark ? 3 : 0)...].makeIterator()
    var line = 1
    while true {
      switch decoder.decode(&source) {
      case .scalarValue(let scalar):
        if scalar == "\n" { line += 1 }
        scalars.append(scalar.value)
      case .emptyInput:
        storage = .scalars(scalars)
        return
      case .error:
        throw DataError("this is no UTF-8 text", path: path, line: line, help: "save it as UTF-8")
      }
    }
  }

  /// The line, from 1, that a place stands on.
  func line(of place: Int) -> Int {
    (0..<min(place, count)).reduce(1) { self[$1] == 10 ? $0 + 1 : $0 }
  }

  /// The different code points before a place, ascending.
  func distinct(before end: Int) -> [UInt32] {
    switch storage {
    case .ascii(let bytes):
      var isPresent = [Bool](repeating: false, count: 256)
      for byte in bytes[..<min(end, bytes.count)] { isPresent[Int(byte)] = true }
      return isPresent.indices.filter { isPresent[$0] }.map { UInt32($0) }
    case .scalars(let scalars): return Set(scalars[..<min(end, scalars.count)]).sorted()
    }
  }
}
