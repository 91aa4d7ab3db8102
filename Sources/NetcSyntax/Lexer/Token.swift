/// One token: what it is and which bytes it covers.
struct Token: Hashable, Sendable {
  /// What it is.
  var kind: TokenKind
  /// The contextual word a name spells.
  var word: Word?
  /// Whether no other token stands before it on its line.
  var isFirstOnLine: Bool
  /// Offset of its first byte.
  var start: UInt32
  /// Offset after its last byte.
  var end: UInt32
  /// Position in the list of numbers or strings, for those.
  var payload: Int
}
