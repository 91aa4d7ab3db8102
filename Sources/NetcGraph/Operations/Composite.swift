import NetcCore

/// A call of a named function kept whole: its meaning is its body, its adjoint may be given.
///
/// Attributes: `name`; `body`; optionally `adjoint`, whose arguments are the operands, then the
/// results, then the results' adjoints (one for each real result), and whose results are the
/// adjoints of the real operands, in order; `settings`, the compile-time arguments as text, for
/// dumps.
struct Composite: Operation {
  let name = "composite"
  let summary = "a call of a named function: its body applied to the operands"
  let operandNames = ["operands"]
  let takesManyOperands = true
  let attributeNames = ["name", "settings", "body", "adjoint"]
  let stableHLO = "stablehlo.composite"
  let differentiability = Differentiability.rule
  let curvature = CurvatureRule.call

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    _ = try attributes.checkedText("name")
    let graph = try attributes.checkedBody("body").graph
    for node in graph.nodeIDs where graph.op(of: node) == .argument {
      let index = graph.attributes(of: node).int("index")
      let type = graph.type(of: graph.result(of: node))
      guard index < operands.count else {
        throw OperationTypeError("the body reads argument \(index) of \(operands.count)")
      }
      guard operands[index] == type else {
        throw OperationTypeError(
          "argument \(index) of the body is \(type), found \(operands[index])", operand: index)
      }
    }
    guard (1...Int(UInt16.max)).contains(graph.results.count) else {
      throw OperationTypeError("the body has \(graph.results.count) results")
    }
    return graph.results.map { graph.type(of: $0.value) }
  }

  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    guard case .body(let adjoint)? = call.attributes["adjoint"] else {
      internalError("composite \(call.attributes.text("name")): inlined before differentiation")
    }
    var operands = call.operands + call.results
    for (result, given) in zip(call.results, call.adjoints)
    where b.type(of: result).element == .float {
      operands.append(given ?? b.zeros(b.shape(of: result)))
    }
    let name = call.attributes.text("name")
    var attributes: Attributes = ["name": .text("d_" + name), "body": .body(adjoint)]
    attributes["settings"] = call.attributes["settings"]
    var flowing = b.emitAll(.composite, operands, attributes)[...]
    return call.operands.map { b.type(of: $0).element == .float ? flowing.popFirst() : nil }
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    ReferenceInterpreter<S>(context: call.context)
      .evaluate(call.attributes.body("body"), arguments: call.operands)
  }

  var samples: [OperationSample] { [] }
}

extension OpID {
  /// `composite` in the catalogue.
  package static let composite = OpID("composite")
}
