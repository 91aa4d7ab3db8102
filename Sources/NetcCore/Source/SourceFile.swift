/// One source text with the offsets of its lines.
public struct SourceFile: Sendable {
  /// The name shown in diagnostics: a path as the user wrote it, or `<string>`.
  public let name: String
  /// The whole text as UTF-8.
  public let utf8: [UInt8]
  /// Offset of the first byte of each line, ascending; never empty.
  private let lineStarts: [UInt32]

  /// Indexes `text` by line.
  /// - Complexity: O(n) in the bytes of the text.
  public init(name: String, text: String) {
    self.name = name
    utf8 = Array(text.utf8)
    var starts: [UInt32] = [0]
    for (offset, byte) in utf8.enumerated() where byte == 0x0A {
      starts.append(UInt32(truncatingIfNeeded: offset + 1))
    }
    lineStarts = starts
  }

  /// How many lines the text has; at least 1.
  public var lineCount: Int { lineStarts.count }

  /// The 1-based line and column (counted in Unicode scalars) of a byte offset; clamped to the
  /// text.
  /// - Complexity: O(log lines + line length).
  public func position(of offset: UInt32) -> (line: Int, column: Int) {
    let clamped = min(Int(offset), utf8.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lineStarts[middle]) <= clamped { low = middle } else { high = middle }
    }
    let prefix = utf8[Int(lineStarts[low])..<clamped]
    return (low + 1, String(decoding: prefix, as: UTF8.self).unicodeScalars.count + 1)
  }

  /// The text of a 1-based line without its line ending; empty outside the file.
  public func text(ofLine line: Int) -> String {
    guard line >= 1, line <= lineStarts.count else { return "" }
    let start = Int(lineStarts[line - 1])
    var end = line < lineStarts.count ? Int(lineStarts[line]) - 1 : utf8.count
    if end > start, utf8[end - 1] == 0x0D { end -= 1 }
    return String(decoding: utf8[start..<max(start, end)], as: UTF8.self)
  }

  /// The text of the bytes `start..<end`, clamped to the file.
  public func text(from start: UInt32, to end: UInt32) -> String {
    let low = min(Int(start), utf8.count)
    return String(decoding: utf8[low..<max(low, min(Int(end), utf8.count))], as: UTF8.self)
  }
}
