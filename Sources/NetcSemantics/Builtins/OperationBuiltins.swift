import NetcCore
import NetcGraph

/// Primitive operations under their own names with their own attributes, as derived programs print them.
enum OperationBuiltins {
  static let all: [Builtin] = ["reduce_sum", "reduce_max", "slice", "dot_general"].compactMap { name in
    OperationCatalogue.id(named: name).map { builtin($0) }
  }

  private static func builtin(_ op: OpID) -> Builtin {
    let operation = op.operation
    let attributes = operation.attributeNames
    let parameters = operation.operandNames + attributes.map { $0 + (operation.attributeDefaults[$0] == nil ? ":" : "?") }
    return Builtin(operation.netName, parameters) { lowering, call in
      lowering.apply(op, call)
    }
  }
}

extension Lowering {
  fileprivate mutating func apply(_ op: OpID, _ call: BuiltinCall) -> Value {
    let operation = op.operation
    var operands: [TensorValue] = []
    for place in operation.operandNames.indices {
      guard let operand = tensorValue(call[place].value, at: call[place].range) else { return .poison }
      operands.append(operand)
    }
    var attributes = operation.attributeDefaults
    for (offset, name) in operation.attributeNames.enumerated() {
      guard let side = call.optional(operands.count + offset) else { continue }
      guard let value = attribute(name, side) else { return .poison }
      attributes[name] = value
    }
    return emit(op, operands, attributes, at: call.range).map { .tensor($0) } ?? .poison
  }

  private mutating func attribute(_ name: String, _ side: Operand) -> AttributeValue? {
    switch AttributeKind(attribute: name) {
    case .bool: return flag(side, false).map { .bool($0) }
    case .int: return wholeNumber(side.value, at: side.range).map { .int($0) }
    case .ints: return wholes(side).map { .ints($0) }
    case .dims: return shape(side).map { .dims($0.dims) }
    default:
      fail(.notWhole, "`\(name)` cannot be given", at: side.range)
      return nil
    }
  }
}
