import NetcCore

extension Lexer {
  /// Reads a number: digits, a fraction when a digit follows the dot, an exponent.
  mutating func number() {
    let start = position
    var isWhole = true
    skipDigits()
    if byte(0) == UInt8(ascii: "."), isDigit(byte(1)) {
      isWhole = false
      position += 1
      skipDigits()
    }
    if exponent() { isWhole = false }
    let end = position
    if trailingDot(from: start) || gluedLetters(from: start) { isWhole = false }
    emitNumber(text(start, end), isWhole: isWhole, from: start)
  }

  /// Reads `.5`, which is not a number here, as 0.5.
  mutating func leadingDot() {
    let start = position
    position += 1
    skipDigits()
    _ = exponent()
    let digits = text(start, position)
    report(
      .malformedNumber(
        "a number begins with a digit, found `\(digits)`", fix: "0" + digits,
        at: range(start, position)))
    emitNumber("0" + digits, isWhole: false, from: start)
  }

  /// Reads `e-3`; false when no exponent with digits stands here.
  private mutating func exponent() -> Bool {
    guard byte(0) | 0x20 == UInt8(ascii: "e") else { return false }
    let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
    guard isDigit(byte(1 + sign)) else { return false }
    position += 1 + sign
    skipDigits()
    return true
  }

  /// Takes the dot of `5.` and of `1.2.3` and says what to write; false when no lone dot follows.
  private mutating func trailingDot(from start: Int) -> Bool {
    guard byte(0) == UInt8(ascii: "."), byte(1) != UInt8(ascii: ".") else { return false }
    let number = text(start, position)
    position += 1
    if isDigit(byte(0)) {
      skipDigits()
      report(
        .malformedNumber(
          "a number has one point, found `\(text(start, position))`", fix: nil,
          at: range(start, position)))
    } else {
      let place = range(start, position)
      let whole = number.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
      report(
        .malformedNumber(
          "a digit follows a number's point, found `\(number).`",
          fix: whole ? number : number + ".0", at: place))
    }
    return true
  }

  /// Takes the letters of `2x`, `1e` or `0xFF`; false when none follow.
  private mutating func gluedLetters(from start: Int) -> Bool {
    let after = position
    let end = endOfName(from: after)
    guard end > after else { return false }
    let number = text(start, after)
    let letters = text(after, end)
    position = end
    report(.gluedNumber(number, letters, at: range(start, end)))
    return true
  }

  private mutating func emitNumber(_ written: String, isWhole: Bool, from start: Int) {
    let digits =
      written.utf8.contains(UInt8(ascii: "_"))
      ? String(decoding: written.utf8.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self) : written
    let value: NumberLiteral.Value
    if isWhole, let whole = Int64(digits) {
      value = .whole(whole)
    } else if !isWhole, let real = Double(digits), real.isFinite {
      value = .real(real)
    } else {
      report(.numberTooLarge(written, isWhole: isWhole, at: range(start, position)))
      value = .real(0)
    }
    list.numbers.append(NumberLiteral(text: written, value: value))
    emit(.number, from: start, to: position, payload: list.numbers.count - 1)
  }

  private mutating func skipDigits() {
    while isDigit(byte(0)) || byte(0) == UInt8(ascii: "_") { position += 1 }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}
