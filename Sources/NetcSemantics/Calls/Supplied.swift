import NetcCore
import NetcSyntax

/// What an argument of a call is before it is evaluated: how depends on the parameter it meets.
enum Supplied: Sendable {
  case expression(Expression)
  /// Several leading sizes for one `dims` parameter.
  case sizes([Expression])
  case value(Value, SourceRange)

  var range: SourceRange {
    switch self {
    case .expression(let expression): expression.stage
    case .sizes(let expressions):
      expressions[0].range.joined(with: expressions[expressions.count - 1].range)
    case .value(_, let range): range
    }
  }
}

/// A call as written, before its arguments meet parameters.
struct CallSite: Sendable {
  /// The name called, for diagnostics.
  var name: String
  var arguments: [Argument]
  /// What stands before `|>`, or a shape given to an initializer.
  var piped: (value: Value, range: SourceRange)?
  /// The whole call.
  var range: SourceRange
}
