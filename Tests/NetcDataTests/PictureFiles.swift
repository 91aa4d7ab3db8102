import NetcData

/// The DEFLATE stream of some bytes, as gzip makes it.
func deflated(_ bytes: [UInt8], _ folder: TemporaryFolder) throws -> ArraySlice<UInt8> {
  let name = "deflate-\(try folder.names().count)"
  let path = try folder.write(name, bytes)
  try compress(path)
  let packed = try folder.bytes("\(name).gz")
  // Magic, method, flags, time and system take ten bytes; the name ends with a zero.
  let start = (packed[10...].firstIndex(of: 0) ?? 9) + 1
  return packed[start..<packed.count - 8]
}

/// CRC-32 as PNG asks for it, bit by bit.
func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(UInt32.max) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
}

/// A PNG file of rows of packed samples; row r is filtered by filter `r % 5` for bytes.
struct PNGFile {
  var width: Int
  var depth: Int
  var color: UInt8
  var samples: Int
  var rows: [[UInt8]]
  var palette: [UInt8] = []
  var interlace: UInt8 = 0

  func bytes(_ folder: TemporaryFolder) throws -> [UInt8] {
    let step = max(1, samples * depth / 8)
    var raw: [UInt8] = []
    for (place, row) in rows.enumerated() {
      let filter = place % 5
      raw.append(UInt8(filter))
      let above = place > 0 ? rows[place - 1] : [UInt8](repeating: 0, count: row.count)
      for column in row.indices {
        let left = column >= step ? Int(row[column - step]) : 0
        let up = Int(above[column])
        let corner = column >= step ? Int(above[column - step]) : 0
        let guess = left + up - corner
        let nearest = [left, up, corner].min { abs(guess - $0) < abs(guess - $1) } ?? 0
        let predicted = [0, left, up, (left + up) / 2, nearest][filter]
        raw.append(row[column] &- UInt8(predicted))
      }
    }
    var a: UInt32 = 1
    var b: UInt32 = 0
    for byte in raw {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    let head =
      bigEndian([UInt32(width), UInt32(rows.count)]) + [UInt8(depth), color, 0, 0, interlace]
    let stream = [0x78, 0x9C] + Array(try deflated(raw, folder)) + bigEndian([b << 16 | a])
    let half = stream.count / 2
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", head)
      + (palette.isEmpty ? [] : chunk("PLTE", palette)) + chunk("tEXt", Array("a\0b".utf8))
      + chunk("IDAT", Array(stream[..<half])) + chunk("IDAT", Array(stream[half...]))
      + chunk("IEND", [])
  }

  private func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
    let content = Array(kind.utf8) + data
    return bigEndian([UInt32(data.count)]) + content + bigEndian([crc32(content)])
  }
}
