import NetcCore

/// Evaluates a graph node by node with each operation's reference semantics: the oracle for
/// everything faster.
///
/// Rank-0 real numbers that depend on constants, dimensions and `step` alone are computed in double
/// and rounded where other nodes use them, as in compiled plans.
package struct ReferenceInterpreter<S: ReferenceScalar>: Sendable {
  /// What leaves read.
  package let context: EvaluationContext

  /// An interpreter over `context`.
  package init(context: EvaluationContext) { self.context = context }

  /// The numbers of all values of the graph, by `ValueID.index`.
  /// - Complexity: naive: as many scalar operations as the graph asks for, in order.
  package func evaluateAll(
    _ graph: Graph, arguments: [ReferenceTensor<S>] = []
  ) -> [ReferenceTensor<S>] {
    let hosted = graph.hostScalars()
    var values: [ReferenceTensor<S>] = []
    var scalars: [Int: ReferenceTensor<Double>] = [:]
    values.reserveCapacity(graph.valueCount)
    for node in graph.nodeIDs {
      let op = graph.op(of: node)
      let attributes = graph.attributes(of: node)
      if op == .argument {
        let index = attributes.int("index")
        guard arguments.indices.contains(index) else {
          internalError("reference: operation argument, node \(node.index): no argument \(index)")
        }
        values.append(arguments[index])
        continue
      }
      let results = graph.results(of: node)
      let shapes = results.map { bound(graph.type(of: $0).shape, op) }
      if hosted[graph.result(of: node).index] {
        let operands = graph.operands(of: node).map { value in
          scalars[value.index] ?? values[value.index].converted(to: Double.self)
        }
        let made = Double.evaluate(
          op.operation,
          EvaluationCall(
            operands: operands, attributes: attributes, resultShapes: shapes, context: context))
        for (result, tensor) in zip(results, made) {
          scalars[result.index] = tensor
          values.append(tensor.converted(to: S.self))
        }
      } else {
        values += S.evaluate(
          op.operation,
          EvaluationCall(
            operands: graph.operands(of: node).map { values[$0.index] }, attributes: attributes,
            resultShapes: shapes, context: context))
      }
    }
    return values
  }

  /// The results of a body applied to arguments.
  package func evaluate(
    _ body: GraphBody, arguments: [ReferenceTensor<S>]
  ) -> [ReferenceTensor<S>] {
    let values = evaluateAll(body.graph, arguments: arguments)
    return body.graph.results.map { values[$0.value.index] }
  }

  private func bound(_ shape: Shape, _ op: OpID) -> [Int] {
    guard let sizes = shape.sizes(context.bindings) else {
      internalError("reference: operation \(op.operation.name): \(shape) is not bound")
    }
    return sizes
  }
}
