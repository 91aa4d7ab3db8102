import NetcCore

/// What is wrong with a graph: always a bug of the pass or lowering that made it.
package struct VerificationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The operation of the node at fault, or `results`.
  package let op: String
  /// The node's number; nil for a result.
  package let node: Int?
  /// What was found and expected: lower case, no full stop.
  package let message: String

  /// `add, node 7: operands of one type expected, …`.
  package var description: String {
    node.map { "\(op), node \($0): \(message)" } ?? "\(op): \(message)"
  }
}

extension Graph {
  /// Checks what every graph keeps, bodies included:
  ///
  /// - each operand comes before its user, and each attribute is one that the operation has;
  /// - the types follow from the operations' rules;
  /// - a leaf of one name has one type everywhere; arguments stand only in bodies;
  /// - an adjoint takes operands, results and their adjoints, and gives the real operands'
  ///   adjoints;
  /// - losses are real scalars; an update, first value or gradient has the type of what it is for;
  ///   no two results of one role share a name.
  /// - Throws: `VerificationError` for the first breach.
  /// - Complexity: O(nodes + attributes), bodies included.
  package func verify() throws(VerificationError) {
    let verifier = Verifier(graph: self, isBody: false)
    try verifier.checkNodes()
    try verifier.checkResults(leaves: try verifier.leafTypes())
  }
}

private struct Verifier {
  let graph: Graph
  let isBody: Bool

  func checkNodes() throws(VerificationError) {
    for node in graph.nodeIDs {
      try checkOperands(node)
      try checkAttributes(node)
      try checkTypes(node)
      switch graph.op(of: node) {
      case .argument where !isBody: throw fault(node, "an argument outside a body")
      case .composite: try checkComposite(node)
      case .scan: try checkBody(graph.attributes(of: node).body("body"), node)
      default: break
      }
    }
  }

  private func checkOperands(_ node: NodeID) throws(VerificationError) {
    for operand in graph.operands(of: node) {
      guard operand.index < graph.valueCount else {
        throw fault(node, "operand %\(operand.index) does not exist")
      }
      guard graph.node(of: operand) < node else {
        throw fault(node, "operand %\(operand.index) comes after its use")
      }
    }
  }

  private func checkAttributes(_ node: NodeID) throws(VerificationError) {
    let known = graph.op(of: node).operation.attributeNames
    for entry in graph.attributes(of: node).entries where !known.contains(entry.name) {
      throw fault(node, "there is no attribute `\(entry.name)`")
    }
  }

  private func checkTypes(_ node: NodeID) throws(VerificationError) {
    let operands = graph.operands(of: node).map { graph.type(of: $0) }
    let found = graph.results(of: node).map { graph.type(of: $0) }
    var expected: [TensorType] = []
    do throws(OperationTypeError) {
      expected = try graph.op(of: node).operation.resultTypes(operands, graph.attributes(of: node))
    } catch {
      throw fault(node, error.message)
    }
    guard found == expected else {
      throw fault(node, "the result is \(found), by the rule \(expected)")
    }
  }

  private func checkComposite(_ node: NodeID) throws(VerificationError) {
    let attributes = graph.attributes(of: node)
    try checkBody(attributes.body("body"), node)
    guard let adjoint = attributes["adjoint"] else { return }
    guard case .body(let body) = adjoint else { throw fault(node, "`adjoint` is no body") }
    try checkBody(body, node)
    let operands = graph.operands(of: node).map { graph.type(of: $0) }
    let results = graph.results(of: node).map { graph.type(of: $0) }
    let expected = operands + results + results.filter { $0.element == .float }
    for inner in body.graph.nodeIDs where body.graph.op(of: inner) == .argument {
      let index = body.graph.attributes(of: inner).int("index")
      let type = body.graph.type(of: body.graph.result(of: inner))
      guard index < expected.count, expected[index] == type else {
        throw fault(node, "argument \(index) of the adjoint is \(type), not among \(expected)")
      }
    }
    let given = body.graph.results.map { body.graph.type(of: $0.value) }
    let wanted = operands.filter { $0.element == .float }
    guard given == wanted else { throw fault(node, "the adjoint gives \(given), not \(wanted)") }
  }

  private func checkBody(_ body: GraphBody, _ node: NodeID) throws(VerificationError) {
    let inner = Verifier(graph: body.graph, isBody: true)
    do throws(VerificationError) {
      try inner.checkNodes()
      for result in body.graph.results where result.role != .result {
        throw VerificationError(op: "results", node: nil, message: "a body has a \(result.role)")
      }
      try inner.checkResults(leaves: [:])
    } catch {
      throw fault(node, "in its body: \(error)")
    }
  }

  /// The types of parameters and states by name.
  func leafTypes() throws(VerificationError) -> [String: TensorType] {
    var types: [String: TensorType] = [:]
    for node in graph.nodeIDs {
      let op = graph.op(of: node)
      guard op == .parameter || op == .state || op == .input else { continue }
      let name = graph.attributes(of: node).text("name")
      let type = graph.type(of: graph.result(of: node))
      let key = op == .input ? "input " + name : name
      if let known = types[key], known != type {
        throw fault(node, "`\(name)` is \(type) here and \(known) before")
      }
      types[key] = type
    }
    return types
  }

  func checkResults(leaves: [String: TensorType]) throws(VerificationError) {
    var seen: Set<GraphResult> = []
    for result in graph.results {
      let title = "\(result.role) `\(result.name)`"
      func breach(_ message: String) -> VerificationError {
        VerificationError(op: "results", node: nil, message: title + " " + message)
      }
      guard result.value.index < graph.valueCount else { throw breach("has no value") }
      var key = result
      key.value = ValueID(0)
      if !seen.insert(key).inserted { throw breach("is there twice") }
      let type = graph.type(of: result.value)
      switch result.role {
      case .loss:
        if type != TensorType(.float, .scalar) { throw breach("is \(type), not a real scalar") }
      case .update, .initial, .gradient:
        if let own = leaves[result.name], own != type { throw breach("is \(type), not \(own)") }
      case .metric, .output, .watched, .result: break
      }
    }
  }

  private func fault(_ node: NodeID, _ message: String) -> VerificationError {
    VerificationError(op: graph.op(of: node).operation.name, node: node.index, message: message)
  }
}
