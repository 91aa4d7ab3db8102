extension SourcePrinter {
  /// A statement without its margin and line ending.
  func text(_ statement: Statement) -> String {
    switch statement.kind {
    case .const(let constants):
      "const " + constants.map { "\($0.name) = \(text($0.value))" }.joined(separator: ", ")
    case .import(let file, let alias):
      "import " + quoted(file.value) + (alias.map { " as \($0)" } ?? "")
    case .let(let binding): text("let ", binding)
    case .var(let binding): text("var ", binding)
    case .rebind(let targets, let value):
      assigned(targets.map(\.text).joined(separator: ", "), value)
    case .function(let definition): text("fn ", definition)
    case .layer(let definition): text("layer ", definition)
    case .rule(let definition): text("rule ", definition)
    case .instance(let name, let chain): "layer \(name) = " + text(chain)
    case .gradient(let name, let parameters, let body):
      "gradient \(name)(" + parameters.map(\.text).joined(separator: ", ") + ") " + text(body)
    case .if(let statement): text(statement)
    case .for(let name, let source, let body): "for \(name) in \(text(source)) " + text(body)
    case .scan(let scan): text(scan)
    case .return(let values): "return " + values.map { text($0) }.joined(separator: ", ")
    case .yield(let values): "yield " + values.map { text($0) }.joined(separator: ", ")
    case .input(let name, let type): "input \(name): " + text(type)
    case .parameter(let path, let type, let initial):
      assigned("param \(path): " + text(type), initial)
    case .state(let path, let type, let initial):
      assigned("state \(path)" + (type.map { ": " + text($0) } ?? ""), initial)
    case .update(let path, let value): assigned("update \(path)", value)
    case .loss(let name, let value): result("loss ", name, value)
    case .metric(let name, let value): result("metric ", name, value)
    case .output(let name, let value): result("output ", name, value)
    case .optimizer(let optimizer): text(optimizer)
    case .freeze(let patterns): "freeze " + text(patterns)
    case .data(let name, let reader, let arguments): "data \(name) = \(reader)" + text(arguments)
    case .train(let arguments): "train" + text(arguments)
    }
  }

  private func assigned(_ target: String, _ value: Expression) -> String {
    let head = target + " = "
    return head + broken(value, after: head)
  }

  private func text(_ word: String, _ binding: Binding) -> String {
    let names = binding.names.map(\.text).joined(separator: ", ")
    return assigned(word + names + (binding.type.map { ": " + text($0) } ?? ""), binding.value)
  }

  private func text(_ word: String, _ definition: Definition) -> String {
    word + definition.name.text + text(definition.signature) + " " + text(definition.body)
  }

  private func text(_ statement: IfStatement) -> String {
    var text = statement.branches.map { "if \(self.text($0.condition)) \(self.text($0.body))" }
      .joined(separator: " else ")
    if let otherwise = statement.otherwise { text += " else " + self.text(otherwise) }
    return text
  }

  private func text(_ optimizer: OptimizerStatement) -> String {
    var text = "optimizer " + self.text(optimizer.chain)
    if let loss = optimizer.minimize { text += " minimize \(loss)" }
    if !optimizer.patterns.isEmpty { text += " for " + self.text(optimizer.patterns) }
    if let every = optimizer.every { text += " every " + self.text(every, atLeast: .sum) }
    return text
  }

  private func text(_ strings: [StringLiteral]) -> String {
    strings.map { quoted($0.value) }.joined(separator: ", ")
  }

  private func result(_ word: String, _ name: Name?, _ value: Expression) -> String {
    let head = word + (name.map { "\($0) = " } ?? "")
    return head + broken(value, after: head)
  }

  /// A type.
  func text(_ type: TypeExpression) -> String {
    let element =
      switch type.element {
      case .named(let name): name.text
      case .classes(let arguments): "class" + text(arguments)
      case .function: "fn"
      }
    guard let dimensions = type.dimensions else { return element }
    let sizes = dimensions.map { dimension in
      switch dimension.kind {
      case .rest(let name): "..." + (name?.text ?? "")
      case .size(let size): text(size)
      }
    }
    return element + "[" + sizes.joined(separator: ", ") + "]"
  }

  private func text(_ signature: Signature) -> String {
    let parameters = signature.parameters.map { parameter in
      let types = parameter.types.map { text($0) }.joined(separator: " or ")
      return "\(parameter.name): \(types)" + (parameter.defaultValue.map { " = " + text($0) } ?? "")
    }
    let results = signature.results.map { text($0) }.joined(separator: ", ")
    return "(" + parameters.joined(separator: ", ") + ")"
      + (results.isEmpty ? "" : " -> " + results)
  }
}
