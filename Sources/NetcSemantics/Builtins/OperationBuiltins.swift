import NetcCore
import NetcGraph

/// Primitive operations under their own names with their own attributes, exactly one node each, as
/// derived programs print them.
enum OperationBuiltins {
  static let all: [Builtin] =
    [
      "reduce_sum", "reduce_max", "slice", "dot_general", "convolution", "window_sum",
      "window_argmax",
    ].compactMap { name in OperationCatalogue.id(named: name).map { builtin($0) } } + [
      Builtin("literal", ["values", "shape*", "element=float|int|bool"]) { lowering, call in
        lowering.literal(call)
      },
      Builtin("dimension", ["size"]) { lowering, call in
        guard let size = lowering.size(call[0].value, at: call[0].range) else { return .poison }
        return .tensor(lowering.tensor(lowering.b.dimension(size)))
      },
      Builtin("compare", ["x", "y", "direction:"]) { lowering, call in lowering.compare(call) },
    ]

  private static func builtin(_ op: OpID) -> Builtin {
    let operation = op.operation
    let attributes = operation.attributeNames.map {
      $0 + (operation.attributeDefaults[$0] == nil ? ":" : "?")
    }
    return Builtin(operation.netName, operation.operandNames + attributes) { lowering, call in
      lowering.apply(op, call)
    }
  }
}

extension Lowering {
  fileprivate mutating func apply(_ op: OpID, _ call: BuiltinCall) -> Value {
    let operation = op.operation
    var operands: [TensorValue] = []
    for place in operation.operandNames.indices {
      guard let operand = tensorValue(call[place].value, at: call[place].range) else {
        return .poison
      }
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

  /// `literal(values, [shape], element: …)`: numbers in row-major order, or one for all, as one
  /// constant.
  fileprivate mutating func literal(_ call: BuiltinCall) -> Value {
    guard let shape = shape(call[1]), let numbers = literalNumbers(call[0]) else { return .poison }
    var kind = Kind.float
    if let side = call.optional(2) {
      switch side.value {
      case .word("float"): kind = .float
      case .word("int"): kind = .int
      case .word("bool"): kind = .bool
      default:
        return fail(
          .unknownType, "`element` is float, int or bool, found \(side.value.description)",
          at: side.range)
      }
    }
    let attributes: Attributes = [
      "values": .numbers(numbers.map { ExactNumber($0) }), "element": .element(kind.element),
      "shape": .dims(shape.dims),
    ]
    return emit(.constant, [], attributes, at: call.range).map { .tensor($0) } ?? .poison
  }

  private mutating func literalNumbers(_ side: Operand) -> [Double]? {
    let values: [Value]
    if case .list(let several) = side.value { values = several } else { values = [side.value] }
    var numbers: [Double] = []
    numbers.reserveCapacity(values.count)
    for value in values {
      switch value {
      case .number(let number): numbers.append(number.double)
      case .bool(let truth): numbers.append(truth ? 1 : 0)
      default:
        fail(.listNotTensor, "`literal` takes numbers, found \(value.description)", at: side.range)
        return nil
      }
    }
    return numbers
  }

  fileprivate mutating func compare(_ call: BuiltinCall) -> Value {
    guard case .string(let text) = call[2].value,
      let direction = ComparisonDirection(rawValue: text)
    else {
      let words = ComparisonDirection.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      return fail(.keyNotText, "`direction` is one of \(words)", at: call[2].range)
    }
    guard let x = tensorValue(call[0].value, at: call[0].range),
      let y = tensorValue(call[1].value, at: call[1].range)
    else { return .poison }
    return emit(.compare, [x, y], ["direction": .text(direction.rawValue)], at: call.range)
      .map { .tensor($0) } ?? .poison
  }
}
