/// One row of a CSV file: the bytes of its fields without quotes, and where each field stands.
struct CSVRecord {
  /// One field.
  struct Field {
    /// Its bytes within `CSVRecord.bytes`, without surrounding spaces unless it is quoted.
    var range: Range<Int>
    /// The 1-based line it starts on.
    var line: Int
    /// The 1-based byte of that line it starts at.
    var column: Int
    /// Whether it was written in quotes.
    var isQuoted: Bool
  }

  /// The content of all fields, one after another.
  var bytes: [UInt8] = []
  /// The fields in order.
  var fields: [Field] = []

  /// The line the row starts on.
  var line: Int { fields.first?.line ?? 0 }

  /// The content of a field as text; what is not UTF-8 is replaced.
  func text(_ field: Int) -> String {
    String(decoding: bytes[fields[field].range], as: UTF8.self)
  }
}

/// File content for a message: at most 40 characters, control characters escaped.
func shown(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars.prefix(40) {
    if scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) {
      result += "\\u{\(String(scalar.value, radix: 16))}"
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return text.unicodeScalars.count > 40 ? result + "…" : result
}
