/// A piece of source text with how tightly its outermost operator binds.
struct Spelling: Sendable {
  /// The levels of the grammar, loosest first.
  enum Level: Int, Comparable, Sendable {
    case choice, or, and, not, comparison, sum, product, negation, power, postfix

    static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
  }

  let text: String
  let level: Level

  init(_ text: String, _ level: Level = .postfix) {
    self.text = text
    self.level = level
  }

  /// The text, in parentheses when its operator binds looser than `level` asks for.
  func bound(_ minimum: Level) -> String { level < minimum ? "(\(text))" : text }

  /// Two operands with an operator of `level` between them; `chains` when the left one may be of
  /// the same level.
  static func infix(
    _ left: Spelling, _ symbol: String, _ right: Spelling, _ level: Level, chains: Bool = true
  ) -> Spelling {
    let above = Level(rawValue: level.rawValue + 1) ?? .postfix
    let first = left.bound(chains ? level : above)
    return Spelling("\(first) \(symbol) \(right.bound(above))", level)
  }

  /// A call.
  static func call(_ name: String, _ arguments: [String]) -> Spelling {
    Spelling("\(name)(\(arguments.joined(separator: ", ")))")
  }
}
