package import NetcCore

/// Appends nodes to a graph in words: one method per operation, defined beside the operation.
///
/// The caller has checked what it asks for; a type rule that refuses is a bug of netc.
package struct GraphBuilder: Sendable {
  /// The graph built so far.
  package var graph: Graph
  /// The origin given to the nodes that follow.
  package var origin: Origin

  /// Continues `graph`.
  package init(_ graph: Graph = Graph(), origin: Origin = .unknown) {
    self.graph = graph
    self.origin = origin
  }

  /// Appends a node with several results.
  package mutating func emitAll(
    _ op: OpID, _ operands: [ValueID], _ attributes: Attributes = .none
  ) -> [ValueID] {
    do {
      return try graph.append(op, operands, attributes, origin: origin)
    } catch {
      refuse(op, operands, error)
    }
  }

  /// Appends a node with one result.
  package mutating func emit(
    _ op: OpID, _ operands: [ValueID], _ attributes: Attributes = .none
  ) -> ValueID {
    do {
      return try graph.appendOne(op, operands, attributes, origin: origin)
    } catch {
      refuse(op, operands, error)
    }
  }

  private func refuse(_ op: OpID, _ operands: [ValueID], _ error: OperationTypeError) -> Never {
    let types = operands.map { graph.type(of: $0).description }.joined(separator: ", ")
    internalError(
      "operation \(op.operation.name)(\(types)), node \(graph.nodeCount): \(error.message)")
  }

  /// The type of a value.
  package func type(of value: ValueID) -> TensorType { graph.type(of: value) }

  /// The shape of a value.
  package func shape(of value: ValueID) -> Shape { graph.type(of: value).shape }
}
