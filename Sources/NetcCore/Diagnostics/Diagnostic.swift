/// A message about the user's program: what was found, where, where the other side came from, what
/// to change.
public struct Diagnostic: Hashable, Sendable {
  /// A place with its own words, shown with carets.
  public struct Label: Hashable, Sendable {
    /// The place.
    public let range: SourceRange
    /// The words beside the carets; may be empty.
    public let text: String

    /// A place with words.
    public init(_ range: SourceRange, _ text: String) {
      self.range = range
      self.text = text
    }
  }

  /// A replacement of source text that mends the program.
  public struct Fix: Hashable, Sendable {
    /// What is replaced; empty for an insertion.
    public let range: SourceRange
    /// What stands there afterwards.
    public let replacement: String

    /// A replacement.
    public init(_ range: SourceRange, _ replacement: String) {
      self.range = range
      self.replacement = replacement
    }
  }

  /// The code, severity and page.
  public let kind: DiagnosticKind
  /// What was found and expected; lower case, no full stop.
  public let message: String
  /// Where; nil when the mistake has no place, as a missing declaration.
  public let primary: Label?
  /// The other places involved.
  public var notes: [Label]
  /// What to change, a sentence a line.
  public var help: [String]
  /// Replacements that mend it.
  public var fixes: [Fix]

  /// The code, as `E0304`.
  public var code: String { kind.code }
  /// Error, warning or note.
  public var severity: DiagnosticKind.Severity { kind.severity }

  /// A diagnostic at `range`, `label` beside its carets.
  public init(
    _ kind: DiagnosticKind, _ message: String, at range: SourceRange?, label: String = "",
    notes: [Label] = [], help: [String] = [], fixes: [Fix] = []
  ) {
    self.kind = kind
    self.message = message
    primary = range.map { Label($0, label) }
    self.notes = notes
    self.help = help
    self.fixes = fixes
  }
}
