import NetcCore

/// Builds the text of a CSV file row after row; what it writes, `CSVReader` reads back.
package struct CSVWriter: Sendable {
  /// One field.
  package enum Cell: Hashable, Sendable {
    /// The shortest text that reads back as the same double; `nan`, `inf`, `-inf` as words.
    case number(Double)
    /// The shortest text that reads back as the same 32-bit number.
    case float(Float)
    case integer(Int)
    /// Quoted when it holds a separator, quote, line ending or outer spaces, or is empty.
    case text(String)

    /// The field as written.
    package var written: String {
      switch self {
      case .number(let value): return numberText(value)
      case .float(let value):
        guard value.isFinite else { return numberText(Double(value)) }
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
      case .integer(let value): return String(value)
      case .text(let text):
        let special: Set<UInt8> = [0x22, 0x2C, 0x3B, 0x09, 0x0A, 0x0D]
        let needsQuotes =
          text.isEmpty || text.utf8.first == 0x20 || text.utf8.last == 0x20
          || text.utf8.contains(where: special.contains) || text.unicodeScalars.first == "\u{FEFF}"
        guard needsQuotes else { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
          if scalar == "\"" { result += "\"" }
          result.unicodeScalars.append(scalar)
        }
        return result + "\""
      }
    }
  }

  /// The rows so far, each ending with a newline.
  package private(set) var text = ""

  /// An empty file.
  package init() {}

  /// Appends a row.
  package mutating func append(_ cells: [Cell]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { text += "," }
      text += cell.written
    }
    text += "\n"
  }

  /// Appends a row of words, as a header.
  package mutating func append(_ words: [String]) { append(words.map { .text($0) }) }

  /// Writes the file atomically.
  /// - Throws: DataError with the system's reason.
  package func write(to path: String) throws(DataError) {
    try writeAtomically(Array(text.utf8), to: path)
  }
}
