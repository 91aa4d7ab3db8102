import NetcCore
import NetcData
package import NetcGraph
import NetcRuntime
import NetcSemantics
import NetcTransform

extension CompiledModel {
  /// The forward graph with the gradient of every loss in the parameters that fit a pattern, asked
  /// for by `grad`.
  ///
  /// Results: `.loss`, `.output`, and `.gradient`, named after the parameter (`LOSS/PARAMETER` with
  /// several losses).
  /// - Parameter order: 1 for gradients; 2 for the derivative of the sum of all their elements (the
  ///   Hessian times a vector of ones).
  /// - Throws: `NetcError.unsupported` when there is no loss or no parameter fits.
  package func gradientGraph(
    wrt patterns: [String] = [], order: Int = 1
  ) throws(NetcError) -> Graph {
    guard !losses.isEmpty else {
      throw .unsupported("the program has no loss, so it has no gradient")
    }
    for pattern in patterns where !parameters.contains(where: { matches($0.name, glob: pattern) }) {
      let near = suggestion(for: pattern, among: parameters.map(\.name))
      throw .unsupported(
        "no parameter fits `\(pattern)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
    }
    var graph = model.training
    graph.results.removeAll { $0.role != .loss && $0.role != .output }
    let leaves = graph.parameterValues.filter { leaf in
      patterns.isEmpty || patterns.contains { matches(leaf.name, glob: $0) }
    }
    for loss in graph.results(.loss) {
      let reached = leaves.filter { graph.reaches(from: $0.value, to: loss.value) }
      let prefix = losses.count == 1 ? "" : "\(loss.name)/"
      graph = graph.addingGradients(
        of: loss.value, wrt: reached.map { (name: prefix + $0.name, value: $0.value) }, order: order
      )
    }
    return Pass.eliminateDeadCode.apply(graph)
  }

  /// Proves the derived gradients of every loss in every trained parameter against central
  /// differences in double.
  ///
  /// Runs at batch 2 on the first training rows, or on seeded random numbers when no data can be
  /// read, at the first parameters moved by up to 0.05 each. Of large parameters some elements and
  /// random directions are compared.
  /// - Throws: `NetcError` when the program cannot be planned or has no loss.
  public func checkGradients(
    options runOptions: RunOptions = RunOptions(),
    onProgress: (GradientCheckProgress) -> Void = { _ in },
    onRow: (GradientCheckRow) -> Void = { _ in }
  ) throws(NetcError) -> [GradientCheckRow] {
    guard options.precision == .double else {
      internalError("check-grad: a model compiled in single precision")
    }
    let seed = runOptions.seed ?? model.train?.seed ?? 0
    let inputs = try checkInputs(seed: seed, dimensions: runOptions.dimensions)
    let bindings = try bindings(of: inputs, given: runOptions.dimensions)
    let session = try ModelSession(self, options: runOptions, dimensions: bindings)
    try session.initialize(seed: seed)
    try loadStatistics(into: session, seed: seed)
    try leaveKinks(session, seed: seed)
    let graph = try gradientGraph()
    let batch = batchSymbol.flatMap { bindings[$0] } ?? 1
    let checker = try GradientChecker(
      self, graph: graph, session: session, inputs: inputs, bindings: bindings, batch: batch)
    var rows: [GradientCheckRow] = []
    let checked = graph.results(.gradient).map {
      (result: $0.name, pair: lossAndParameter($0.name))
    }
    .filter { isMinimized($0.pair.loss, in: $0.pair.parameter) }
    for (place, (result, pair)) in checked.enumerated() {
      onProgress(
        GradientCheckProgress(number: place + 1, count: checked.count, parameter: pair.parameter))
      let row = try checker.check(
        loss: pair.loss, parameter: pair.parameter, result: result,
        generator: Philox(seed: seed, site: "check-grad/\(result)"))
      onRow(row)
      rows.append(row)
    }
    return rows
  }

  /// The loss and the parameter of a result of `gradientGraph`.
  private func lossAndParameter(_ name: String) -> (loss: String, parameter: String) {
    if losses.count == 1 { return (losses[0], name) }
    let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
    return (parts[0], parts[parts.count - 1])
  }

  /// Moves every parameter a little and at random: biases that start from 0 put all of an image's
  /// background on the kink of the activation after it, where there is no derivative to compare.
  private func leaveKinks(_ session: ModelSession, seed: UInt64) throws(NetcError) {
    for parameter in model.parameters {
      guard let value = session.read(parameter.name) else { continue }
      let generator = Philox(seed: seed, site: "check-grad/\(parameter.name).moved")
      let draws = generator.uniforms(count: value.count, step: 0, offset: 0)
      let moved = zip(value.doubles, draws).map { $0 + 0.1 * (Double($1) - 0.5) }
      guard let tensor = Tensor(shape: value.shape, .double(moved)) else { continue }
      try session.load(parameter.name, tensor)
    }
  }

  /// Whether an optimizer changes the parameter for this loss; without optimizers every pair
  /// counts.
  ///
  /// Other pairs may go through `stop_gradient`, which central differences do not see.
  private func isMinimized(_ loss: String, in parameter: String) -> Bool {
    model.optimizers.isEmpty
      || model.optimizers.contains { $0.loss == loss && $0.parameters.contains(parameter) }
  }

  private func loadStatistics(into session: ModelSession, seed: UInt64) throws(NetcError) {
    guard let train = model.train, let data = try? PreparedData(self, train, seed: seed) else {
      return
    }
    for (name, tensor) in data.statistics { try session.load(name, tensor) }
  }

  /// Two examples: from the program's data if it can be read, else drawn at random.
  private func checkInputs(
    seed: UInt64, dimensions: DimBindings
  ) throws(NetcError) -> [String: Tensor] {
    var sizes = dimensions
    if let symbol = batchSymbol { sizes[symbol] = sizes[symbol] ?? 2 }
    if let train = model.train, let data = try? PreparedData(self, train, seed: seed) {
      let rows = data.training.rows.prefix(batchSymbol.flatMap { sizes[$0] } ?? 1)
      var inputs: [String: Tensor] = [:]
      for column in data.training.dataset.columns {
        inputs[column.name] = tensor(column, rows: Array(rows))
      }
      return inputs
    }
    for symbol in openSymbols where sizes[symbol] == nil { sizes[symbol] = 3 }
    var inputs: [String: Tensor] = [:]
    for input in model.inputs {
      guard let shape = input.type.shape.sizes(sizes), let count = elementCount(shape) else {
        throw .unsupported("input `\(input.name)` is \(input.type.shape), which has no size")
      }
      let generator = Philox(seed: seed, site: "check-grad/\(input.name)")
      inputs[input.name] = Tensor(shape: shape, input.randomValues(count, generator))
    }
    return inputs
  }
}

extension ModelInput {
  /// Numbers an input of this kind could be fed: reals in (-1, 1), classes, truth values.
  fileprivate func randomValues(_ count: Int, _ generator: Philox) -> Tensor.Storage {
    let draws = generator.uniforms(count: count, step: 0, offset: 0).map { Double($0) }
    switch element {
    case .float: return .double(draws.map { 2 * $0 - 1 })
    case .int: return .int(draws.map { Int32($0 * 4) })
    case .bool: return .bool(draws.map { $0 < 0.5 })
    case .classes(let classes, _, _):
      return .int(draws.map { Int32($0 * Double(min(classes, 1 << 24))) })
    }
  }
}

extension Graph {
  /// The parameter leaves with their names, in order.
  package var parameterValues: [(name: String, value: ValueID)] {
    nodeIDs.filter { op(of: $0) == .parameter }
      .map { (name: attributes(of: $0).text("name"), value: result(of: $0)) }
  }

  /// Whether `target` depends on `source`.
  /// - Complexity: O(nodes between them).
  package func reaches(from source: ValueID, to target: ValueID) -> Bool {
    var depends = [Bool](repeating: false, count: valueCount)
    depends[source.index] = true
    for node in nodeIDs where node.index > self.node(of: source).index {
      guard operands(of: node).contains(where: { depends[$0.index] }) else { continue }
      for result in results(of: node) { depends[result.index] = true }
    }
    return depends[target.index]
  }
}
