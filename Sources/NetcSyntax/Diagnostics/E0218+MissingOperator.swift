import NetcCore

extension DiagnosticKind {
  /// An operator left out.
  static let missingOperator = DiagnosticKind(
    "E0218", "two values side by side",
    page: #"""
      Two values stand side by side with nothing between them. Slides write W x for
      a product; the language writes `W @ x`, or `x @ W` when each row of x is an
      example. Element by element it is `*`. Calls need parentheses, lists commas.

          let a = W x              // wrong
          let a = x @ W            // right

          let s = sigmoid x        // wrong
          let s = sigmoid(x)       // right
      """#)
}

extension Diagnostic {
  /// Two values side by side.
  static func missingOperator(
    _ left: String, _ right: String, at range: SourceRange
  ) -> Diagnostic {
    let isName = left.unicodeScalars.first.map(NameCharacters.begins) ?? false
    let isShort = left.count + right.count <= 40 && left != ")" && left != "]"
    let a = isShort ? left : "a"
    let b = isShort ? right : "b"
    var help = ["a matrix product is `\(a) @ \(b)`, element by element `\(a) * \(b)`"]
    if isName { help.append("a call is `\(a)(\(b))`") }
    if right == "(" || right.hasPrefix("\"") || left.hasPrefix("\"") {
      help = ["an operator or a comma is missing"]
    }
    return Diagnostic(
      .missingOperator, "nothing stands between `\(left)` and `\(right)`", at: range, help: help)
  }
}
