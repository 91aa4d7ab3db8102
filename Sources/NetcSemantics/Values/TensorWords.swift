import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// A tensor of the graph under construction for a tensor of this or another graph.
  ///
  /// A loop's body reads what is around it through arguments. First values meet tensors of another
  /// graph too: a parameter's there is its own first value; of any other the shape alone may be
  /// used, which a placeholder stands for.
  mutating func use(_ tensor: TensorValue) -> TensorValue {
    if tensor.graph == graph { return tensor }
    if isInScan { return capture(tensor) }
    if graph == initial.number, let name = parameterName(of: tensor),
      let place = parameters.place(of: name), let first = parameters.records[place].first
    {
      return first
    }
    let placeholder = self.tensor(
      b.argument(0, TensorType(tensor.kind.element, tensor.shape)), tensor.kind)
    if graph == initial.number {
      initial.placeholders.insert(placeholder.id)
    } else {
      fail(
        .notVisibleInBody, "a value of a step is used where there is no step",
        at: calls.last?.range, help: ["pass it as an argument"])
    }
    return placeholder
  }

  /// A value as a tensor; nil after reporting that it is none.
  mutating func tensorValue(_ value: Value, at range: SourceRange) -> TensorValue? {
    switch value {
    case .tensor(let tensor): return use(tensor)
    case .number(let number): return tensor(b.constant(number.double))
    case .bool(let truth): return tensor(b.constant(truth ? 1 : 0, element: .bool))
    case .dim(let dim): return tensor(b.dimension(dim))
    case .list: return constantTensor(value, at: range)
    case .poison: return nil
    case .string, .word, .range, .callable:
      fail(.tensorExpected, "a tensor or a number is needed, found \(value.description)", at: range)
      return nil
    }
  }

  /// A list of numbers, or of lists of numbers of one length, as a constant; scalars computed at
  /// run time are joined.
  mutating func constantTensor(_ value: Value, at range: SourceRange) -> TensorValue? {
    var numbers: [Double] = []
    guard let shape = gather(value, into: &numbers) else {
      if case .list(let values) = value, !values.isEmpty, !value.isPoison {
        return stacked(values, at: range)
      }
      if !value.isPoison {
        fail(
          .listNotTensor, "this list is not a tensor", at: range,
          help: ["a tensor is a list of numbers, or of lists of numbers of one length"])
      }
      return nil
    }
    if let first = numbers.first, numbers.allSatisfy({ $0.bitPattern == first.bitPattern }) {
      return tensor(b.constant(first, Shape(sizes: shape)))
    }
    return tensor(b.constant(numbers, TensorType(.float, Shape(sizes: shape))))
  }

  private func gather(_ value: Value, into numbers: inout [Double]) -> [Int]? {
    switch value {
    case .number(let number):
      numbers.append(number.double)
      return []
    case .list(let values):
      var inner: [Int]?
      for value in values {
        guard let shape = gather(value, into: &numbers), inner == nil || inner == shape else {
          return nil
        }
        inner = shape
      }
      return [values.count] + (inner ?? [])
    default: return nil
    }
  }

  private mutating func stacked(_ values: [Value], at range: SourceRange) -> TensorValue? {
    var parts: [ValueID] = []
    var shape: Shape?
    for value in values {
      guard var part = tensorValue(value, at: range) else { return nil }
      if part.kind == .int { part = convert(part, to: .float) }
      guard part.kind == .float, shape == nil || shape == part.shape else {
        fail(
          .listNotTensor, "the elements of this list have different types", at: range,
          label: "`\(part.typeText)` after `\(Kind.float.text)\(shape ?? .scalar)`")
        return nil
      }
      shape = part.shape
      parts.append(b.reshape(part.id, to: Shape([Dim(1)] + part.shape.dims)))
    }
    return tensor(b.concatenate(parts, axis: 0))
  }

  /// The tensor with another element type; itself when it has it.
  mutating func convert(_ tensor: TensorValue, to kind: Kind) -> TensorValue {
    if tensor.kind.element == kind.element {
      var same = tensor
      same.kind = kind
      return same
    }
    return self.tensor(b.convert(tensor.id, to: kind.element), kind)
  }

  /// The tensor repeated to a shape it fits by the rule of the language; itself when it has it.
  mutating func broadcast(_ tensor: TensorValue, to shape: Shape) -> TensorValue {
    if tensor.shape == shape { return tensor }
    return self.tensor(b.broadcastTrailing(tensor.id, to: shape), tensor.kind)
  }

  /// A real number in every element of a shape.
  mutating func constant(_ value: Double, _ kind: Kind, _ shape: Shape) -> TensorValue {
    tensor(b.constant(value, shape, element: kind.element), kind)
  }
}
