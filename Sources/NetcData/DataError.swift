package import NetcCore

/// Why data could not be read or written: where in the file or in the program, what was found, what
/// to change.
package struct DataError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, as opened; nil when the mistake stands in the program.
  package var path: String?
  /// The 1-based line in the file.
  package var line: Int?
  /// The 1-based column in the line, in bytes.
  package var column: Int?
  /// What was found and expected; lower case, no full stop.
  package var message: String
  /// What to change.
  package var help: String?
  /// The part of the program that asked for it.
  package var range: SourceRange?

  /// An error about a file or a request.
  package init(
    _ message: String, path: String? = nil, line: Int? = nil, column: Int? = nil,
    help: String? = nil, range: SourceRange? = nil
  ) {
    self.message = message
    self.path = path
    self.line = line
    self.column = column
    self.help = help
    self.range = range
  }

  /// `path:line:column: message`, with as many parts as are known; without the help.
  package var description: String {
    var place = path ?? ""
    if let line {
      place += ":\(line)"
      if let column { place += ":\(column)" }
    }
    return place.isEmpty ? message : "\(place): \(message)"
  }
}
