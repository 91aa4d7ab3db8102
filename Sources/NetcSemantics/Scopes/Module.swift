import NetcCore
import NetcSyntax

/// The declarations of one file that its bodies see in any order.
struct Module: Sendable {
  /// What a name before a parenthesis stands for.
  enum Entry: Sendable {
    case definition(Int)
    /// `layer NAME = chain` at the top, made at its first use.
    case instance(Name, Chain)
  }

  /// Whether it is the standard library.
  var isStandard: Bool
  var callables: [String: Entry] = [:]
  /// The places of the constants among `Lowering.constants`.
  var constants: [String: Int] = [:]
  /// Where each value of the top level is declared, for hints.
  var values: [String: SourceRange] = [:]
}

/// A `const` with what it turned out to be.
struct ConstantRecord: Sendable {
  enum State: Sendable {
    case untouched
    case evaluating
    case known(Value)
  }

  var name: Name
  var expression: Expression
  var module: Int
  var state = State.untouched
  var isOverridden = false
}
