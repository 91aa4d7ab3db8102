/// What a diagnostic is about: its code, its weight and the page `netc explain CODE` prints.
public struct DiagnosticKind: Hashable, Sendable {
  /// How much a diagnostic weighs.
  public enum Severity: String, Hashable, Sendable {
    /// The program cannot be compiled.
    case error
    /// The program compiles but probably does not do what was meant.
    case warning
    /// A remark.
    case note
  }

  /// `E` (error), `W` (warning) or `N` (note), two digits for the stage and two for the kind, as in
  /// `E0304`.
  public let code: String
  /// Follows from the code's first letter.
  public var severity: Severity {
    code.hasPrefix("E") ? .error : code.hasPrefix("W") ? .warning : .note
  }
  /// A few words, without capital or full stop.
  public let title: String
  /// The explanation: what it means, a wrong example, how to mend it. Plain text, lines of at most
  /// 80 columns.
  public let page: String

  /// A kind; `code` decides its severity.
  public init(_ code: String, _ title: String, page: String) {
    self.code = code
    self.title = title
    self.page = page
  }
}
