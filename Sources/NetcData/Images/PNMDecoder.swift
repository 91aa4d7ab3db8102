/// Decodes PGM and PPM images, binary or plain.
/// - Reference: Netpbm, pgm(5) and ppm(5).
enum PNMDecoder {
  /// The image of a file's bytes.
  /// - Throws: PictureProblem for other variants, more than 8 bits a sample, too few bytes.
  static func picture(_ bytes: [UInt8]) throws(PictureProblem) -> Picture {
    var source = Source(bytes)
    guard bytes.count > 2, let kind = Kind(bytes[1]) else {
      throw PictureProblem("this is no PGM or PPM image", help: "P2, P3, P5 and P6 are read")
    }
    guard let width = source.number(), let height = source.number(), let most = source.number(),
      width > 0, height > 0, width <= Picture.largest, height <= Picture.largest / width
    else { throw PictureProblem("the image's head is damaged or it is too large") }
    guard (1...255).contains(most) else {
      throw PictureProblem("samples up to \(most), at most 255 can be read")
    }
    let count = width * height * kind.channels
    var samples: [UInt8]
    if kind.isPlain {
      samples = []
      while samples.count < count, let value = source.number(), value <= most {
        samples.append(UInt8(value))
      }
    } else {
      samples = source.rest(count)
    }
    guard samples.count == count else {
      throw PictureProblem(
        "\(samples.count) samples, an image of \(width) × \(height) has \(count)")
    }
    if most < 255 { samples = samples.map { UInt8((min(Int($0), most) * 255 + most / 2) / most) } }
    return Picture(width: width, height: height, channels: kind.channels, bytes: samples)
  }

  private struct Kind {
    let channels: Int
    let isPlain: Bool

    init?(_ digit: UInt8) {
      guard [0x32, 0x33, 0x35, 0x36].contains(digit) else { return nil }
      channels = digit == 0x32 || digit == 0x35 ? 1 : 3
      isPlain = digit < 0x35
    }
  }

  /// Numbers between spaces and comments.
  private struct Source {
    private let bytes: [UInt8]
    private var place = 2

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func number() -> Int? {
      while place < bytes.count {
        if bytes[place] == 0x23 {
          while place < bytes.count, bytes[place] != 0x0A { place += 1 }
        } else if bytes[place] == 0x20 || (0x09...0x0D).contains(bytes[place]) {
          place += 1
        } else {
          break
        }
      }
      var value = 0
      let start = place
      while place < bytes.count, (0x30...0x39).contains(bytes[place]), value < 1 << 40 {
        value = value * 10 + Int(bytes[place] - 0x30)
        place += 1
      }
      return place > start ? value : nil
    }

    /// The bytes after the one space that ends the head.
    func rest(_ count: Int) -> [UInt8] {
      guard place < bytes.count else { return [] }
      return Array(bytes[(place + 1)...].prefix(count))
    }
  }
}
