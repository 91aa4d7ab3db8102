import NetcCore
import NetcGraph

/// What an expression of the language evaluates to while the program is compiled.
indirect enum Value: Hashable, Sendable {
  case number(Number)
  /// A size with a symbol in it; a known size is a number.
  case dim(Dim)
  case bool(Bool)
  case string(String)
  /// A bare word such as `valid` or `none`.
  case word(String)
  case list([Value])
  /// `0..<64`
  case range(lower: Int, upper: Int)
  case callable(Callable)
  case tensor(TensorValue)
  /// The result of something already reported; nothing more is said about it.
  case poison

  /// The word `none`.
  static let none = Value.word("none")

  /// A whole number.
  static func whole(_ value: Int) -> Value { .number(.whole(Int64(value))) }

  /// A size: a number when it is known.
  static func size(_ dim: Dim) -> Value { dim.constant.map(Value.whole) ?? .dim(dim) }

  /// The sizes of a shape.
  static func sizes(_ shape: Shape) -> Value { .list(shape.dims.map(Value.size)) }

  /// Whether it is the result of a reported mistake.
  var isPoison: Bool {
    switch self {
    case .poison: true
    case .list(let values): values.contains { $0.isPoison }
    default: false
    }
  }

  /// The size it stands for: a whole number or a symbolic dimension.
  var dimension: Dim? {
    switch self {
    case .number(let number): number.integer.map { Dim($0) }
    case .dim(let dim): dim
    default: nil
    }
  }

  /// What it is, in a few words for diagnostics.
  var description: String {
    switch self {
    case .number(let number): "the number \(number.text)"
    case .dim(let dim): "the size \(dim)"
    case .bool(let value): "`\(value)`"
    case .string(let text): "the string \"\(text)\""
    case .word(let word): "`\(word)`"
    case .list: "a list"
    case .range(let lower, let upper): "the range \(lower)..<\(upper)"
    case .callable: "a function"
    case .tensor(let tensor): "a tensor of \(tensor.kind.text)"
    case .poison: "nothing"
    }
  }
}

/// A value of the graph being built with its type in the language.
struct TensorValue: Hashable, Sendable {
  /// The value in the graph that `graph` numbers.
  var id: ValueID
  /// Which of the graphs under construction holds it.
  var graph: Int
  /// What it holds.
  var kind: Kind
  /// Its dimensions.
  var shape: Shape

  /// `float[batch, 64]`, `class(10)[batch]`; `float` for a scalar.
  var typeText: String { shape.rank == 0 ? kind.text : kind.text + shape.description }
}
