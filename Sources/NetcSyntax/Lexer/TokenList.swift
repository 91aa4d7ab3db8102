import NetcCore

/// A file as tokens, with what does not fit into a token.
struct TokenList: Sendable {
  /// A comment that reads like Python's whole division: `width // 2`.
  struct DivisionComment: Sendable {
    /// The two slashes and what follows.
    let range: SourceRange
    /// The number or name that follows, all there is on the line.
    let divisor: String
    /// Whether it is a number.
    let isNumber: Bool
    /// The token the slashes follow.
    let dividend: Int
  }

  /// The tokens; the last one, and no other, is the end of the file.
  var tokens: [Token] = []
  /// The numbers, by a token's payload.
  var numbers: [NumberLiteral] = []
  /// The strings, by a token's payload.
  var strings: [StringLiteral] = []
  /// The doc comment before a token, by the token's position.
  var documentation: [Int: (text: String, range: SourceRange)] = [:]
  /// The comments that read like a division.
  var divisions: [DivisionComment] = []
  /// What was wrong with the text.
  var diagnostics: [Diagnostic] = []
}
