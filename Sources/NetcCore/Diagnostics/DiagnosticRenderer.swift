/// Writes diagnostics for people: code, place, source line, carets, notes, help.
public struct DiagnosticRenderer: Sendable {
  /// The files the ranges point into.
  public let sources: SourceMap
  /// Whether ANSI colours are written.
  public let color: Bool

  /// A renderer over `sources`.
  public init(sources: SourceMap, color: Bool = false) {
    self.sources = sources
    self.color = color
  }

  /// The whole text of one diagnostic, ending with a newline.
  public func render(_ diagnostic: Diagnostic) -> String {
    var lines = [headline(diagnostic)]
    if let primary = diagnostic.primary {
      lines.append("  --> \(sources.location(primary.range))")
      var file = primary.range.file
      lines += excerpt(primary, mark: "^", tint: tint(diagnostic.severity))
      for note in diagnostic.notes {
        if note.range.file != file {
          lines.append("  ::: \(sources.location(note.range))")
          file = note.range.file
        }
        lines += excerpt(note, mark: "-", tint: "36")
      }
    }
    for text in diagnostic.help { lines.append("  \(paint("help", "32")): \(text)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func headline(_ diagnostic: Diagnostic) -> String {
    let name = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]"
    return "\(paint(name, tint(diagnostic.severity))): \(diagnostic.message)"
  }

  private func tint(_ severity: DiagnosticKind.Severity) -> String {
    switch severity {
    case .error: "1;31"
    case .warning: "1;33"
    case .note: "1;36"
    }
  }

  private func paint(_ text: String, _ code: String) -> String {
    color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// A scalar as it is shown: characters that hide or turn the text around them become visible
  /// ones.
  private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.properties.generalCategory {
    case .control: scalar == "\t" ? scalar : "\u{FFFD}"
    case .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
    default: scalar
    }
  }

  /// The part of a long line around a column that is shown; the whole of a line of up to 200
  /// characters.
  private static func window(around column: Int, of count: Int) -> Range<Int> {
    if count <= 200 { return 0..<count }
    let low = max(0, min(column - 60, count - 120))
    return low..<min(count, low + 120)
  }

  /// The source line and its carets; a range over several lines is marked to the end of its first.
  private func excerpt(_ label: Diagnostic.Label, mark: Character, tint: String) -> [String] {
    let file = sources[label.range.file]
    let start = file.position(of: label.range.start)
    let end = file.position(of: label.range.end)
    let text = file.text(ofLine: start.line)
    let scalars = text.unicodeScalars.map { DiagnosticRenderer.visible($0) }
    let stop = end.line == start.line ? end.column : scalars.count + 1
    let window = DiagnosticRenderer.window(around: start.column - 1, of: scalars.count)
    let shown = String(String.UnicodeScalarView(scalars[window]))
    let before = scalars[
      window.lowerBound..<min(max(start.column - 1, window.lowerBound), window.upperBound)]
    let indent = String(String.UnicodeScalarView(before.map { $0 == "\t" ? $0 : " " }))
    let width = min(stop, window.upperBound + 1) - start.column
    let carets = String(repeating: mark, count: max(1, width))
    let number = String(start.line)
    let gutter = String(repeating: " ", count: max(0, 4 - number.count)) + number
    let blank = String(repeating: " ", count: gutter.count)
    let words = label.text.isEmpty ? carets : "\(carets) \(label.text)"
    return ["\(gutter) | \(shown)", "\(blank) | \(indent)\(paint(words, tint))"]
  }
}
