import NetcCore

/// A graph of one call of an operation on an `OperationSample`, with the numbers it reads.
///
/// Real operands are the parameters `x0`, `x1`, …, by their place; the others are inputs. The
/// results are the outputs `y0`, `y1`, ….
package struct SampleGraph: Sendable {
  /// The graph.
  package let graph: Graph
  /// The operands by name.
  package let context: EvaluationContext
  /// The names of the real operands, in order.
  package let realOperands: [String]

  /// The graph of a sample of an operation.
  /// - Throws: when the operation's type rule refuses its own sample.
  package init(_ op: OpID, _ sample: OperationSample) throws(OperationTypeError) {
    var builder = GraphBuilder()
    var context = EvaluationContext(step: 3, seed: 7)
    var operands: [ValueID] = []
    var realOperands: [String] = []
    for (place, tensor) in sample.operands.enumerated() {
      let name = "x\(place)"
      let type = TensorType(tensor.element, Shape(sizes: tensor.shape))
      if tensor.element == .float {
        operands.append(builder.parameter(name, type))
        context.parameters[name] = tensor
        realOperands.append(name)
      } else {
        operands.append(builder.input(name, type))
        context.inputs[name] = tensor
      }
    }
    let results = try builder.graph.append(op, operands, sample.attributes, origin: .unknown)
    builder.graph.results = results.enumerated().map { GraphResult(.output, "y\($0)", $1) }
    graph = builder.graph
    self.context = context
    self.realOperands = realOperands
  }
}
