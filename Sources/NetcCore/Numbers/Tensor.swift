/// Numbers in row-major order with their shape.
public struct Tensor: Hashable, Sendable {
  /// The numbers, by how they are stored.
  public enum Storage: Hashable, Sendable {
    /// 32-bit floating point.
    case float([Float])
    /// 64-bit floating point.
    case double([Double])
    /// 32-bit integers, also classes.
    case int([Int32])
    /// Truth values.
    case bool([Bool])
  }

  /// The size of each dimension, outermost first; empty for a scalar.
  public var shape: [Int]
  /// The numbers; as many as the product of `shape`.
  public var storage: Storage

  /// A tensor; nil when the count of numbers differs from the product of the shape.
  public init?(shape: [Int], _ storage: Storage) {
    guard let count = elementCount(shape), count == storage.count else { return nil }
    self.shape = shape
    self.storage = storage
  }

  /// A scalar.
  public init(scalar value: Double) {
    shape = []
    storage = .double([value])
  }

  /// How many numbers it holds.
  public var count: Int { storage.count }

  /// The element type its storage stands for.
  public var element: ElementType {
    switch storage {
    case .float, .double: .float
    case .int: .int
    case .bool: .bool
    }
  }

  /// The numbers as doubles; truth values as 0 and 1.
  public var doubles: [Double] {
    switch storage {
    case .float(let values): values.map(Double.init)
    case .double(let values): values
    case .int(let values): values.map(Double.init)
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }
}

extension Tensor.Storage {
  /// How many numbers there are.
  public var count: Int {
    switch self {
    case .float(let values): values.count
    case .double(let values): values.count
    case .int(let values): values.count
    case .bool(let values): values.count
    }
  }
}

/// The product of the sizes; nil when one is negative or the product leaves the range of Int.
public func elementCount(_ shape: [Int]) -> Int? {
  var count = 1
  for size in shape {
    guard size >= 0 else { return nil }
    let (next, overflow) = count.multipliedReportingOverflow(by: size)
    if overflow { return nil }
    count = next
  }
  return count
}
