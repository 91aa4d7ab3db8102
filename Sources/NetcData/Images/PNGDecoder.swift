/// Decodes PNG images of all colour types and bit depths, not interlaced; transparency is left out.
/// - Reference: W3C, PNG specification, second edition.
enum PNGDecoder {
  /// The first bytes of each file.
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The image of a file's bytes.
  /// - Throws: PictureProblem for damaged and interlaced files.
  static func picture(_ bytes: [UInt8]) throws(PictureProblem) -> Picture {
    var header: PNGHeader?
    var palette: [UInt8] = []
    var packed: [UInt8] = []
    let numbers = BigEndian(bytes)
    var place = signature.count
    while true {
      guard let length = numbers.number(place), length <= bytes.count - place - 12,
        let check = numbers.number(place + 8 + length)
      else { throw PictureProblem("the PNG file is cut off") }
      let kind = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
      let data = bytes[place + 8..<place + 8 + length]
      guard checksum(crc: bytes[place + 4..<place + 8 + length]) == UInt32(check) else {
        throw PictureProblem("the PNG file is damaged: the check of a chunk fails")
      }
      switch kind {
      case "IHDR": header = try PNGHeader(Array(data))
      case "PLTE": palette = Array(data)
      case "IDAT": packed += data
      default: break
      }
      if kind == "IEND" { break }
      place += 12 + length
    }
    guard let header else { throw PictureProblem("the PNG file has no head") }
    let rows = try unfiltered(try inflated(packed, header), header)
    return try picture(rows, header, palette)
  }

  /// The bytes of a zlib stream.
  private static func inflated(
    _ packed: [UInt8], _ header: PNGHeader
  ) throws(PictureProblem) -> [UInt8] {
    let damaged = PictureProblem("the PNG file's pixels are damaged")
    guard packed.count > 6, packed[0] & 15 == 8, packed[1] & 0x20 == 0,
      (Int(packed[0]) << 8 | Int(packed[1])) % 31 == 0
    else { throw damaged }
    let size = header.height * (1 + header.rowSize)
    let bytes: [UInt8]
    do throws(Inflate.Damaged) {
      bytes = try Inflate.bytes(packed[2..<packed.count - 4], limit: size)
    } catch {
      throw damaged
    }
    guard bytes.count == size,
      BigEndian(packed).number(packed.count - 4) == Int(checksum(adler: bytes))
    else { throw damaged }
    return bytes
  }

  /// Undoes each row's filter; the result has no filter bytes.
  private static func unfiltered(
    _ bytes: [UInt8], _ header: PNGHeader
  ) throws(PictureProblem) -> [UInt8] {
    let size = header.rowSize
    let step = header.pixelSize
    var result: [UInt8] = []
    result.reserveCapacity(header.height * size)
    for row in 0..<header.height {
      let start = row * (size + 1)
      let filter = bytes[start]
      guard filter < 5 else { throw PictureProblem("the PNG file has a filter \(filter)") }
      for column in 0..<size {
        let left = column >= step ? Int(result[row * size + column - step]) : 0
        let up = row > 0 ? Int(result[(row - 1) * size + column]) : 0
        let corner = row > 0 && column >= step ? Int(result[(row - 1) * size + column - step]) : 0
        let predicted =
          switch filter {
          case 0: 0
          case 1: left
          case 2: up
          case 3: (left + up) / 2
          default: paeth(left, up, corner)
          }
        result.append(bytes[start + 1 + column] &+ UInt8(predicted))
      }
    }
    return result
  }

  private static func paeth(_ left: Int, _ up: Int, _ corner: Int) -> Int {
    let guess = left + up - corner
    let (a, b, c) = (abs(guess - left), abs(guess - up), abs(guess - corner))
    return a <= b && a <= c ? left : b <= c ? up : corner
  }

  /// Grey or colour bytes of the samples.
  private static func picture(
    _ rows: [UInt8], _ header: PNGHeader, _ palette: [UInt8]
  ) throws(PictureProblem) -> Picture {
    let channels = header.isGrey ? 1 : 3
    var bytes: [UInt8] = []
    bytes.reserveCapacity(header.width * header.height * channels)
    for row in 0..<header.height {
      for pixel in 0..<header.width {
        let first = pixel * header.samples
        guard header.hasPalette else {
          for channel in 0..<channels { bytes.append(header.sample(rows, row, first + channel)) }
          continue
        }
        let index = 3 * Int(header.index(rows, row, pixel))
        guard index + 3 <= palette.count else {
          throw PictureProblem("the PNG file has a colour outside its palette")
        }
        bytes += palette[index..<index + 3]
      }
    }
    return Picture(
      width: header.width, height: header.height, channels: channels, bytes: bytes)
  }
}

/// Big-endian numbers of 32 bits at places of a file.
private struct BigEndian {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Nil outside the bytes.
  func number(_ place: Int) -> Int? {
    guard place >= 0, place <= bytes.count - 4 else { return nil }
    return bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
