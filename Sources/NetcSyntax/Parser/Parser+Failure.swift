import NetcCore

extension Parser {
  /// Records something wrong; reading goes on from here as if it were right.
  mutating func report(_ diagnostic: Diagnostic) {
    guard diagnostics.count < ParserLimits.errors else { return }
    diagnostics.append(diagnostic)
    if diagnostics.count == ParserLimits.errors {
      diagnostics.append(.tooManyErrors(at: here))
      position = list.tokens.count - 1
      hasFailed = true
      isHopeless = true
    }
  }

  /// Records something wrong that the present rule cannot go on from; silent after an earlier
  /// failure.
  ///
  /// Silent too where the text itself could not be read: that was reported, and explains the rest.
  mutating func fail(_ diagnostic: Diagnostic) {
    if hasFailed { return }
    if !isUnreadable { report(diagnostic) }
    hasFailed = true
  }

  /// Whether a lexical error lies between the last token read and the end of the present one.
  private var isUnreadable: Bool {
    let start = position > 0 ? list.tokens[position - 1].start : 0
    let end = current.end
    return list.diagnostics.contains { diagnostic in
      guard let range = diagnostic.primary?.range else { return false }
      return range.start < max(end, start + 1) && range.end > start
    }
  }

  /// Opens one more level of nesting; false, with a failure, when there are too many.
  mutating func enter() -> Bool {
    nesting += 1
    if nesting <= ParserLimits.nesting { return true }
    fail(.tooDeep("this is nested more than \(ParserLimits.nesting) deep", at: here))
    isHopeless = true
    return false
  }

  /// Closes a level that `enter` opened, also when it gave false.
  mutating func leave() { nesting -= 1 }

  /// Takes the bracket that closes `opener`; after an error inside, looks for it and goes on behind
  /// it.
  mutating func close(_ closer: TokenKind, opened opener: Token, separator: String = "`,`") {
    if accept(closer) { return }
    if !hasFailed { reportUnclosed(closer, opener, separator) }
    if isHopeless { return }
    guard let index = indexOfCloser(closer) else { return }
    position = index
    hasFailed = false
    advance()
  }

  private mutating func reportUnclosed(_ closer: TokenKind, _ opener: Token, _ separator: String) {
    let place = range(of: opener)
    let choices =
      separator.isEmpty ? "`\(closer.spelling)`" : "\(separator) or `\(closer.spelling)`"
    if kind == .rightParenthesis || kind == .rightBracket {
      fail(.mismatchedBracket(opener.kind.spelling, at: place, closer: kind.spelling, at: here))
    } else if endsBrackets {
      fail(
        .unclosedBracket(
          opener.kind.spelling, at: place, expected: choices, before: found, at: here))
    } else if isJuxtaposed {
      fail(missingOperator())
    } else {
      fail(.unexpected(found, expected: choices, note: (place, "to close this"), at: here))
    }
  }

  /// Whether the present token cannot stand inside brackets, so that one before it was not closed.
  private var endsBrackets: Bool {
    switch kind {
    case .endOfFile, .leftBrace, .rightBrace: true
    default: beginsStatement(at: position)
    }
  }

  /// The position of the bracket that closes the one we are in; nil when the statement ends before
  /// it.
  private func indexOfCloser(_ closer: TokenKind) -> Int? {
    var depth = 0
    let limit = min(position + ParserLimits.closerSearch, list.tokens.count)
    var index = position
    while index < limit {
      switch list.tokens[index].kind {
      case .leftParenthesis, .leftBracket: depth += 1
      case .rightParenthesis, .rightBracket:
        if depth == 0 { return list.tokens[index].kind == closer ? index : nil }
        depth -= 1
      case .leftBrace, .rightBrace, .endOfFile: return nil
      default: if beginsStatement(at: index) { return nil }
      }
      index += 1
    }
    return nil
  }

  /// Whether the present token begins an operand right after another on the same line, as in `W x`.
  var isJuxtaposed: Bool {
    guard !hasFailed, position > 0, !current.isFirstOnLine else { return false }
    switch kind {
    case .name, .number, .string, .true, .false, .leftParenthesis:
      return list.tokens[position - 1].kind.endsOperand
        && list.tokens[position - 1].kind != .rightBrace
    default: return false
    }
  }

  /// The error for two values side by side.
  func missingOperator() -> Diagnostic {
    let before = list.tokens[position - 1]
    return .missingOperator(text(of: before), text(of: current), at: here)
  }
}
