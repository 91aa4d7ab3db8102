/// One `name = expression` of a `const`.
package struct Constant: Hashable, Sendable {
  /// What is declared.
  package let name: Name
  /// Its value.
  package let value: Expression

  /// A constant.
  package init(name: Name, value: Expression) {
    self.name = name
    self.value = value
  }
}

/// What follows `let` or `var`.
package struct Binding: Hashable, Sendable {
  /// What is declared; more than one takes the value apart. At least one.
  package let names: [Path]
  /// The type after the colon.
  package let type: TypeExpression?
  /// The value.
  package let value: Expression

  /// A binding.
  package init(names: [Path], type: TypeExpression?, value: Expression) {
    self.names = names
    self.type = type
    self.value = value
  }
}

/// The name, signature and body of a `fn`, `layer` or `rule`.
package struct Definition: Hashable, Sendable {
  /// What is defined.
  package let name: Name
  /// What it takes and gives.
  package let signature: Signature
  /// What it does.
  package let body: Block

  /// A definition.
  package init(name: Name, signature: Signature, body: Block) {
    self.name = name
    self.signature = signature
    self.body = body
  }
}

/// An `if` with its ladder of `else if`, kept flat.
package struct IfStatement: Hashable, Sendable {
  /// A condition and what is done when it is the first that holds.
  package struct Branch: Hashable, Sendable {
    /// When it is done.
    package let condition: Expression
    /// What is done.
    package let body: Block

    /// A branch.
    package init(condition: Expression, body: Block) {
      self.condition = condition
      self.body = body
    }
  }

  /// `if`, then each `else if`; at least one.
  package let branches: [Branch]
  /// What stands after the last `else`.
  package let otherwise: Block?

  /// An `if`.
  package init(branches: [Branch], otherwise: Block?) {
    self.branches = branches
    self.otherwise = otherwise
  }
}

/// An optimizer with its clauses.
package struct OptimizerStatement: Hashable, Sendable {
  /// The rules, each one's result the next one's `grad`.
  package let chain: Chain
  /// The loss after `minimize`.
  package let minimize: Name?
  /// The patterns after `for`; empty when the clause is absent.
  package let patterns: [StringLiteral]
  /// The number of steps after `every`.
  package let every: Expression?

  /// An optimizer.
  package init(
    chain: Chain, minimize: Name?, patterns: [StringLiteral], every: Expression?
  ) {
    self.chain = chain
    self.minimize = minimize
    self.patterns = patterns
    self.every = every
  }
}
