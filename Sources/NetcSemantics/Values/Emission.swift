import NetcCore
import NetcGraph

extension Lowering {
  /// Adds a node whose operands and attributes the program chose; nil after reporting what its type
  /// rule refuses.
  mutating func emit(
    _ op: OpID, _ operands: [TensorValue], _ attributes: Attributes = .none, kind: Kind? = nil,
    at range: SourceRange
  ) -> TensorValue? {
    setOrigin(range)
    do {
      let result = try b.graph.appendOne(
        op, operands.map(\.id), attributes, origin: b.origin)
      let made = tensor(result)
      guard let kind, kind.element == made.kind.element else { return made }
      return tensor(result, kind)
    } catch {
      fail(
        .operationRefused, "`\(op.operation.netName)`: \(error.message)", at: range,
        notes: operandLabels(op, operands, attributes).filter { $0.range != range })
      return nil
    }
  }

  /// What the operands of a refused operation are, and where the sizes that differ came from.
  private func operandLabels(
    _ op: OpID, _ operands: [TensorValue], _ attributes: Attributes
  ) -> [Diagnostic.Label] {
    guard operands.count > 1 else { return [] }
    let shapes = operands.map(\.shape)
    let isJoined = op == .concatenate && Set(shapes.map(\.rank)).count == 1
    let axes =
      isJoined
      ? shapes[0].dims.indices.filter { axis in
        axis != attributes.int("axis") && Set(shapes.map { $0[axis] }).count > 1
      } : []
    return labels(
      operands.compactMap { operand in
        guard let graph = level(of: operand.graph)?.graph,
          let range = graph.origin(of: graph.node(of: operand.id)).range, isUserText(range)
        else { return nil }
        return shapeSide(Operand(.tensor(operand), range), axes: axes)
      })
  }
}
