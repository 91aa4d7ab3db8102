/// The dimensions of a tensor, outermost first; row-major.
public struct Shape: Hashable, Sendable, CustomStringConvertible, ExpressibleByArrayLiteral {
  /// The dimensions; empty for a scalar.
  public var dims: [Dim]

  /// A shape of these dimensions.
  public init(_ dims: [Dim]) { self.dims = dims }

  /// A shape of these dimensions.
  public init(arrayLiteral elements: Dim...) { dims = elements }

  /// A shape of known sizes.
  public init(sizes: [Int]) { dims = sizes.map { Dim($0) } }

  /// The shape of a scalar.
  public static let scalar = Shape([])

  /// How many dimensions there are.
  public var rank: Int { dims.count }

  /// The product of the dimensions; 1 for a scalar.
  public var count: Dim { dims.reduce(Dim(1)) { $0 * $1 } }

  /// The dimension at `axis`, `0 ..< rank`.
  public subscript(axis: Int) -> Dim { dims[axis] }

  /// The sizes when each is a known number, else nil.
  public var sizes: [Int]? {
    var result: [Int] = []
    result.reserveCapacity(dims.count)
    for dim in dims {
      guard let size = dim.constant else { return nil }
      result.append(size)
    }
    return result
  }

  /// The sizes under a binding of the symbols; nil when one is unbound, negative or too large.
  public func sizes(_ bindings: DimBindings) -> [Int]? {
    var result: [Int] = []
    result.reserveCapacity(dims.count)
    for dim in dims {
      guard let size = dim.value(bindings), size >= 0 else { return nil }
      result.append(size)
    }
    return result
  }

  /// `[batch, 64]`; `[]` for a scalar.
  public var description: String {
    "[" + dims.map(\.description).joined(separator: ", ") + "]"
  }
}

/// Sizes given to symbolic dimensions, by name.
public typealias DimBindings = [String: Int]

/// A tensor's element type and shape.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
  /// What it holds.
  public var element: ElementType
  /// Its dimensions.
  public var shape: Shape

  /// A type of these parts.
  public init(_ element: ElementType, _ shape: Shape) {
    self.element = element
    self.shape = shape
  }

  /// `float[batch, 64]`; `float` for a scalar.
  public var description: String {
    shape.rank == 0 ? element.rawValue : element.rawValue + shape.description
  }
}
