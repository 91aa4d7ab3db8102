import NetcCore

extension Parser {
  /// Goes to where the next statement begins, or to the brace that closes this block.
  ///
  /// Goes on at least one token from `start`, where the statement that failed began.
  mutating func recover(from start: Int) {
    hasFailed = false
    isHopeless = false
    let margin = column(of: list.tokens[start])
    var depth = 0
    defer { noteDoubt(from: start, to: position) }
    while true {
      let token = list.tokens[position]
      if token.kind == .endOfFile { return }
      if depth == 0, position > start {
        if token.kind == .rightBrace || beginsStatement(at: position) { return }
        // An unknown word below the one that failed is a statement of its own.
        if token.kind == .name, token.isFirstOnLine, column(of: token) == margin { return }
      }
      if token.kind == .leftBrace { depth += 1 }
      if token.kind == .rightBrace { depth -= 1 }
      if depth < 0 { depth = 0 }
      position += 1
    }
  }

  /// Notes the statement from `start` on as doubtful when it, or the header of its block, drew an
  /// error that its reading did not mend.
  mutating func checkDoubt(from start: Int, knownErrors: Int) {
    guard diagnostics.count > knownErrors || !list.diagnostics.isEmpty, position > start else {
      return
    }
    let brace = list.tokens[start..<position].firstIndex { $0.kind == .leftBrace } ?? position
    let header = list.tokens[start].start..<max(list.tokens[start].start, list.tokens[brace].start)
    // Beyond so many, errors of the tokens themselves make all of the file doubtful.
    if list.diagnostics.count > 100 { doubt.isEverywhere = true }
    let isDoubtful = (diagnostics[knownErrors...] + list.diagnostics.prefix(100)).contains {
      $0.severity == .error && $0.fixes.isEmpty
        && header.contains($0.primary?.range.start ?? UInt32.max)
    }
    if isDoubtful { noteDoubt(from: start, to: brace) }
  }

  /// Notes the names that a stretch of tokens may declare: those before `=` or `:` and those after
  /// a statement's word.
  private mutating func noteDoubt(from start: Int, to end: Int) {
    guard end > start else { return }
    let tokens = list.tokens[start..<end]
    doubt.places.append(range(of: tokens[start]).joined(with: range(of: tokens[end - 1])))
    let firstEqual = tokens.firstIndex { $0.kind == .equal } ?? start
    for index in tokens.indices where tokens[index].kind == .name {
      let next = list.tokens[min(index + 1, list.tokens.count - 1)].kind
      let isOpened = index > start && declares(tokens[index - 1])
      if index < firstEqual || next == .equal || next == .colon || isOpened {
        doubt.names.insert(text(of: tokens[index]))
      }
    }
  }

  /// Whether a word declares the name after it.
  private func declares(_ token: Token) -> Bool {
    switch token.kind {
    case .let, .var, .const, .fn, .layer, .rule, .for: true
    default: [.input, .param, .state, .data, .gradient, .scan].contains(token.word)
    }
  }

  /// How many bytes stand before a token on its line; -1 when another token does.
  private func column(of token: Token) -> Int {
    guard token.isFirstOnLine else { return -1 }
    var offset = Int(token.start)
    while offset > 0, source.utf8[offset - 1] != UInt8(ascii: "\n"),
      source.utf8[offset - 1] != UInt8(ascii: "\r")
    {
      offset -= 1
    }
    return Int(token.start) - offset
  }

  /// Goes to a block's `{` after an error in the header before it; stays when a statement comes
  /// first.
  mutating func recoverToBlock() {
    guard hasFailed, !isHopeless else { return }
    var index = position
    while true {
      let token = list.tokens[index]
      switch token.kind {
      case .leftBrace:
        position = index
        hasFailed = false
        return
      case .rightBrace, .endOfFile: return
      default: if beginsStatement(at: index) { return }
      }
      index += 1
    }
  }

  /// Whether a statement can be taken to begin at a token, judging by its word, its line and what
  /// follows.
  func beginsStatement(at index: Int) -> Bool {
    let token = list.tokens[index]
    let next = list.tokens[min(index + 1, list.tokens.count - 1)]
    switch token.kind {
    case .let, .var, .const, .layer, .rule: return next.kind == .name || token.isFirstOnLine
    case .fn:
      let third = list.tokens[min(index + 2, list.tokens.count - 1)]
      return next.kind == .name && third.kind == .leftParenthesis || token.isFirstOnLine
    case .import: return next.kind == .string || token.isFirstOnLine
    case .return: return true
    case .for: return token.isFirstOnLine && next.kind == .name
    case .if: return token.isFirstOnLine
    case .name:
      guard token.isFirstOnLine else { return false }
      if next.kind == .equal { return true }
      guard let word = token.word else { return false }
      return fits(word, next)
    default: return false
    }
  }

  /// Whether the token after a statement's word is one that its statement goes on with.
  func fits(_ word: Word, _ next: Token) -> Bool {
    switch word {
    case .input, .param, .state, .update, .optimizer, .data, .gradient, .scan: next.kind == .name
    case .loss, .metric, .output, .yield: next.kind.beginsOperand
    case .freeze: next.kind == .string
    case .train: next.kind == .leftParenthesis
    case .in, .along, .reversed, .minimize, .every, .as, .class: false
    }
  }
}
