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

  /// The source line and its carets; a range over several lines is marked to the end of its first.
  private func excerpt(_ label: Diagnostic.Label, mark: Character, tint: String) -> [String] {
    let file = sources[label.range.file]
    let start = file.position(of: label.range.start)
    let end = file.position(of: label.range.end)
    let text = file.text(ofLine: start.line)
    let scalars = Array(text.unicodeScalars)
    let stop = end.line == start.line ? end.column : scalars.count + 1
    let indent = String(String.UnicodeScalarView(scalars.prefix(start.column - 1).map { $0 == "\t" ? $0 : " " }))
    let carets = String(repeating: mark, count: max(1, stop - start.column))
    let number = String(start.line)
    let gutter = String(repeating: " ", count: max(0, 4 - number.count)) + number
    let blank = String(repeating: " ", count: gutter.count)
    let words = label.text.isEmpty ? carets : "\(carets) \(label.text)"
    return ["\(gutter) | \(text)", "\(blank) | \(indent)\(paint(words, tint))"]
  }
}
