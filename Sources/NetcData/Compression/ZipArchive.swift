/// The directory of a zip file, as NumPy's `.npz` is one: entries stored or deflated, ZIP64 too.
/// - Reference: PKWARE APPNOTE 6.3.
struct ZipArchive {
  /// One file in the archive.
  private struct Entry {
    var name: String
    var method: Int
    var crc: UInt32
    var packedSize: Int
    var size: Int
    var offset: Int
  }

  private let bytes: [UInt8]
  private let path: String
  private var entries: [Entry] = []

  /// The names of the files, in order.
  var names: [String] { entries.map(\.name) }

  /// Reads the directory.
  /// - Throws: DataError for what is no zip file.
  init(_ bytes: [UInt8], path: String) throws(DataError) {
    self.bytes = bytes
    self.path = path
    guard let (start, count) = ZipArchive.directory(bytes) else {
      throw DataError("this is no zip file", path: path, help: "np.savez(…) writes one")
    }
    var place = start
    for _ in 0..<count {
      guard let (entry, next) = entry(at: place) else {
        throw DataError("the zip directory is damaged", path: path)
      }
      entries.append(entry)
      place = next
    }
  }

  /// The content of a file.
  /// - Throws: DataError when it is damaged or compressed in another way than DEFLATE.
  func content(of name: String) throws(DataError) -> [UInt8]? {
    guard let entry = entries.first(where: { $0.name == name }) else { return nil }
    let damaged = DataError("`\(shown(name))` in the zip file is damaged", path: path)
    guard number(entry.offset, 4) == 0x0403_4B50, let nameSize = number(entry.offset + 26, 2),
      let extraSize = number(entry.offset + 28, 2)
    else { throw damaged }
    let start = entry.offset + 30 + nameSize + extraSize
    guard start <= bytes.count, entry.packedSize <= bytes.count - start else { throw damaged }
    let packed = bytes[start..<start + entry.packedSize]
    let content: [UInt8]
    switch entry.method {
    case 0: content = Array(packed)
    case 8:
      do throws(Inflate.Damaged) {
        content = try Inflate.bytes(packed, limit: entry.size)
      } catch {
        throw damaged
      }
    default:
      throw DataError(
        "`\(shown(name))` is compressed by method \(entry.method), netc reads stored and deflated"
          + " entries", path: path)
    }
    guard content.count == entry.size, checksum(crc: content) == entry.crc else { throw damaged }
    return content
  }

  /// Where the directory starts and how many entries it has, from the record at the file's end.
  private static func directory(_ bytes: [UInt8]) -> (start: Int, count: Int)? {
    let reader = LittleEndian(bytes)
    guard bytes.count >= 22 else { return nil }
    for end in stride(from: bytes.count - 22, through: max(0, bytes.count - 65_557), by: -1)
    where reader.number(end, 4) == 0x0605_4B50 {
      guard let count = reader.number(end + 10, 2), let start = reader.number(end + 16, 4) else {
        return nil
      }
      if count < 0xFFFF, start < 0xFFFF_FFFF { return (start, count) }
      guard reader.number(end - 20, 4) == 0x0706_4B50, let record = reader.number(end - 12, 8),
        reader.number(record, 4) == 0x0606_4B50, let many = reader.number(record + 32, 8),
        let far = reader.number(record + 48, 8), many <= bytes.count / 46
      else { return nil }
      return (far, many)
    }
    return nil
  }

  private func entry(at place: Int) -> (entry: Entry, next: Int)? {
    guard number(place, 4) == 0x0201_4B50, let method = number(place + 10, 2),
      let crc = number(place + 16, 4), var packedSize = number(place + 20, 4),
      var size = number(place + 24, 4), let nameSize = number(place + 28, 2),
      let extraSize = number(place + 30, 2), let commentSize = number(place + 32, 2),
      var offset = number(place + 42, 4), place + 46 + nameSize + extraSize <= bytes.count
    else { return nil }
    let nameStart = place + 46
    var extra = nameStart + nameSize
    let extraEnd = extra + extraSize
    while extra + 4 <= extraEnd, let kind = number(extra, 2), let length = number(extra + 2, 2) {
      var field = extra + 4
      if kind == 1 {
        func widen(_ value: inout Int) {
          guard value == 0xFFFF_FFFF, field + 8 <= extraEnd, let wide = number(field, 8) else {
            return
          }
          value = wide
          field += 8
        }
        widen(&size)
        widen(&packedSize)
        widen(&offset)
      }
      extra += 4 + length
    }
    let name = String(decoding: bytes[nameStart..<nameStart + nameSize], as: UTF8.self)
    let entry = Entry(
      name: name, method: method, crc: UInt32(truncatingIfNeeded: crc), packedSize: packedSize,
      size: size, offset: offset)
    return (entry, extraEnd + commentSize)
  }

  private func number(_ place: Int, _ size: Int) -> Int? { LittleEndian(bytes).number(place, size) }
}

/// Little-endian whole numbers at places of a file.
struct LittleEndian {
  private let bytes: [UInt8]

  /// Of these bytes.
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The number of `size` bytes at a place; nil outside the bytes and for what no file's size
  /// reaches.
  func number(_ place: Int, _ size: Int) -> Int? {
    guard place >= 0, place <= bytes.count - size else { return nil }
    let value = bytes[place..<place + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return value < 1 << 48 ? Int(value) : nil
  }
}
