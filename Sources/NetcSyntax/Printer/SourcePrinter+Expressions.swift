extension SourcePrinter {
  /// How tightly an expression's outermost operator binds, loosest first.
  enum Precedence: Int, Comparable {
    case choice, pipe, disjunction, conjunction, negation, comparison, range, sum, product, unary
    case power, postfix, primary

    /// The next tighter one.
    var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .primary }

    static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }
  }

  /// An expression, in parentheses when it binds looser than its place needs.
  func text(_ expression: Expression, atLeast lowest: Precedence = .choice) -> String {
    let text = bare(expression)
    return precedence(of: expression) < lowest ? "(\(text))" : text
  }

  private func precedence(of expression: Expression) -> Precedence {
    switch expression.kind {
    case .number, .string, .bool, .path, .call, .list, .scan, .invalid: .primary
    case .index: .postfix
    case .negate: .unary
    case .binary(let operation, _, _): precedence(of: operation)
    case .comparison: .comparison
    case .not: .negation
    case .and: .conjunction
    case .or: .disjunction
    case .range: .range
    case .ifThenElse: .choice
    case .pipe: .pipe
    }
  }

  private func precedence(of operation: BinaryOperator) -> Precedence {
    switch operation {
    case .add, .subtract: .sum
    case .multiply, .divide, .matmul: .product
    case .power: .power
    }
  }

  private func bare(_ expression: Expression) -> String {
    switch expression.kind {
    case .number(let number): number.text
    case .string(let value): quoted(value)
    case .bool(let value): value ? "true" : "false"
    case .path(let path): path.text
    case .call(let path, let arguments): path.text + text(arguments)
    case .negate(let operand): "-" + text(operand, atLeast: .unary)
    case .binary(.power, let a, let b):
      text(a, atLeast: .postfix) + "^" + text(b, atLeast: .unary)
    case .binary(let operation, let a, let b):
      infix(operation.rawValue, a, b, precedence(of: operation))
    case .comparison(let comparison, let a, let b):
      text(a, atLeast: .range) + " \(comparison.rawValue) " + text(b, atLeast: .range)
    case .not(let operand): "not " + text(operand, atLeast: .negation)
    case .and(let a, let b): infix("and", a, b, .conjunction)
    case .or(let a, let b): infix("or", a, b, .disjunction)
    case .range(let from, let to): text(from, atLeast: .sum) + "..<" + text(to, atLeast: .sum)
    case .ifThenElse(let condition, let then, let otherwise):
      "if \(text(condition)) then \(text(then)) else \(text(otherwise))"
    case .list(let items): "[" + items.map { text($0) }.joined(separator: ", ") + "]"
    case .index(let base, let indices):
      text(base, atLeast: .postfix) + "[" + indices.map(text).joined(separator: ", ") + "]"
    case .pipe(let value, let target): text(value, atLeast: .pipe) + " |> " + text(target)
    case .scan(let scan): text(scan)
    case .invalid: "<invalid>"
    }
  }

  private func infix(
    _ symbol: String, _ a: Expression, _ b: Expression, _ precedence: Precedence
  ) -> String {
    text(a, atLeast: precedence) + " \(symbol) " + text(b, atLeast: precedence.tighter)
  }

  /// Arguments in parentheses.
  func text(_ arguments: [Argument]) -> String {
    let parts = arguments.map { argument in
      (argument.label.map { "\($0): " } ?? "") + text(argument.value)
    }
    return "(" + parts.joined(separator: ", ") + ")"
  }

  /// A callable with its arguments.
  func text(_ target: Target) -> String {
    target.path.text + (target.arguments.map { text($0) } ?? "")
  }

  /// Callables with pipes between them.
  func text(_ chain: Chain) -> String { chain.targets.map(text).joined(separator: " |> ") }

  private func text(_ index: Index) -> String {
    switch index.kind {
    case .rest: return "..."
    case .at(let position): return text(position)
    case .slice(let from, let to, let step):
      let ends = (from.map { text($0) } ?? "") + ":" + (to.map { text($0) } ?? "")
      return ends + (step.map { ":" + text($0) } ?? "")
    }
  }

  /// A scan with its body.
  func text(_ scan: Scan) -> String {
    var text = "scan "
    text += scan.sequences.map { "\($0.name) in \(header($0.source))" }.joined(separator: ", ")
    if let axis = scan.axis { text += " along " + header(axis) }
    if scan.reversed != nil { text += " reversed" }
    return text + " " + self.text(scan.body)
  }

  /// An expression of a scan's header, in parentheses when it holds a name that is a word there.
  private func header(_ expression: Expression) -> String {
    let text = self.text(expression)
    let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    return words.contains { ["in", "along", "reversed", "scan"].contains($0) } ? "(\(text))" : text
  }
}
