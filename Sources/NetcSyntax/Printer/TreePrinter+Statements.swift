extension TreePrinter {
  func text(_ statement: Statement) -> String {
    switch statement.kind {
    case .const(let constants):
      term("const", constants.map { "(\($0.name) \(text($0.value)))" })
    case .import(let file, let alias):
      term("import", [quoted(file.value)] + (alias.map { ["as \($0)"] } ?? []))
    case .let(let binding): text("let", binding)
    case .var(let binding): text("var", binding)
    case .rebind(let targets, let value): term("rebind", targets.map(\.text) + [text(value)])
    case .function(let definition): text("fn", definition)
    case .layer(let definition): text("layer", definition)
    case .rule(let definition): text("rule", definition)
    case .instance(let name, let chain): term("instance", [name.text, text(chain)])
    case .gradient(let name, let parameters, let body):
      term("gradient", [name.text, term("parameters", parameters.map(\.text)), text(body)])
    case .if(let statement): text(statement)
    case .for(let name, let source, let body):
      term("for", [name.text, text(source), text(body)])
    case .scan(let scan): text(scan)
    case .return(let values): term("return", values.map(text))
    case .yield(let values): term("yield", values.map(text))
    case .input(let name, let type): term("input", [name.text, text(type)])
    case .parameter(let path, let type, let initial):
      term("param", [path.text, text(type), text(initial)])
    case .state(let path, let type, let initial):
      term("state", [path.text] + (type.map { [text($0)] } ?? []) + [text(initial)])
    case .update(let path, let value): term("update", [path.text, text(value)])
    case .loss(let name, let value): result("loss", name, value)
    case .metric(let name, let value): result("metric", name, value)
    case .output(let name, let value): result("output", name, value)
    case .optimizer(let optimizer): text(optimizer)
    case .freeze(let patterns): term("freeze", patterns.map { quoted($0.value) })
    case .data(let name, let reader, let arguments):
      term("data", [name.text, term("call \(reader)", arguments.map(text))])
    case .train(let arguments): term("train", arguments.map(text))
    }
  }

  private func text(_ word: String, _ binding: Binding) -> String {
    let names = term("names", binding.names.map(\.text))
    return term(word, [names] + (binding.type.map { [text($0)] } ?? []) + [text(binding.value)])
  }

  private func text(_ word: String, _ definition: Definition) -> String {
    term(word, [definition.name.text, text(definition.signature), text(definition.body)])
  }

  private func text(_ statement: IfStatement) -> String {
    var parts = statement.branches.flatMap { [text($0.condition), text($0.body)] }
    if let otherwise = statement.otherwise { parts += ["else", text(otherwise)] }
    return term("if", parts)
  }

  private func text(_ optimizer: OptimizerStatement) -> String {
    var parts = [text(optimizer.chain)]
    if let loss = optimizer.minimize { parts.append("(minimize \(loss))") }
    if !optimizer.patterns.isEmpty {
      parts.append(term("for", optimizer.patterns.map { quoted($0.value) }))
    }
    if let every = optimizer.every { parts.append("(every \(text(every)))") }
    return term("optimizer", parts)
  }

  private func result(_ word: String, _ name: Name?, _ value: Expression) -> String {
    term(word, (name.map { ["\($0)"] } ?? []) + [text(value)])
  }
}
