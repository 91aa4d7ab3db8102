/// The files of one compilation, by number: the user's file, then standard-library files.
public struct SourceMap: Sendable {
  /// The files in the order they were added.
  public private(set) var files: [SourceFile] = []

  /// An empty map.
  public init() {}

  /// Adds a text and returns its number.
  public mutating func add(name: String, text: String) -> SourceID {
    files.append(SourceFile(name: name, text: text))
    return SourceID(rawValue: UInt16(truncatingIfNeeded: files.count - 1))
  }

  /// The file of a number of this map.
  public subscript(id: SourceID) -> SourceFile {
    guard Int(id.rawValue) < files.count else {
      internalError("source map: no file \(id.rawValue) among \(files.count)")
    }
    return files[Int(id.rawValue)]
  }

  /// The source text of a range.
  public func text(_ range: SourceRange) -> String {
    self[range.file].text(from: range.start, to: range.end)
  }

  /// `name:line:column` of a range's start.
  public func location(_ range: SourceRange) -> String {
    let position = self[range.file].position(of: range.start)
    return "\(self[range.file].name):\(position.line):\(position.column)"
  }

  /// `name:line` of a range's start, as dumps print it.
  public func line(_ range: SourceRange) -> String {
    "\(self[range.file].name):\(self[range.file].position(of: range.start).line)"
  }
}
