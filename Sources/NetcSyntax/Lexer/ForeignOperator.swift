/// An operator that other languages have, and what it is called here.
struct ForeignOperator: Sendable {
  /// As the other language writes it.
  let spelling: String
  /// The token it is read as, so that parsing goes on; nil leaves it out.
  let meant: TokenKind?
  /// What stands there instead, when that is all there is to it.
  let replacement: String?
  /// What to write.
  let help: String
  /// Whether the rest of the line is a comment.
  var isComment: Bool { spelling == "#" }

  private init(_ spelling: String, _ meant: TokenKind?, _ replacement: String?, _ help: String) {
    self.spelling = spelling
    self.meant = meant
    self.replacement = replacement
    self.help = help
  }

  /// All of them; longer spellings first.
  static let all: [ForeignOperator] = [
    ForeignOperator("**", .caret, "^", "a power is `x^2`"),
    ForeignOperator("&&", .and, "and", "write `and`"),
    ForeignOperator("||", .or, "or", "write `or`"),
    ForeignOperator("+=", .equal, nil, "write the name twice: `h = h + x`"),
    ForeignOperator("-=", .equal, nil, "write the name twice: `h = h - x`"),
    ForeignOperator("*=", .equal, nil, "write the name twice: `h = h * x`"),
    ForeignOperator("/=", .equal, nil, "write the name twice: `h = h / x`"),
    ForeignOperator(":=", .equal, "=", "write `let name = value`, or `name = value` for a `var`"),
    ForeignOperator("=>", .greaterOrEqual, ">=", "at least is `>=`"),
    ForeignOperator("<>", .notEqual, "!=", "unequal is `!=`"),
    ForeignOperator("!", .not, "not ", "write `not`"),
    ForeignOperator("&", .and, "and", "write `and`"),
    ForeignOperator("|", .pipe, "|>", "a pipeline is `x |> f`; the logical one is `or`"),
    ForeignOperator("~", .not, "not ", "write `not`"),
    ForeignOperator("%", .slash, nil, "the remainder is `mod(a, b)`"),
    ForeignOperator(
      ";", nil, "", "a statement ends where the next one begins: nothing separates them"),
    ForeignOperator("#", nil, nil, "a comment begins with `//`"),
    ForeignOperator("?", nil, nil, "a choice is `if c then a else b`"),
    ForeignOperator("\\", nil, "", "a line break carries no meaning: nothing continues a line"),
  ]

  /// The one that these two bytes begin with.
  static func find(_ first: UInt8, _ second: UInt8) -> ForeignOperator? {
    all.first { entry in
      let bytes = entry.spelling.utf8
      return bytes.first == first && (bytes.count == 1 || bytes.dropFirst().first == second)
    }
  }
}
