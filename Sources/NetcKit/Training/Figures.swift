/// One number of a report with its name: a loss or a metric.
public struct Figure: Hashable, Sendable {
  /// The loss's or metric's name.
  public let name: String
  /// The number, over all examples of the pass.
  public let value: Double

  /// A named number.
  public init(name: String, value: Double) {
    self.name = name
    self.value = value
  }
}

extension [Figure] {
  /// The number of that name.
  public subscript(name: String) -> Double? { first { $0.name == name }?.value }
}
