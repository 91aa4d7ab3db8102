import NetcCore

extension Lexer {
  /// Reads what begins with a character outside ASCII: a name, or a character with an ASCII
  /// spelling.
  mutating func unicode() {
    guard let (scalar, length) = scalar(at: position) else { return }
    let start = position
    if NameCharacters.begins(scalar) {
      name()
    } else if let closing = Lookalike.closingQuote(scalar) {
      foreignString(closing: closing, openingLength: length)
    } else if let lookalike = Lookalike.find(scalar) {
      position += length
      report(.lookalike(scalar, lookalike.ascii, at: range(start, position)))
      if let kind = lookalike.meant { emit(kind, from: start, to: position) }
    } else if Lookalike.raised(scalar) != nil {
      power()
    } else if NameCharacters.isRaised(scalar) {
      raisedLetters()
    } else if isHidden(scalar) || scalar.properties.generalCategory == .spaceSeparator {
      position += length
      report(.hiddenCharacter(scalar, at: range(start, position)))
    } else {
      unknown()
    }
  }

  /// Reports characters that turn or hide the text around them in a comment or a string.
  mutating func checkHidden(from start: Int, to end: Int) {
    var offset = start
    while offset < end {
      if bytes[offset] < 0x80 {
        offset += 1
        continue
      }
      guard let next = scalar(at: offset) else { return }
      if turnsText(next.scalar) {
        report(.hiddenCharacter(next.scalar, at: range(offset, offset + next.length)))
      }
      offset += next.length
    }
  }

  /// Reads `x²` as `x^2`.
  private mutating func power() {
    let start = position
    var digits = ""
    while let next = scalar(at: position), let digit = Lookalike.raised(next.scalar) {
      digits.append(digit)
      position += next.length
    }
    let place = range(start, position)
    report(.raisedPower(text(start, position), digits, at: place))
    emit(.caret, from: start, to: start)
    let value = Int64(digits) ?? 1
    list.numbers.append(NumberLiteral(text: String(value), value: .whole(value)))
    emit(.number, from: start, to: position, payload: list.numbers.count - 1)
  }

  /// Leaves out the `ᵀ` of `Wᵀ` and says how a transpose or a power is written.
  private mutating func raisedLetters() {
    let start = position
    while let next = scalar(at: position), NameCharacters.isRaised(next.scalar) {
      position += next.length
    }
    let letters = text(start, position)
    let place = range(start, position)
    guard let last = list.tokens.last, last.kind == .name, Int(last.end) == start else {
      return report(.raisedLetters(letters, after: nil, at: place))
    }
    let base = Name(text(Int(last.start), start), range(Int(last.start), start))
    report(.raisedLetters(letters, after: base, at: place))
  }

  /// Whether a character changes the direction of the text around it.
  private func turnsText(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .format
      || scalar.properties.generalCategory == .lineSeparator
      || scalar.properties.generalCategory == .paragraphSeparator
  }
}
