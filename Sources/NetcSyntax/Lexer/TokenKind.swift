/// What a token is.
///
/// Without raw values: comparing them would compare text.
enum TokenKind: Hashable, Sendable {
  case endOfFile, name, number, string

  case and, or, not
  case `if`, then, `else`
  case `true`, `false`
  case `let`, `var`, const, fn, layer, rule
  case `for`, `return`, `import`

  case ellipsis, halfOpen, pipe, arrow
  case equalEqual, notEqual, lessOrEqual, greaterOrEqual, less, greater
  case plus, minus, star, slash, caret, at
  case equal, comma, colon, dot
  case leftParenthesis, rightParenthesis, leftBrace, rightBrace, leftBracket, rightBracket

  /// The 17 words that are never names.
  static let reserved: [TokenKind] = [
    .and, .or, .not, .if, .then, .else, .true, .false, .let, .var, .const, .fn, .layer, .rule, .for,
    .return, .import,
  ]

  /// Whether it is a word that is never a name.
  var isReserved: Bool {
    switch self {
    case .and, .or, .not, .if, .then, .else, .true, .false, .let, .var, .const, .fn, .layer, .rule,
      .for, .return, .import:
      true
    default: false
    }
  }

  /// Whether an expression may end with it, so that an operator may follow.
  var endsOperand: Bool {
    switch self {
    case .name, .number, .string, .true, .false, .rightParenthesis, .rightBracket, .rightBrace: true
    default: false
    }
  }

  /// Whether an expression may begin with it.
  var beginsOperand: Bool {
    switch self {
    case .name, .number, .string, .true, .false, .leftParenthesis, .leftBracket, .if, .not, .minus:
      true
    default: false
    }
  }

  /// Its text when it has only one, else a word for what it is.
  var spelling: String {
    switch self {
    case .endOfFile: "the end of the file"
    case .name: "a name"
    case .number: "a number"
    case .string: "a string"
    case .and: "and"
    case .or: "or"
    case .not: "not"
    case .if: "if"
    case .then: "then"
    case .else: "else"
    case .true: "true"
    case .false: "false"
    case .let: "let"
    case .var: "var"
    case .const: "const"
    case .fn: "fn"
    case .layer: "layer"
    case .rule: "rule"
    case .for: "for"
    case .return: "return"
    case .import: "import"
    case .ellipsis: "..."
    case .halfOpen: "..<"
    case .pipe: "|>"
    case .arrow: "->"
    case .equalEqual: "=="
    case .notEqual: "!="
    case .lessOrEqual: "<="
    case .greaterOrEqual: ">="
    case .plus: "+"
    case .minus: "-"
    case .star: "*"
    case .slash: "/"
    case .caret: "^"
    case .at: "@"
    case .less: "<"
    case .greater: ">"
    case .equal: "="
    case .leftParenthesis: "("
    case .rightParenthesis: ")"
    case .leftBrace: "{"
    case .rightBrace: "}"
    case .leftBracket: "["
    case .rightBracket: "]"
    case .comma: ","
    case .colon: ":"
    case .dot: "."
    }
  }
}
