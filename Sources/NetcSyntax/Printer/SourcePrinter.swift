/// A file's statements as text of the language; reading it gives the same tree again.
///
/// Comments other than doc comments are not in the tree, so they are not in the text.
package func sourceText(of unit: SourceUnit) -> String {
  SourcePrinter(indent: 0).lines(unit.statements)
}

/// One expression as text of the language, on one line unless it holds a scan.
package func sourceText(of expression: Expression) -> String {
  SourcePrinter(indent: 0).text(expression)
}

/// Writes trees as text; `indent` is the depth of the block around them.
struct SourcePrinter {
  /// The column that lines are kept within where a pipeline can be broken.
  static let width = 100

  let indent: Int

  var margin: String { String(repeating: "  ", count: indent) }

  /// Statements, a line or more each.
  func lines(_ statements: [Statement]) -> String {
    var text = ""
    for statement in statements {
      if let documentation = statement.documentation {
        for line in documentation.split(separator: "\n", omittingEmptySubsequences: false) {
          text += margin + (line.isEmpty ? "///" : "/// \(line)") + "\n"
        }
      }
      text += margin + self.text(statement) + "\n"
    }
    return text
  }

  /// Statements in braces.
  func text(_ block: Block) -> String {
    if block.statements.isEmpty { return "{ }" }
    return "{\n" + SourcePrinter(indent: indent + 1).lines(block.statements) + margin + "}"
  }

  /// The right-hand side of a statement whose line begins with `head`; a long pipeline is broken.
  func broken(_ value: Expression, after head: String) -> String {
    let line = text(value)
    if margin.count + head.count + line.count <= SourcePrinter.width || line.contains("\n") {
      return line
    }
    var stages: [String] = []
    var first = value
    while case .pipe(let input, let target) = first.kind {
      stages.append(text(target))
      first = input
    }
    if stages.isEmpty { return brokenChoice(value) ?? line }
    let start = text(first, atLeast: .pipe)
    return ([start] + stages.reversed().map { "\(margin)  |> \($0)" }).joined(separator: "\n")
  }

  /// `if … then …` and `else …` on lines of their own, so that a pipeline is seen to belong to
  /// `else`.
  private func brokenChoice(_ value: Expression) -> String? {
    guard case .ifThenElse(let condition, let then, let otherwise) = value.kind else { return nil }
    return "if \(text(condition)) then \(text(then))\n\(margin)  else "
      + SourcePrinter(indent: indent + 1).broken(otherwise, after: "  else ")
  }
}
