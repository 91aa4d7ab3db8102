/// What the first chunk of a PNG file says.
struct PNGHeader {
  let width: Int
  let height: Int
  /// Bits of a sample.
  private let depth: Int
  private let color: UInt8

  /// The header of a chunk's bytes.
  /// - Throws: PictureProblem for sizes, depths and ways of interlacing that are not read.
  init(_ data: [UInt8]) throws(PictureProblem) {
    guard data.count == 13 else { throw PictureProblem("the PNG file's head is damaged") }
    width = data[0..<4].reduce(0) { $0 << 8 | Int($1) }
    height = data[4..<8].reduce(0) { $0 << 8 | Int($1) }
    depth = Int(data[8])
    color = data[9]
    guard width > 0, height > 0, width <= Picture.largest, height <= Picture.largest / width else {
      throw PictureProblem("a PNG image of \(width) × \(height) pixels")
    }
    let depths: [UInt8: [Int]] = [
      0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16],
    ]
    guard depths[color]?.contains(depth) == true, data[10] == 0, data[11] == 0 else {
      throw PictureProblem("the PNG file's head is damaged")
    }
    guard data[12] == 0 else {
      throw PictureProblem("the PNG image is interlaced", help: "save it without interlacing")
    }
  }

  /// Whether pixels have a grey value.
  var isGrey: Bool { color == 0 || color == 4 }
  /// Whether pixels are indices of colours.
  var hasPalette: Bool { color == 3 }
  /// Samples of a pixel, transparency included.
  var samples: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][color] ?? 1 }
  /// Bytes of a pixel, at least 1.
  var pixelSize: Int { max(1, samples * depth / 8) }
  /// Bytes of a row.
  var rowSize: Int { (width * samples * depth + 7) / 8 }

  /// A sample of a row as a byte: of 16 bits the upper half, fewer bits stretched.
  func sample(_ rows: [UInt8], _ row: Int, _ place: Int) -> UInt8 {
    if depth == 16 { return rows[row * rowSize + place * 2] }
    let value = index(rows, row, place)
    return depth == 8 ? value : UInt8(Int(value) * 255 / (1 << depth - 1))
  }

  /// A sample of a row as it is stored, of at most 8 bits.
  func index(_ rows: [UInt8], _ row: Int, _ place: Int) -> UInt8 {
    if depth >= 8 { return rows[row * rowSize + place * depth / 8] }
    let bit = place * depth
    let byte = rows[row * rowSize + bit / 8]
    return byte >> UInt8(8 - depth - bit % 8) & UInt8(1 << depth - 1)
  }
}
