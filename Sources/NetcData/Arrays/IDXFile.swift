/// The format of MNIST's files: two zero bytes, the element's code, the number of dimensions, each
/// dimension as 32 bits, then the numbers, all big-endian.
///
/// - Reference: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
enum IDXFile {
  /// Reads a file, plain or gzip.
  /// - Throws: DataError for what is no IDX file, and for one that is longer or shorter than its
  ///   head says.
  static func read(_ path: String) throws(DataError) -> StoredArray {
    let stream = try ByteStream(path: path)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var head: Head?
    while true {
      let count = try stream.read(into: &chunk)
      if count == 0 { break }
      bytes += chunk[..<count]
      if head == nil {
        head = try Head(bytes, path: path)
        if let head {
          // Without its head the array needs no second copy.
          bytes.removeFirst(head.start)
          // What a damaged head claims is no reason to take memory.
          bytes.reserveCapacity(min(head.size, 1 << 28))
        }
      }
      if let head, bytes.count > head.size {
        throw DataError(
          "more bytes than the \(head.start + head.size) of an array of shape \(head.shape)",
          path: path)
      }
    }
    guard let head else {
      throw DataError(
        bytes.isEmpty ? "the file is empty" : "the file ends within its head", path: path)
    }
    guard bytes.count == head.size else {
      throw DataError(
        "\(head.start + bytes.count) bytes, but an array of shape \(head.shape) takes"
          + " \(head.start + head.size)", path: path, help: "the file is cut off")
    }
    let values = head.format.values(bytes, from: 0, count: head.count)
    return StoredArray(shape: head.shape, values: values, path: path)
  }

  private struct Head {
    let shape: [Int]
    let format: ElementFormat
    let count: Int
    /// Where the numbers start.
    let start: Int
    /// The bytes of the numbers.
    let size: Int

    /// Nil when the bytes do not reach.
    init?(_ bytes: [UInt8], path: String) throws(DataError) {
      guard bytes.count >= 4 else { return nil }
      guard bytes[0] == 0, bytes[1] == 0, let format = Head.format(bytes[2]) else {
        let magic = bytes[..<4].map { hexadecimal($0) }.joined(separator: " ")
        throw DataError(
          "this is no IDX file: it starts with \(magic)", path: path,
          help: "an IDX file starts with 00 00, a code for its numbers (08, 09, 0b to 0e) and the"
            + " number of dimensions")
      }
      let rank = Int(bytes[3])
      guard rank > 0, rank <= 8 else {
        throw DataError("an IDX file of \(rank) dimensions, 1 to 8 can be read", path: path)
      }
      guard bytes.count >= 4 + 4 * rank else { return nil }
      shape = (0..<rank).map { axis in
        bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
      }
      var count = 1
      for size in shape {
        let (product, isTooLarge) = count.multipliedReportingOverflow(by: size)
        guard !isTooLarge, product < 1 << 48 else {
          throw DataError("an array of shape \(shape) is too large", path: path)
        }
        count = product
      }
      self.format = format
      self.count = count
      start = 4 + 4 * rank
      size = count * format.size
    }

    private static func format(_ code: UInt8) -> ElementFormat? {
      switch code {
      case 0x08: ElementFormat(kind: .unsigned, size: 1, isBigEndian: true)
      case 0x09: ElementFormat(kind: .signed, size: 1, isBigEndian: true)
      case 0x0B: ElementFormat(kind: .signed, size: 2, isBigEndian: true)
      case 0x0C: ElementFormat(kind: .signed, size: 4, isBigEndian: true)
      case 0x0D: ElementFormat(kind: .float, size: 4, isBigEndian: true)
      case 0x0E: ElementFormat(kind: .float, size: 8, isBigEndian: true)
      default: nil
      }
    }
  }
}

/// Two hexadecimal digits.
func hexadecimal(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16)
  return digits.count == 1 ? "0" + digits : digits
}
