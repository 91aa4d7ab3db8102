import CNetc
package import NetcCore

/// Builds a `MapInstruction` from operations on values over one shape.
///
/// Values are numbered in the order of creation; an operation's operands precede it. `build`
/// collapses the
/// shape's axes, drops what no output needs and gives each value a register.
package struct MapBuilder: Hashable {
  /// A value of the program under construction.
  package struct Value: Hashable, Sendable {
    fileprivate let index: Int
  }

  /// Why a program does not fit one instruction; the caller splits it or makes operands dense.
  package enum Failure: Error, Hashable {
    case tooManyOperands, tooManyDimensions, tooManyRegisters, tooLarge
  }

  enum Definition: Hashable {
    case input(type: ElementType, strides: [Int])
    case scalar(MapInstruction.Scalar)
    case step(MicroOperation, [Int])
  }

  struct Output: Equatable {
    let value: Int
    let strides: [Int]
    /// Whether it may lie on an input.
    let mayShare: Bool
  }

  struct Tail: Equatable {
    let value: Int
    let strides: [Int]
    let sumsRows: Bool
  }

  /// The index space.
  package let shape: [Int]
  var definitions: [Definition] = []
  var outputs: [Output] = []
  var tails: [Tail] = []
  /// Elements of a row, where there are tails.
  private(set) var length = 1

  /// The strides of a dense array of this shape.
  package let denseStrides: [Int]

  package init(shape: [Int]) {
    self.init(shape: shape, denseStrides: MapBuilder.denseStrides(shape))
  }

  /// - Parameter denseStrides: the strides of a dense array of the shape.
  init(shape: [Int], denseStrides: [Int]) {
    self.shape = shape
    self.denseStrides = denseStrides
    definitions.reserveCapacity(8)
  }

  /// The strides, in elements, of a dense row-major array.
  package static func denseStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
  }

  /// An input with a stride, in elements, for each axis of the shape, 0 where it is broadcast;
  /// dense if nil.
  package mutating func input(_ type: ElementType, strides: [Int]? = nil) -> Value {
    define(.input(type: type, strides: strides ?? denseStrides))
  }

  /// The same value for every element; a slot multiplies it by a host scalar.
  package mutating func scalar(_ type: ElementType, _ value: Double, slot: Int? = nil) -> Value {
    define(.scalar(MapInstruction.Scalar(type: type, value: value, slot: slot)))
  }

  /// The index along an axis of the shape, as int or float.
  package mutating func iota(_ type: ElementType, axis: Int) -> Value {
    let inner = scalar(.int, Double(shape[(axis + 1)...].reduce(1, *)))
    let size = scalar(.int, Double(shape[axis]))
    return apply(type == .float ? .realIota : .intIota, inner, size)
  }

  /// The result of an operation.
  package mutating func apply(_ operation: MicroOperation, _ operands: Value...) -> Value {
    apply(operation, operands)
  }

  /// The result of an operation.
  package mutating func apply(_ operation: MicroOperation, _ operands: [Value]) -> Value {
    define(.step(operation, operands.map(\.index)))
  }

  /// Names a value as the next output, with a stride for each axis of the shape; dense if nil. One
  /// that never lies on an input may be written before all inputs are read, which saves moves.
  package mutating func output(_ value: Value, strides: [Int]? = nil, mayShare: Bool = true) {
    outputs.append(
      Output(value: value.index, strides: strides ?? denseStrides, mayShare: mayShare))
  }

  /// Names sums of a value as a further output, along rows of the last `axes` axes, or with
  /// `sumsRows` over the rows of each group of 64. All tails of a program have rows of one length.
  package mutating func tail(_ value: Value, lastAxes axes: Int, sumsRows: Bool) {
    let first = shape.count - axes
    length = shape[first...].reduce(1, *)
    var strides = [Int](repeating: 0, count: shape.count)
    if sumsRows {
      let dense = MapBuilder.denseStrides(Array(shape[first...]))
      for (axis, stride) in dense.enumerated() { strides[first + axis] = stride }
    } else {
      let dense = MapBuilder.denseStrides(Array(shape[..<first]))
      for (axis, stride) in dense.enumerated() { strides[axis] = stride }
    }
    // An output may lie on an input, so sums are never taken of an input's own memory.
    var source = value
    if case .input = definitions[value.index] { source = apply(.realMove, value) }
    tails.append(Tail(value: source.index, strides: strides, sumsRows: sumsRows))
  }

  /// The type of a value.
  package func type(of value: Value) -> ElementType { type(of: value.index) }

  func type(of index: Int) -> ElementType {
    switch definitions[index] {
    case .input(let type, _): type
    case .scalar(let scalar): scalar.type
    case .step(let operation, _): operation.result
    }
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(definitions) }

  private mutating func define(_ definition: Definition) -> Value {
    definitions.append(definition)
    return Value(index: definitions.count - 1)
  }
}
