import NetcCore

/// The byte offsets at which statements begin, those inside blocks and scans included.
struct StatementStarts {
  private(set) var offsets: Set<UInt32> = []

  /// - Complexity: O(nodes of the tree).
  init(_ unit: SourceUnit) { visit(unit.statements) }

  private mutating func visit(_ statements: [Statement]) {
    for statement in statements {
      offsets.insert(statement.range.start)
      visit(statement)
    }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .const(let constants): constants.forEach { visit($0.value) }
    case .let(let binding), .var(let binding): visit(binding.value)
    case .rebind(_, let value), .update(_, let value): visit(value)
    case .function(let definition), .layer(let definition), .rule(let definition):
      visit(definition.body.statements)
    case .gradient(_, _, let body): visit(body.statements)
    case .if(let branches):
      for branch in branches.branches { visit(branch.body.statements) }
      if let otherwise = branches.otherwise { visit(otherwise.statements) }
    case .for(_, let range, let body):
      visit(range)
      visit(body.statements)
    case .scan(let scan): visit(scan)
    case .return(let values), .yield(let values): values.forEach { visit($0) }
    case .parameter(_, _, let initial), .state(_, _, let initial): visit(initial)
    case .loss(_, let value), .metric(_, let value), .output(_, let value): visit(value)
    case .data(_, _, let arguments), .train(let arguments): arguments.forEach { visit($0.value) }
    case .import, .instance, .input, .optimizer, .freeze: break
    }
  }

  private mutating func visit(_ scan: Scan) {
    for sequence in scan.sequences { visit(sequence.source) }
    visit(scan.body.statements)
  }

  private mutating func visit(_ expression: Expression) {
    switch expression.kind {
    case .number, .string, .bool, .path, .invalid: break
    case .call(_, let arguments): arguments.forEach { visit($0.value) }
    case .negate(let x), .not(let x): visit(x)
    case .binary(_, let x, let y), .comparison(_, let x, let y), .and(let x, let y),
      .or(let x, let y),
      .range(let x, let y):
      visit(x)
      visit(y)
    case .ifThenElse(let condition, let then, let otherwise):
      visit(condition)
      visit(then)
      visit(otherwise)
    case .list(let values): values.forEach { visit($0) }
    case .index(let base, _): visit(base)
    case .pipe(let value, let target):
      visit(value)
      target.arguments?.forEach { visit($0.value) }
    case .scan(let scan): visit(scan)
    }
  }
}
