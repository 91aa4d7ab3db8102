import NetcCore

/// One loss or metric of a report with its name: a number, or several in a shape.
public struct Figure: Hashable, Sendable {
  /// The loss's or metric's name.
  public let name: String
  /// The number, over all examples of the pass; NaN when there are several.
  public let value: Double
  /// Empty for a single number; `[K]` for one a class, `[K, K]` for a confusion matrix.
  public let shape: [Int]
  /// All numbers in row-major order; `[value]` for a single one.
  public let values: [Double]

  /// A named number.
  public init(name: String, value: Double) {
    self.name = name
    self.value = value
    shape = []
    values = [value]
  }

  /// Named numbers in the shape of `tensor`.
  init(name: String, tensor: Tensor) {
    self.name = name
    shape = tensor.shape
    values = tensor.doubles
    value = shape.isEmpty ? values.first ?? .nan : .nan
  }

  /// Whether it is a single number.
  public var isScalar: Bool { shape.isEmpty }
}

extension [Figure] {
  /// The single number of that name.
  public subscript(name: String) -> Double? { first { $0.name == name && $0.isScalar }?.value }
}
