/// Cuts a stream of bytes into the rows of a CSV file, holding one row and one chunk at a time.
///
/// Rows end with LF, CRLF or CR; rows without any content are skipped, as is a byte order mark. A
/// field that begins with a quote (spaces before it are allowed) goes on to the next single quote
/// and may hold separators, line endings and doubled quotes. Elsewhere a quote is an ordinary
/// character. Spaces and tabs around a field that is not quoted do not belong to it.
/// - Reference: RFC 4180, widened by what spreadsheets and UCI files contain.
struct CSVScanner {
  /// The most bytes a row may have; more means a quote was left open.
  static let longestRow = 1 << 26

  private let stream: ByteStream
  private var separator: UInt8
  private var chunk = [UInt8](repeating: 0, count: 1 << 17)
  private var position = 0
  private var filled = 0
  private var line = 1
  /// Bytes of the current line taken so far.
  private var column = 0

  /// A scanner at the start of a stream.
  /// - Parameter separator: the byte between fields; nil takes the most frequent of comma,
  ///   semicolon and tab in the first line.
  /// - Throws: DataError when reading fails or the text is UTF-16.
  init(_ stream: ByteStream, separator: UInt8?) throws(DataError) {
    self.stream = stream
    self.separator = separator ?? 0x2C
    filled = try stream.read(into: &chunk)
    if filled >= 2, chunk[0] == 0xFF && chunk[1] == 0xFE || chunk[0] == 0xFE && chunk[1] == 0xFF {
      throw DataError("the text is UTF-16", path: stream.path, line: 1, help: "save it as UTF-8")
    }
    if filled >= 3, chunk[0] == 0xEF, chunk[1] == 0xBB, chunk[2] == 0xBF { position = 3 }
    if separator == nil { self.separator = commonSeparator() }
  }

  /// Reads the next row with content into `record`; false at the end.
  /// - Throws: DataError for a quote left open, text after a closing quote, an endless row, a
  ///   failure to read.
  mutating func next(_ record: inout CSVRecord) throws(DataError) -> Bool {
    while true {
      if position == filled { guard try refill() else { return false } }
      record.bytes.removeAll(keepingCapacity: true)
      record.fields.removeAll(keepingCapacity: true)
      while try field(into: &record) {}
      if record.fields.count > 1 { return true }
      if let only = record.fields.first, only.isQuoted || !only.range.isEmpty { return true }
    }
  }

  /// Appends one field and takes the separator or line ending after it; true when a separator
  /// follows.
  private mutating func field(into record: inout CSVRecord) throws(DataError) -> Bool {
    var field = CSVRecord.Field(
      range: 0..<0, line: line, column: column + 1, isQuoted: false)
    var start = record.bytes.count
    while let byte = try take() {
      if byte == separator || byte == 0x0A || byte == 0x0D {
        append(field, from: start, to: &record)
        if byte == separator { return true }
        try endLine(after: byte)
        return false
      }
      if byte == 0x22, !field.isQuoted, record.bytes[start...].allSatisfy(isSpace) {
        record.bytes.removeSubrange(start...)
        start = record.bytes.count
        field.isQuoted = true
        field.column = column
        try quoted(into: &record, opened: (line, column))
      } else if field.isQuoted {
        guard isSpace(byte) else {
          throw error("text after a closing quote", help: "write a quote inside quotes twice: \"\"")
        }
      } else {
        try append(byte, to: &record)
      }
    }
    append(field, from: start, to: &record)
    return false
  }

  /// Appends what stands up to the closing quote.
  private mutating func quoted(
    into record: inout CSVRecord, opened: (line: Int, column: Int)
  ) throws(DataError) {
    while let byte = try take() {
      if byte == 0x22 {
        guard try peek() == 0x22 else { return }
        _ = try take()
      } else if byte == 0x0A {
        line += 1
        column = 0
      }
      guard record.bytes.count < CSVScanner.longestRow else { break }
      record.bytes.append(byte)
    }
    throw DataError(
      "a quote is opened here and never closed", path: stream.path, line: opened.line,
      column: opened.column)
  }

  private func append(_ field: CSVRecord.Field, from start: Int, to record: inout CSVRecord) {
    var field = field
    var low = start
    var high = record.bytes.count
    if !field.isQuoted {
      while low < high, isSpace(record.bytes[low]) { low += 1 }
      while high > low, isSpace(record.bytes[high - 1]) { high -= 1 }
      field.column += low - start
    }
    field.range = low..<high
    record.fields.append(field)
  }

  private mutating func append(_ byte: UInt8, to record: inout CSVRecord) throws(DataError) {
    guard record.bytes.count < CSVScanner.longestRow else {
      throw error("a row is longer than \(CSVScanner.longestRow >> 20) MiB")
    }
    record.bytes.append(byte)
  }

  private mutating func endLine(after byte: UInt8) throws(DataError) {
    if byte == 0x0D, try peek() == 0x0A { _ = try take() }
    line += 1
    column = 0
  }

  @inline(__always)
  private mutating func take() throws(DataError) -> UInt8? {
    if position == filled { guard try refill() else { return nil } }
    let byte = chunk[position]
    position += 1
    column += 1
    return byte
  }

  private mutating func peek() throws(DataError) -> UInt8? {
    if position == filled { guard try refill() else { return nil } }
    return chunk[position]
  }

  private mutating func refill() throws(DataError) -> Bool {
    filled = try stream.read(into: &chunk)
    position = 0
    return filled > 0
  }

  private func error(_ message: String, help: String? = nil) -> DataError {
    DataError(message, path: stream.path, line: line, column: max(1, column), help: help)
  }

  /// The most frequent of comma, semicolon and tab outside quotes before the first line ending of
  /// the first chunk.
  private func commonSeparator() -> UInt8 {
    let candidates: [UInt8] = [0x2C, 0x3B, 0x09]
    var counts = [0, 0, 0]
    var inQuotes = false
    for byte in chunk[position..<filled] {
      if byte == 0x22 { inQuotes.toggle() }
      if inQuotes { continue }
      if byte == 0x0A || byte == 0x0D {
        if counts != [0, 0, 0] { break }
        continue
      }
      if let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
    }
    let most = counts.max() ?? 0
    return candidates[counts.firstIndex(of: most) ?? 0]
  }
}

/// Whether a byte is a space or a tab.
@inline(__always)
private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
