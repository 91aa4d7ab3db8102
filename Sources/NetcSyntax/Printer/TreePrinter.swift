/// The tree of a file, a statement a line and blocks indented, as `netc dump --stage ast` prints
/// it.
///
/// Says everything the tree holds but its ranges, so two trees print alike exactly when they mean
/// the same.
package func treeText(of unit: SourceUnit) -> String {
  unit.statements.map { treeText(of: $0, indent: 0) }.joined()
}

/// One expression as a term: `(+ a (* 2 b))`.
package func treeText(of expression: Expression) -> String {
  TreePrinter(indent: 0).text(expression)
}

/// One statement with its line ending.
func treeText(of statement: Statement, indent: Int) -> String {
  let printer = TreePrinter(indent: indent)
  let margin = String(repeating: "  ", count: indent)
  let documentation = statement.documentation.map { text in
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "\(margin)/// \($0)\n" }
      .joined()
  }
  return (documentation ?? "") + margin + printer.text(statement) + "\n"
}

/// Writes trees as terms in parentheses; `indent` is the depth of the block around them.
struct TreePrinter {
  let indent: Int

  func text(_ expression: Expression) -> String {
    switch expression.kind {
    case .number(let number): number.text
    case .string(let value): quoted(value)
    case .bool(let value): value ? "true" : "false"
    case .path(let path): path.text
    case .call(let path, let arguments): term("call \(path)", arguments.map(text))
    case .negate(let operand): term("-", [text(operand)])
    case .binary(let operation, let a, let b): term(operation.rawValue, [text(a), text(b)])
    case .comparison(let comparison, let a, let b): term(comparison.rawValue, [text(a), text(b)])
    case .not(let operand): term("not", [text(operand)])
    case .and(let a, let b): term("and", [text(a), text(b)])
    case .or(let a, let b): term("or", [text(a), text(b)])
    case .range(let from, let to): term("..<", [text(from), text(to)])
    case .ifThenElse(let condition, let then, let otherwise):
      term("if", [text(condition), text(then), text(otherwise)])
    case .list(let items): "[" + items.map(text).joined(separator: " ") + "]"
    case .index(let base, let indices): term("index", [text(base)] + indices.map(text))
    case .pipe(let value, let target): term("|>", [text(value), text(target)])
    case .scan(let scan): text(scan)
    case .invalid: "<invalid>"
    }
  }

  func text(_ argument: Argument) -> String {
    (argument.label.map { "\($0): " } ?? "") + text(argument.value)
  }

  func text(_ target: Target) -> String {
    guard let arguments = target.arguments else { return target.path.text }
    return term("call \(target.path)", arguments.map(text))
  }

  func text(_ chain: Chain) -> String { chain.targets.map(text).joined(separator: " |> ") }

  func text(_ index: Index) -> String {
    switch index.kind {
    case .rest: return "..."
    case .at(let position): return text(position)
    case .slice(let from, let to, let step):
      return term("slice", [from, to, step].map { $0.map(text) ?? "_" })
    }
  }

  func text(_ scan: Scan) -> String {
    var parts = scan.sequences.map { "(in \($0.name) \(text($0.source)))" }
    if let axis = scan.axis { parts.append("(along \(text(axis)))") }
    if scan.reversed != nil { parts.append("reversed") }
    return term("scan", parts + [text(scan.body)])
  }

  func text(_ block: Block) -> String {
    if block.statements.isEmpty { return "{}" }
    let body = block.statements.map { treeText(of: $0, indent: indent + 1) }.joined()
    return "{\n" + body + String(repeating: "  ", count: indent) + "}"
  }

  func text(_ type: TypeExpression) -> String {
    let element =
      switch type.element {
      case .named(let name): name.text
      case .classes(let arguments): term("class", arguments.map(text))
      case .function: "fn"
      }
    guard let dimensions = type.dimensions else { return element }
    let sizes = dimensions.map { dimension in
      switch dimension.kind {
      case .rest(let name): "..." + (name?.text ?? "")
      case .size(let size): text(size)
      }
    }
    return element + "[" + sizes.joined(separator: " ") + "]"
  }

  func text(_ signature: Signature) -> String {
    let parameters = signature.parameters.map { parameter in
      let types = parameter.types.map(text).joined(separator: " or ")
      return "(\(parameter.name): \(types)"
        + (parameter.defaultValue.map { " = " + text($0) } ?? "") + ")"
    }
    let results = signature.results.map(text).joined(separator: ", ")
    return term("signature", parameters) + (results.isEmpty ? "" : " -> " + results)
  }

  func term(_ head: String, _ parts: [String]) -> String {
    "(" + ([head] + parts).joined(separator: " ") + ")"
  }
}
