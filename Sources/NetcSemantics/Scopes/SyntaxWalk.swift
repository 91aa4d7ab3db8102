import NetcSyntax

/// What a body mentions: the callables it applies or hands on, the values it reads, the names in
/// `grad`.
struct Mentions: Sendable {
  var callees: Set<String> = []
  var values: Set<String> = []
  var differentiated: Set<String> = []
  /// The names given new values, in the order they first are.
  var rebound: [String] = []

  /// Everything mentioned in the statements.
  init(_ statements: [Statement]) { for statement in statements { visit(statement) } }

  /// Everything mentioned in the expression.
  init(_ expression: Expression) { visit(expression) }

  /// The values that the types and defaults of a signature mention.
  init(_ signature: Signature) {
    for parameter in signature.parameters {
      for type in parameter.types { visit(type) }
      if let value = parameter.defaultValue { visit(value) }
    }
    for type in signature.results { visit(type) }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .const(let constants): for constant in constants { visit(constant.value) }
    case .let(let binding), .var(let binding):
      visit(binding.value)
      visit(binding.type)
    case .rebind(let paths, let value):
      for path in paths where !rebound.contains(path.text) { rebound.append(path.text) }
      visit(value)
    case .update(_, let value), .loss(_, let value), .metric(_, let value),
      .output(_, let value):
      visit(value)
    case .parameter(_, let type, let initial):
      visit(type)
      visit(initial)
    case .state(_, let type, let initial):
      visit(type)
      visit(initial)
    case .input(_, let type): visit(type)
    case .instance(_, let chain): visit(chain)
    case .if(let statement):
      for branch in statement.branches {
        visit(branch.condition)
        visit(branch.body)
      }
      if let otherwise = statement.otherwise { visit(otherwise) }
    case .for(_, let sequence, let body):
      visit(sequence)
      visit(body)
    case .scan(let scan): visit(scan)
    case .return(let values), .yield(let values): for value in values { visit(value) }
    case .optimizer(let optimizer):
      visit(optimizer.chain)
      if let every = optimizer.every { visit(every) }
    case .function(let definition), .layer(let definition), .rule(let definition):
      for parameter in definition.signature.parameters {
        for type in parameter.types { visit(type) }
        if let value = parameter.defaultValue { visit(value) }
      }
      for type in definition.signature.results { visit(type) }
      visit(definition.body)
    case .gradient(_, _, let body): visit(body)
    case .data(_, _, let arguments), .train(let arguments):
      for argument in arguments { visit(argument.value) }
    case .import, .freeze: break
    }
  }

  private mutating func visit(_ block: Block) {
    for statement in block.statements { visit(statement) }
  }

  private mutating func visit(_ type: TypeExpression?) {
    guard let type else { return }
    if case .classes(let arguments) = type.element {
      for argument in arguments { visit(argument.value) }
    }
    for dimension in type.dimensions ?? [] {
      if case .size(let size) = dimension.kind { visit(size) }
    }
  }

  private mutating func visit(_ chain: Chain) { for target in chain.targets { visit(target) } }

  private mutating func visit(_ target: Target) {
    callees.insert(target.path.text)
    for argument in target.arguments ?? [] { visit(argument.value) }
  }

  private mutating func visit(_ scan: Scan) {
    for sequence in scan.sequences { visit(sequence.source) }
    if let axis = scan.axis { visit(axis) }
    visit(scan.body)
  }

  private mutating func visit(_ expression: Expression) {
    switch expression.kind {
    case .number, .string, .bool, .invalid: break
    case .path(let path): values.insert(path.text)
    case .call(let path, let arguments):
      callees.insert(path.text)
      if path.text == "grad", arguments.count == 2, case .path(let wrt) = arguments[1].value.kind {
        differentiated.insert(wrt.text)
      }
      for argument in arguments { visit(argument.value) }
    case .negate(let a), .not(let a): visit(a)
    case .binary(_, let a, let b), .comparison(_, let a, let b), .and(let a, let b),
      .or(let a, let b),
      .range(let a, let b):
      visit(a)
      visit(b)
    case .ifThenElse(let condition, let then, let otherwise):
      visit(condition)
      visit(then)
      visit(otherwise)
    case .list(let values): for value in values { visit(value) }
    case .index(let base, let indices):
      visit(base)
      for index in indices {
        switch index.kind {
        case .rest: break
        case .at(let place): visit(place)
        case .slice(let from, let to, let step):
          for part in [from, to, step] { part.map { visit($0) } }
        }
      }
    case .pipe(let input, let target):
      visit(input)
      visit(target)
    case .scan(let scan): visit(scan)
    }
  }
}
