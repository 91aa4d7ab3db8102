/// How tightly operators bind, loosest first, as in the grammar's table.
enum Level: Int, Comparable {
  case disjunction, conjunction, negation, comparison, range, sum, product, unary

  /// The level of the operands on the right of a left-associative operator here.
  var next: Level { Level(rawValue: rawValue + 1) ?? .unary }

  /// Whether operators of this level do not follow one another.
  var isSingle: Bool { self == .comparison || self == .range }

  static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
}

/// An operator between two operands, but for `^` and `|>`.
enum Infix {
  case or, and
  case comparison(ComparisonOperator)
  case halfOpen
  /// `...` where a range is meant.
  case closed
  case arithmetic(BinaryOperator)

  /// The operator a token is, with its level.
  static func find(_ kind: TokenKind) -> (level: Level, infix: Infix)? {
    switch kind {
    case .or: (.disjunction, .or)
    case .and: (.conjunction, .and)
    case .equalEqual: (.comparison, .comparison(.equal))
    case .notEqual: (.comparison, .comparison(.notEqual))
    case .less: (.comparison, .comparison(.less))
    case .lessOrEqual: (.comparison, .comparison(.lessOrEqual))
    case .greater: (.comparison, .comparison(.greater))
    case .greaterOrEqual: (.comparison, .comparison(.greaterOrEqual))
    case .halfOpen: (.range, .halfOpen)
    case .ellipsis: (.range, .closed)
    case .plus: (.sum, .arithmetic(.add))
    case .minus: (.sum, .arithmetic(.subtract))
    case .star: (.product, .arithmetic(.multiply))
    case .slash: (.product, .arithmetic(.divide))
    case .at: (.product, .arithmetic(.matmul))
    default: nil
    }
  }

  /// The expression it makes of its operands.
  func applied(_ left: Expression, _ right: Expression) -> Expression.Kind {
    switch self {
    case .or: .or(left, right)
    case .and: .and(left, right)
    case .comparison(let comparison): .comparison(comparison, left, right)
    case .halfOpen, .closed: .range(from: left, to: right)
    case .arithmetic(let operation): .binary(operation, left, right)
    }
  }
}
