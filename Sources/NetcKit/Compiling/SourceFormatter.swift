public import NetcCore
import NetcData
import NetcSyntax

/// Writes programs in the canonical form.
public enum SourceFormatter {
  /// What became of a file.
  public enum Outcome: Sendable {
    /// It is in the canonical form.
    case unchanged
    /// It was, or would be, written anew.
    case changed
    /// It has syntax errors and was left alone.
    case hasErrors([Diagnostic], SourceMap)
  }

  /// The canonical form of a program; nil when it has syntax errors.
  public static func format(_ text: String, name: String = "<string>") -> String? {
    var sources = SourceMap()
    let file = sources.add(name: name, text: text)
    return formatted(file, in: sources)
  }

  /// Formats a file, in place when `writes`.
  /// - Throws: `NetcError.file` when it cannot be read or written.
  public static func format(fileAt path: String, writes: Bool) throws(NetcError) -> Outcome {
    guard let bytes = contents(ofFile: path),
      let text = String(validating: bytes, as: UTF8.self)
    else { throw .file(path: path, reason: "cannot be read as UTF-8 text") }
    var sources = SourceMap()
    let file = sources.add(name: path, text: text)
    guard let canonical = formatted(file, in: sources) else {
      return .hasErrors(parse(file, in: sources).diagnostics, sources)
    }
    if canonical == text { return .unchanged }
    if writes {
      do { try writeAtomically(Array(canonical.utf8), to: path) } catch {
        throw .file(path: path, reason: error.message)
      }
    }
    return .changed
  }
}
