public import NetcCore
import NetcData
package import NetcGraph
import NetcRuntime
import NetcSemantics
import NetcTransform

/// One output for all examples asked for.
public struct Prediction: Hashable, Sendable {
  /// The output's name.
  public let name: String
  /// The numbers; the first dimension counts examples.
  public let tensor: Tensor
  /// The names of the classes that its whole numbers stand for; nil where they are numbers.
  public let classNames: [String]?

  /// An output with its numbers.
  init(name: String, tensor: Tensor, classNames: [String]? = nil) {
    self.name = name
    self.tensor = tensor
    self.classNames = classNames
  }

  /// The rows of this and of another part of the same output.
  fileprivate func appending(_ other: Prediction) -> Prediction {
    let shape =
      [(tensor.shape.first ?? 0) + (other.tensor.shape.first ?? 0)] + tensor.shape.dropFirst()
    let joined: Tensor.Storage =
      switch (tensor.storage, other.tensor.storage) {
      case (.float(let a), .float(let b)): .float(a + b)
      case (.int(let a), .int(let b)): .int(a + b)
      case (.bool(let a), .bool(let b)): .bool(a + b)
      default: .double(tensor.doubles + other.tensor.doubles)
      }
    return Prediction(
      name: name, tensor: Tensor(shape: shape, joined) ?? tensor, classNames: classNames)
  }
}

extension CompiledModel {
  /// The evaluation graph with nothing but some of its outputs.
  /// - Throws: `NetcError.unsupported` when the program has none of a name.
  package func graph(ofOutputs names: [String]) throws(NetcError) -> Graph {
    var graph = evaluation
    let known = graph.results(.output)
    if known.isEmpty { throw .unsupported("the program has no `output`") }
    for name in names where !known.contains(where: { $0.name == name }) {
      let near = suggestion(for: name, among: known.map(\.name))
      throw .unsupported(
        "the program has no output `\(name)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
    }
    graph.results = names.isEmpty ? known : known.filter { names.contains($0.name) }
    return Pass.eliminateDeadCode.apply(graph)
  }
}

extension Evaluator {
  /// The outputs of examples given as tensors, whose first dimension counts them.
  /// - Parameter outputs: the names wanted; empty for all. Only inputs they reach are needed.
  /// - Throws: `NetcError.feed` when an input is missing, unknown or of another shape.
  public func predict(
    _ inputs: [String: Tensor], outputs: [String] = []
  ) throws(NetcError) -> [Prediction] {
    try session(predicting: outputs, of: inputs).predict(
      inputs, outputs: outputs, classNames: saved.classNames)
  }

  /// A session for tensors whose shapes give symbols their sizes.
  private func session(
    predicting outputs: [String], of inputs: [String: Tensor]
  ) throws(NetcError) -> ModelSession {
    let needed = try model.graph(ofOutputs: outputs).inputNames
    try model.checkNames(of: inputs, needed: needed)
    let fed = inputs.filter { needed.contains($0.key) }
    return try session(model.bindings(of: fed, given: options.dimensions))
  }

  /// The outputs for rows read as the program's data statement says, from another file if one is
  /// given.
  /// - Throws: `NetcError` for data, or for numbers that do not fit the program.
  public func predict(
    data name: String? = nil, path: String? = nil, outputs: [String] = []
  ) throws(NetcError) -> [Prediction] {
    let graph = try model.graph(ofOutputs: outputs)
    let wanted = name ?? model.model.train?.data ?? model.model.data.first?.name
    guard let wanted, var request = model.model.data.first(where: { $0.name == wanted }) else {
      throw .unsupported("the program declares no data set" + (name.map { " `\($0)`" } ?? ""))
    }
    let needed = graph.inputNames
    request.bindings.removeAll { !needed.contains($0.input) }
    request.name(classes: saved.classNames)
    let dataset: Dataset
    do {
      if let path { request = try request.reading(path) }
      dataset = try request.load(
        relativeTo: path == nil ? model.directory : "", precision: model.options.precision)
    } catch {
      throw NetcError(error, sources: model.sources)
    }
    return try predict(dataset, graph, outputs)
  }

  /// The outputs for all rows, some rows at a time where each output has one entry a row.
  private func predict(
    _ dataset: Dataset, _ graph: Graph, _ outputs: [String]
  ) throws(NetcError) -> [Prediction] {
    let isRowwise = graph.results(.output).allSatisfy { result in
      let shape = graph.type(of: result.value).shape
      return shape.rank > 0 && shape[0].symbol != nil && shape[0].symbol == model.batchSymbol
    }
    let rows = dataset.orderedRows
    let part = isRowwise ? 512 : max(1, rows.count)
    var results: [Prediction] = []
    var session: ModelSession?
    for start in stride(from: 0, to: max(1, rows.count), by: part) {
      let taken = Array(rows[start..<min(start + part, rows.count)])
      var inputs: [String: Tensor] = [:]
      for column in dataset.columns { inputs[column.name] = model.tensor(column, rows: taken) }
      if session == nil { session = try self.session(predicting: outputs, of: inputs) }
      let next =
        try session?.predict(inputs, outputs: outputs, classNames: saved.classNames) ?? []
      results = results.isEmpty ? next : zip(results, next).map { $0.appending($1) }
    }
    return results
  }
}

extension Graph {
  /// The names of the inputs it reads, in order.
  package var inputNames: [String] {
    nodeIDs.filter { op(of: $0) == .input }.map { attributes(of: $0).text("name") }
  }
}

extension CompiledModel {
  /// The sizes that tensors give to the symbols of their inputs' shapes.
  /// - Throws: `NetcError.feed` when a type or shape does not fit, two tensors disagree, a label is
  ///   no class or there is no example.
  package func bindings(
    of tensors: [String: Tensor], given: DimBindings = [:]
  ) throws(NetcError) -> DimBindings {
    var bindings = given
    for input in model.inputs {
      guard let tensor = tensors[input.name] else { continue }
      if let problem = input.problem(with: tensor) { throw .feed(problem) }
      for (dim, size) in zip(input.type.shape.dims, tensor.shape) {
        if let symbol = dim.symbol, bindings[symbol] == nil { bindings[symbol] = size }
        guard dim.value(bindings) == size else {
          throw .feed("input `\(input.name)` is \(input.type.shape), found \(tensor.shape)")
        }
      }
    }
    if let symbol = batchSymbol, bindings[symbol] == 0 { throw .feed("there are no examples") }
    return bindings
  }
}

extension ModelInput {
  /// What is wrong with the type, rank or labels of a tensor for this input; nil when it may be
  /// fed.
  fileprivate func problem(with tensor: Tensor) -> String? {
    guard tensor.element == type.element else {
      return "input `\(name)` is \(type), found \(tensor.element.rawValue)\(tensor.shape)"
    }
    guard tensor.shape.count == type.shape.rank else {
      return "input `\(name)` is \(type.shape), found \(tensor.shape)"
    }
    guard case .classes(let count, let ignore, _) = element, case .int(let labels) = tensor.storage,
      count > 0,
      let wrong = labels.first(where: { !(0..<count).contains(Int($0)) && Int($0) != ignore })
    else { return nil }
    return
      "input `\(name)` holds class \(wrong), outside class(\(count)), which takes 0 to \(count - 1)"
  }
}
