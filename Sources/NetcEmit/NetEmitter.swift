import NetcCore
package import NetcGraph
package import NetcSemantics

/// The whole training step as a program of the language: loss, gradients and updates written out,
/// with the same inputs, parameters, states, metrics, outputs, data and `train`.
///
/// It compiles to the same operations on the same numbers. What evaluation computes otherwise
/// stands under names that begin with `eval.`.
package struct NetEmitter {
  private let model: Model
  private let training: Graph
  private let evaluation: Graph
  private let initial: Graph
  private var sections: [[String]] = []

  /// - Parameters:
  ///   - training: the derived training step; calls are written out.
  ///   - evaluation: the evaluation graph before its passes.
  ///   - initial: the first values of parameters and states.
  package init(_ model: Model, training: Graph, evaluation: Graph, initial: Graph) {
    self.model = model
    self.training = training.inliningComposites { _ in true }.withoutDeadNodes()
    self.evaluation = evaluation.inliningComposites { _ in true }.withoutDeadNodes()
    self.initial = initial.inliningComposites { _ in true }.withoutDeadNodes()
  }

  /// The program's text.
  package mutating func text() -> String {
    sections = []
    sections.append(model.inputs.map { "input \($0.name): \(typeText($0))" })
    declareTensors()
    computeSteps()
    sections.append(ProgramStatements.data(model) + ProgramStatements.train(model))
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
      .joined(separator: "\n")
  }

  private func typeText(_ input: ModelInput) -> String {
    let shape = input.type.shape.rank == 0 ? "" : input.type.shape.description
    switch input.element {
    case .float: return "float" + shape
    case .int: return "int" + shape
    case .bool: return "bool" + shape
    case .classes(let count, let ignore, let names):
      var arguments = names.map { $0.map(AttributeText.quoted) } ?? [String(count)]
      if let ignore { arguments.append("ignore: \(ignore)") }
      return "class(\(arguments.joined(separator: ", ")))" + shape
    }
  }

  /// Parameters and states, with a function for each first value that is more than a number.
  private mutating func declareTensors() {
    var functions: [String] = []
    var declarations: [String] = []
    let firstValues = initial.results(.initial)
    func declare(_ keyword: String, _ name: String, _ typeText: String) {
      guard let first = firstValues.first(where: { $0.name == name }) else { return }
      let made = InitialFunction(
        initial, first.value, typeText: typeText, number: functions.count + 1)
      if let text = made.text { functions.append(text) }
      declarations.append("\(keyword) \(name): \(typeText) = \(made.call)")
    }
    for parameter in model.parameters {
      declare("param", parameter.name, parameter.type.description)
    }
    for state in model.states where state.kind != .statistic {
      declare("state", state.name, state.type.description)
    }
    sections.append(functions)
    sections.append(declarations)
  }

  /// The `let`s of both graphs and the statements that use them.
  private mutating func computeSteps() {
    var reserved = Set(model.inputs.map(\.name) + model.losses)
    reserved.formUnion(model.parameters.map(\.name) + model.states.map(\.name))
    for graph in [training, evaluation] {
      for node in graph.nodeIDs {
        for value in graph.results(of: node) {
          reserved.formUnion(graph.type(of: value).shape.dims.flatMap(\.symbols))
        }
      }
    }
    let step = ProgramBody(training, leaves: leaves(training), reserved: reserved)
    let pass = ProgramBody(
      evaluation, prefix: "eval.", leaves: leaves(evaluation), reserved: reserved, known: step.known
    )
    sections.append(step.lines)
    sections.append(pass.lines)
    sections.append(losses(step, pass) + updates(step) + metrics(pass) + outputs(step, pass))
  }

  private func losses(_ step: ProgramBody, _ pass: ProgramBody) -> [String] {
    evaluation.results(.loss).compactMap { result in
      guard let trained = training.results(.loss).first(where: { $0.name == result.name }) else {
        return nil
      }
      let name = result.name == "loss" ? "" : "\(result.name) = "
      return "loss \(name)" + choice(step.text(of: trained.value), pass.text(of: result.value))
    }
  }

  private func updates(_ step: ProgramBody) -> [String] {
    training.results(.update).map { "update \($0.name) = \(step.text(of: $0.value))" }
  }

  private func outputs(_ step: ProgramBody, _ pass: ProgramBody) -> [String] {
    evaluation.results(.output).map { result in
      let trained = training.results(.output).first { $0.name == result.name }
      let evaluated = pass.text(of: result.value)
      return "output \(result.name) = "
        + choice(trained.map { step.text(of: $0.value) } ?? evaluated, evaluated)
    }
  }

  private func choice(_ trained: String, _ evaluated: String) -> String {
    trained == evaluated ? trained : "if training then \(trained) else \(evaluated)"
  }

  private func metrics(_ pass: ProgramBody) -> [String] {
    let values = evaluation.results(.metric)
    return model.metrics.enumerated().flatMap { number, metric -> [String] in
      switch metric.combination {
      case .mean:
        return values.filter { $0.name == metric.name }
          .map { "metric \(metric.name) = \(pass.text(of: $0.value))" }
      case .total(let accumulated, let finish):
        let totals = accumulated.compactMap { name in values.first { $0.name == name }?.value }
        let types = totals.map { evaluation.type(of: $0).description }
        let function = FinishFunction(finish, argumentTypes: types, number: number + 1)
        let arguments = totals.map { "total(\(pass.text(of: $0)))" }.joined(separator: ", ")
        return [function.text, "metric \(metric.name) = \(function.name)(\(arguments))"]
      }
    }
  }

  /// Leaves by their names; a standardised input is what the program's own name for it means.
  private func leaves(_ graph: Graph) -> [(value: ValueID, name: String)] {
    var leaves: [(value: ValueID, name: String)] = []
    for node in graph.nodeIDs {
      switch graph.op(of: node) {
      case .input, .parameter, .state:
        leaves.append((graph.result(of: node), graph.attributes(of: node).text("name")))
      default: continue
      }
    }
    for input in model.inputs where input.isStandardized {
      leaves += standardized(input.name, graph)
    }
    return leaves
  }

  /// The nodes of `(x - x.mean) / x.deviation`: the quotient is called `x`, the others are never
  /// written.
  private func standardized(_ name: String, _ graph: Graph) -> [(value: ValueID, name: String)] {
    func isLeaf(_ value: ValueID, _ op: OpID, _ leaf: String) -> Bool {
      graph.op(of: value) == op && graph.attributes(of: graph.node(of: value)).text("name") == leaf
    }
    func spread(_ value: ValueID, _ leaf: String) -> Bool {
      if isLeaf(value, .state, leaf) { return true }
      guard graph.op(of: value) == .broadcastInDim,
        let source = graph.operands(of: graph.node(of: value)).first
      else { return false }
      return isLeaf(source, .state, leaf)
    }
    for node in graph.nodeIDs where graph.op(of: node) == .divide {
      let operands = Array(graph.operands(of: node))
      guard spread(operands[1], "\(name).deviation"), graph.op(of: operands[0]) == .subtract else {
        continue
      }
      let parts = Array(graph.operands(of: graph.node(of: operands[0])))
      guard isLeaf(parts[0], .input, name), spread(parts[1], "\(name).mean") else { continue }
      return [
        (graph.result(of: node), name), (operands[0], name), (operands[1], name), (parts[1], name),
      ]
    }
    return []
  }
}

extension Graph {
  /// The graph without nodes that no result needs, in the same order.
  func withoutDeadNodes() -> Graph {
    var needed = [Bool](repeating: false, count: valueCount)
    for result in results { needed[result.value.index] = true }
    for node in nodeIDs.reversed() where results(of: node).contains(where: { needed[$0.index] }) {
      for operand in operands(of: node) { needed[operand.index] = true }
    }
    var transfer = GraphTransfer(from: self)
    for node in nodeIDs where results(of: node).contains(where: { needed[$0.index] }) {
      transfer.copy(node)
    }
    return transfer.finish()
  }

  /// The graph with one result only.
  func cut(to value: ValueID) -> Graph {
    var graph = self
    graph.results = [GraphResult(.result, "0", value)]
    return graph.withoutDeadNodes()
  }
}
