/// Whether a blank stands between two tokens on one line.
struct TokenSpacing {
  private var previous: Token?
  /// Whether the previous token is a minus in front of its operand.
  private var previousIsSign = false

  /// Whether a blank stands before `token`.
  func needsSpace(before token: Token, isStatement: Bool, isInIndex: Bool) -> Bool {
    guard let previous else { return false }
    if isStatement { return true }
    if previousIsSign { return false }
    switch previous.kind {
    case .leftParenthesis, .leftBracket, .dot, .halfOpen, .caret: return false
    case .ellipsis: return token.kind != .name && !tight(token, isInIndex)
    case .colon where isInIndex: return false
    default: break
    }
    if tight(token, isInIndex) { return false }
    switch token.kind {
    case .leftParenthesis, .leftBracket:
      // After a word such as `in` or `loss` a bracket begins an expression; after a name it is a
      // call or an index.
      if previous.word != nil, token.start > previous.end { return true }
      return token.kind == .leftBracket
        ? !previous.kind.endsOperand : previous.kind != .name && !previous.kind.closes
    default: return true
    }
  }

  private func tight(_ token: Token, _ isInIndex: Bool) -> Bool {
    switch token.kind {
    case .rightParenthesis, .rightBracket, .comma, .dot, .halfOpen, .caret: true
    case .colon: !(isInIndex && previous?.kind == .comma)
    default: false
    }
  }

  /// Takes note of a token that was written.
  mutating func note(_ token: Token) {
    previousIsSign = token.kind == .minus && !(previous?.kind.endsOperand ?? false)
    previous = token
  }
}
