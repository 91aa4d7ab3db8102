import NetcCore

extension DiagnosticKind {
  /// A positional argument behind a labelled one.
  static let positionalAfterLabel = DiagnosticKind(
    "E0212", "an argument without a label after one with",
    page: #"""
      Arguments without a label come first, in the order of the signature; after the
      first label every argument needs one.

          conv2d(x, kernel: 5, 8)          // wrong
          conv2d(x, 8, kernel: 5)          // right
      """#)
}

extension Diagnostic {
  /// A positional argument behind a labelled one.
  static func positionalAfterLabel(after label: Name, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .positionalAfterLabel, "an argument without a label after `\(label):`", at: range,
      notes: [Diagnostic.Label(label.range, "labelled from here on")],
      help: ["label it, or move it to the front"])
  }
}
