package import NetcCore

/// A statement with its place.
package struct Statement: Hashable, Sendable {
  /// The forms a statement takes.
  package enum Kind: Hashable, Sendable {
    /// `const a = 1, b = 2`
    case const([Constant])
    /// `import "blocks.net" as blocks`
    case `import`(StringLiteral, alias: Name?)
    /// `let a, b: T = e`; more than one name takes the value apart.
    case `let`(Binding)
    /// `var a: T = e`
    case `var`(Binding)
    /// `a, b = e`: rebinds declared vars or states.
    case rebind([Path], value: Expression)
    /// `fn f(…) -> T { … }`
    case function(Definition)
    /// `layer f(…) -> T { … }`
    case layer(Definition)
    /// `rule r(…) { … }`
    case rule(Definition)
    /// `layer fc = dense(10)`
    case instance(Name, Chain)
    /// `gradient f(x, out, d_out) { … }`
    case gradient(Name, parameters: [Name], body: Block)
    /// `if c { … } else if d { … } else { … }`
    case `if`(IfStatement)
    /// `for i in 0..<4 { … }`
    case `for`(Name, in: Expression, body: Block)
    /// A scan that yields nothing.
    case scan(Scan)
    /// `return a, b`
    case `return`([Expression])
    /// `yield a, b`
    case yield([Expression])
    /// `input x: T`
    case input(Name, TypeExpression)
    /// `param w: T = e`
    case parameter(Path, TypeExpression, initial: Expression)
    /// `state v: T = e`
    case state(Path, TypeExpression?, initial: Expression)
    /// `update w = e`
    case update(Path, value: Expression)
    /// `loss e`, `loss name = e`
    case loss(Name?, Expression)
    /// `metric e`, `metric name = e`
    case metric(Name?, Expression)
    /// `output e`, `output name = e`
    case output(Name?, Expression)
    /// `optimizer adam(lr: 1e-3) minimize name for "G.*" every 5`
    case optimizer(OptimizerStatement)
    /// `freeze "features.*", "stem.*"`
    case freeze([StringLiteral])
    /// `data d = csv("x.csv", …)`
    case data(Name, reader: Path, [Argument])
    /// `train(d, epochs: 5)`
    case train([Argument])
  }

  /// What it is.
  package let kind: Kind
  /// From its first word to its last token.
  package let range: SourceRange
  /// The word it begins with; the first name of a rebinding.
  package let keyword: SourceRange
  /// The `///` lines before it without their slashes, joined by newlines.
  package let documentation: String?

  /// A statement at a place.
  package init(
    _ kind: Kind, range: SourceRange, keyword: SourceRange, documentation: String? = nil
  ) {
    self.kind = kind
    self.range = range
    self.keyword = keyword
    self.documentation = documentation
  }
}
