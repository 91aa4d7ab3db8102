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
      let results = try b.graph.append(
        op, operands.map(\.id), attributes, origin: b.origin)
      let made = tensor(results[0])
      guard let kind, kind.element == made.kind.element else { return made }
      return tensor(results[0], kind)
    } catch {
      fail(
        .operationRefused, "`\(op.operation.netName)`: \(error.message)", at: range,
        notes: [])
      return nil
    }
  }
}
