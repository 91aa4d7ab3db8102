/// A decoded image: rows of pixels from the top, each with one grey or three colour bytes.
struct Picture: Hashable, Sendable {
  let width: Int
  let height: Int
  /// 1 for grey, 3 for red, green, blue.
  let channels: Int
  /// `height * width * channels` bytes.
  let bytes: [UInt8]

  /// The most pixels that are decoded.
  static let largest = 1 << 26

  /// Decodes a PNG, PPM or PGM file.
  /// - Throws: DataError for other files and damaged ones.
  init(contentsOf path: String) throws(DataError) {
    let bytes = try ByteStream(path: path).readAll()
    do throws(PictureProblem) {
      if bytes.starts(with: PNGDecoder.signature) {
        self = try PNGDecoder.picture(bytes)
      } else if bytes.first == 0x50 {
        self = try PNMDecoder.picture(bytes)
      } else {
        throw PictureProblem("this is no PNG, PPM or PGM image")
      }
    } catch {
      throw DataError(error.message, path: path, help: error.help)
    }
  }

  /// An image of these parts.
  init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }

  /// The bytes channel by channel, as `[channels, height, width]`: colours become grey by their
  /// luma, 0.299 red + 0.587 green + 0.114 blue, and grey is repeated for colours.
  func planes(channels wanted: Int) -> [UInt8] {
    let count = width * height
    if wanted == 1, channels == 3 {
      return (0..<count).map { pixel in
        let red = 299 * Int(bytes[pixel * 3])
        let green = 587 * Int(bytes[pixel * 3 + 1])
        let blue = 114 * Int(bytes[pixel * 3 + 2])
        return UInt8((red + green + blue + 500) / 1000)
      }
    }
    if channels == 1 { return (0..<wanted).flatMap { _ in bytes } }
    return (0..<3).flatMap { channel in (0..<count).map { bytes[$0 * 3 + channel] } }
  }
}

/// Why an image cannot be decoded.
struct PictureProblem: Error {
  let message: String
  var help: String?

  init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}
