import NetcCore

/// What elementwise operations share: type rules, loops, samples.
enum Elementwise {
  /// The one type of `count` operands that are all real or all integer.
  static func numericType(
    _ operands: [TensorType], count: Int
  ) throws(OperationTypeError) -> TensorType {
    let type = try commonType(operands, count: count)
    if type.element == .bool {
      throw OperationTypeError("numbers expected, found bool", operand: 0)
    }
    return type
  }

  /// The one type of `count` operands that are all real.
  static func realType(
    _ operands: [TensorType], count: Int
  ) throws(OperationTypeError) -> TensorType {
    let type = try commonType(operands, count: count)
    if type.element != .float {
      throw OperationTypeError("real numbers expected, found \(type.element.rawValue)", operand: 0)
    }
    return type
  }

  /// The one type of `count` operands that are all truth values.
  static func boolType(
    _ operands: [TensorType], count: Int
  ) throws(OperationTypeError) -> TensorType {
    let type = try commonType(operands, count: count)
    if type.element != .bool {
      throw OperationTypeError("truth values expected, found \(type.element.rawValue)", operand: 0)
    }
    return type
  }

  /// The type all `count` operands have.
  static func commonType(
    _ operands: [TensorType], count: Int
  ) throws(OperationTypeError) -> TensorType {
    try operandCount(operands, count)
    let first = operands[0]
    for (index, type) in operands.enumerated() where type != first {
      throw OperationTypeError(
        "operands of one type expected, found \(first) and \(type)", operand: index)
    }
    return first
  }

  /// Refuses another number of operands.
  static func operandCount(_ operands: [TensorType], _ count: Int) throws(OperationTypeError) {
    if operands.count == count { return }
    let words = count == 0 ? "no operands" : count == 1 ? "1 operand" : "\(count) operands"
    throw OperationTypeError("\(words) expected, found \(operands.count)")
  }

  /// Applies a function of one real number to each.
  static func map<S>(_ call: EvaluationCall<S>, _ function: (S) -> S) -> ReferenceTensor<S> {
    ReferenceTensor(call.shape, .float(call.operands[0].floats.map(function)))
  }

  /// Applies a function of one number to each, by element type.
  static func map<S>(
    _ call: EvaluationCall<S>, floats: (S) -> S, ints: (Int32) -> Int32
  ) -> ReferenceTensor<S> {
    if case .int(let values) = call.operands[0].storage {
      return ReferenceTensor(call.shape, .int(values.map(ints)))
    }
    return ReferenceTensor(call.shape, .float(call.operands[0].floats.map(floats)))
  }

  /// Applies a function of two truth values to each pair.
  static func logic<S>(
    _ call: EvaluationCall<S>, _ function: (Bool, Bool) -> Bool
  ) -> ReferenceTensor<S> {
    let pairs = zip(call.operands[0].bools, call.operands[1].bools)
    return ReferenceTensor(call.shape, .bool(pairs.map(function)))
  }

  /// Applies a function of two numbers to each pair, by element type.
  static func arithmetic<S>(
    _ call: EvaluationCall<S>, floats: (S, S) -> S, ints: (Int32, Int32) -> Int32
  ) -> ReferenceTensor<S> {
    if case .int(let left) = call.operands[0].storage {
      return ReferenceTensor(call.shape, .int(zip(left, call.operands[1].ints).map(ints)))
    }
    let pairs = zip(call.operands[0].floats, call.operands[1].floats)
    return ReferenceTensor(call.shape, .float(pairs.map(floats)))
  }

  /// Real operands of both signs, away from zero and from each other.
  static var binarySamples: [OperationSample] {
    [
      OperationSample([
        .sample([2, 3], [0.7, -1.3, 2.1, -0.4, 1.6, 0.9]),
        .sample([2, 3], [1.2, 0.5, -1.7, 0.8, 0.3, -2.2]),
      ]),
      OperationSample([.sample([], [1.5]), .sample([], [-0.6])]),
    ]
  }

  /// `binarySamples`, integers with zeros and the ends of their range, and no elements at all.
  static var numericBinarySamples: [OperationSample] {
    binarySamples + [
      OperationSample([
        .sample([6], ints: [7, -7, 7, 3, -2_147_483_648, 0]),
        .sample([6], ints: [2, 2, -2, 0, -1, 5]),
      ]),
      OperationSample([.sample([0, 2], []), .sample([0, 2], [])]),
    ]
  }

  /// `unarySamples`, integers, a scalar, and no elements at all.
  static var numericUnarySamples: [OperationSample] {
    unarySamples + [
      OperationSample([.sample([4], ints: [3, -4, 0, -2_147_483_648])]),
      OperationSample([.sample([], [-0.8])]),
      OperationSample([.sample([3, 0], [])]),
    ]
  }

  /// Real operands of both signs, away from zero.
  static var unarySamples: [OperationSample] {
    [OperationSample([.sample([2, 3], [0.7, -1.3, 2.1, -0.4, 1.6, -0.9])])]
  }

  /// Real operands above zero.
  static var positiveSamples: [OperationSample] {
    [OperationSample([.sample([2, 3], [0.7, 1.3, 2.1, 0.4, 1.6, 0.9])])]
  }
}

extension Tensor {
  /// A tensor of doubles written in the code of an operation.
  static func sample(_ shape: [Int], _ values: [Double]) -> Tensor {
    guard let tensor = Tensor(shape: shape, .double(values)) else {
      internalError("sample: \(values.count) numbers in shape \(shape)")
    }
    return tensor
  }

  /// A tensor of integers written in the code of an operation.
  static func sample(_ shape: [Int], ints: [Int32]) -> Tensor {
    guard let tensor = Tensor(shape: shape, .int(ints)) else {
      internalError("sample: \(ints.count) integers in shape \(shape)")
    }
    return tensor
  }

  /// A tensor of truth values written in the code of an operation.
  static func sample(_ shape: [Int], bools: [Bool]) -> Tensor {
    guard let tensor = Tensor(shape: shape, .bool(bools)) else {
      internalError("sample: \(bools.count) truth values in shape \(shape)")
    }
    return tensor
  }
}
