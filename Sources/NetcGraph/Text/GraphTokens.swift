import NetcCore

/// The tokens of a graph's text with a place in them, and the small things read from them.
struct GraphTokens: Sendable {
  private let tokens: [GraphToken]
  private var place = 0

  /// - Parameter tokens: the last one of kind `end`.
  init(_ tokens: [GraphToken]) { self.tokens = tokens }

  /// The token to be read next.
  var current: GraphToken { tokens[min(place, tokens.count - 1)] }

  private var following: GraphToken { tokens[min(place + 1, tokens.count - 1)] }

  private mutating func advance() { place += 1 }

  /// A mistake at a token, the current one if none is given.
  func error(_ message: String, at token: GraphToken? = nil) -> GraphReadError {
    let token = token ?? current
    return GraphReadError(line: token.line, column: token.column, message: message)
  }

  /// Goes past the mark if it is next.
  mutating func take(mark: String) -> Bool {
    guard current.kind == .mark(mark) else { return false }
    advance()
    return true
  }

  /// Goes past the word if it is next.
  mutating func take(word: String) -> Bool {
    guard current.kind == .word(word) else { return false }
    advance()
    return true
  }

  /// Goes past `int(`, `dims(` and so on if it is next.
  mutating func takeKind() -> AttributeKind? {
    guard case .word(let word) = current.kind, following.kind == .mark("("),
      let kind = AttributeKind(rawValue: word)
    else { return nil }
    place += 2
    return kind
  }

  /// Goes past the mark, which must be next.
  mutating func expect(mark: String) throws(GraphReadError) {
    if !take(mark: mark) { throw expected("`\(mark)`") }
  }

  /// Makes sure that nothing is left.
  mutating func expectEnd() throws(GraphReadError) {
    if current.kind != .end { throw expected("a node or a result") }
  }

  /// A word; `what` names what is missing without it.
  mutating func word(_ what: String) throws(GraphReadError) -> String {
    guard case .word(let word) = current.kind else { throw expected(what) }
    advance()
    return word
  }

  /// A text in quotes; `what` names what is missing without it.
  mutating func text(_ what: String) throws(GraphReadError) -> String {
    guard case .text(let text) = current.kind else { throw expected(what + " in quotes") }
    advance()
    return text
  }

  /// The number of a value, as `%3`.
  mutating func valueNumber() throws(GraphReadError) -> Int {
    guard case .value(let number) = current.kind else { throw expected("a value as %0") }
    advance()
    return number
  }

  /// `true` or `false`.
  mutating func truth() throws(GraphReadError) -> Bool {
    if take(word: "true") { return true }
    if take(word: "false") { return false }
    throw expected("true or false")
  }

  /// `float`, `int` or `bool`.
  mutating func element() throws(GraphReadError) -> ElementType {
    guard case .word(let word) = current.kind, let element = ElementType(rawValue: word) else {
      throw expected("float, int or bool")
    }
    advance()
    return element
  }

  /// A whole number without a sign.
  mutating func whole<T: FixedWidthInteger>(_ type: T.Type) throws(GraphReadError) -> T {
    guard case .number(let text) = current.kind, let number = T(text) else {
      throw expected("a whole number up to \(T.max)")
    }
    advance()
    return number
  }

  /// A whole number, perhaps with a minus.
  mutating func int() throws(GraphReadError) -> Int {
    let start = current
    let sign = take(mark: "-") ? "-" : ""
    guard case .number(let text) = current.kind, let number = Int(sign + text) else {
      throw error("a whole number expected", at: start)
    }
    advance()
    return number
  }

  /// A real number: `0.5`, `-1e-8`, `inf`, `-inf`, `nan`, or `nan(bits)` for one with other bits.
  mutating func real() throws(GraphReadError) -> Double {
    let start = current
    let isNegative = take(mark: "-")
    if take(word: "inf") { return isNegative ? -Double.infinity : Double.infinity }
    if !isNegative, take(word: "nan") {
      guard take(mark: "(") else { return Double.nan }
      let bits = Double(bitPattern: try whole(UInt64.self))
      try expect(mark: ")")
      if !bits.isNaN { throw error("the bits of a NaN expected", at: start) }
      return bits
    }
    guard case .number(let text) = current.kind, let number = Double(text) else {
      throw error("a number expected", at: start)
    }
    advance()
    return isNegative ? -number : number
  }

  /// `[a, b]` of anything.
  mutating func list<T>(
    _ element: (inout GraphTokens) throws(GraphReadError) -> T
  ) throws(GraphReadError) -> [T] {
    try expect(mark: "[")
    var values: [T] = []
    while !take(mark: "]") {
      if !values.isEmpty { try expect(mark: ",") }
      values.append(try element(&self))
    }
    return values
  }

  /// `[a, b]` of dimensions.
  mutating func dims() throws(GraphReadError) -> [Dim] {
    try list { tokens throws(GraphReadError) in try tokens.dim() }
  }

  /// A polynomial as `Dim.description` writes it: `2*batch*c - div(n, 2) + 1`.
  mutating func dim() throws(GraphReadError) -> Dim { try sum(depth: 0) }

  private mutating func sum(depth: Int) throws(GraphReadError) -> Dim {
    let start = current
    if depth > 64 { throw error("the dimension is nested more than 64 deep") }
    var sum = try product(isNegative: take(mark: "-"), depth: depth)
    while true {
      if take(mark: "+") {
        sum = sum + (try product(isNegative: false, depth: depth))
      } else if take(mark: "-") {
        sum = sum + (try product(isNegative: true, depth: depth))
      } else {
        break
      }
    }
    if sum.isOverflow { throw error("the dimension is too large", at: start) }
    return sum
  }

  private mutating func product(isNegative: Bool, depth: Int) throws(GraphReadError) -> Dim {
    var product: Dim
    if case .number(let text) = current.kind, let number = Int((isNegative ? "-" : "") + text) {
      advance()
      product = Dim(number)
    } else {
      product = try factor(depth: depth)
      if isNegative { product = Dim(0) - product }
    }
    while take(mark: "*") { product = product * (try factor(depth: depth)) }
    return product
  }

  private mutating func factor(depth: Int) throws(GraphReadError) -> Dim {
    let start = current
    if case .number(let text) = start.kind, let number = Int(text) {
      advance()
      return Dim(number)
    }
    let name = try word("a dimension")
    let isFunction = name == "div" || name == "mod" || name == "part"
    guard isFunction, take(mark: "(") else { return Dim(symbol: name) }
    let dividend = try sum(depth: depth + 1)
    try expect(mark: ",")
    let divisor = try sum(depth: depth + 1)
    try expect(mark: ")")
    guard let made = Self.divided(dividend, by: divisor, name) else {
      throw error("\(dividend) cannot be divided by \(divisor)", at: start)
    }
    return made
  }

  private static func divided(_ dividend: Dim, by divisor: Dim, _ function: String) -> Dim? {
    switch function {
    case "div": dividend.flooredQuotient(by: divisor)
    case "mod": dividend.flooredRemainder(by: divisor)
    default: divisor.constant.flatMap { dividend.part(of: $0) }
    }
  }

  private func expected(_ what: String) -> GraphReadError {
    let found =
      switch current.kind {
      case .word(let word), .mark(let word): "`\(word)`"
      case .number(let text): "`\(text)`"
      case .text: "a text in quotes"
      case .value(let number): "`%\(number)`"
      case .end: "the end"
      }
    return error("\(what) expected, found \(found)")
  }
}
