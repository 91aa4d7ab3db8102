package import NetcCore

/// One named tensor of a safetensors file.
package struct SafetensorsTensor: Hashable, Sendable {
  /// The numbers, row-major, by how they are stored.
  package enum Values: Hashable, Sendable {
    case float32([Float])
    case float64([Double])
    case int32([Int32])
    case int64([Int64])
    case uint8([UInt8])
    case bool([Bool])

    /// How many there are.
    package var count: Int {
      switch self {
      case .float32(let values): values.count
      case .float64(let values): values.count
      case .int32(let values): values.count
      case .int64(let values): values.count
      case .uint8(let values): values.count
      case .bool(let values): values.count
      }
    }

    /// Their type in the file.
    package var type: SafetensorsType {
      switch self {
      case .float32: .float32
      case .float64: .float64
      case .int32: .int32
      case .int64: .int64
      case .uint8: .uint8
      case .bool: .bool
      }
    }
  }

  /// The name, unique in its file.
  package let name: String
  /// The size of each dimension, outermost first; empty for a scalar.
  package let shape: [Int]
  /// The numbers; as many as the product of `shape`.
  package let values: Values

  /// A tensor; nil when the count of numbers differs from the product of the shape.
  package init?(name: String, shape: [Int], values: Values) {
    guard elementCount(shape) == values.count else { return nil }
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// A tensor of the graph under a name.
  package init(name: String, _ tensor: Tensor) {
    self.name = name
    shape = tensor.shape
    values =
      switch tensor.storage {
      case .float(let values): .float32(values)
      case .double(let values): .float64(values)
      case .int(let values): .int32(values)
      case .bool(let values): .bool(values)
      }
  }

  /// The tensor of the graph with these numbers; nil when a 64-bit integer does not fit 32 bits.
  package var tensor: Tensor? {
    switch values {
    case .float32(let values): return Tensor(shape: shape, .float(values))
    case .float64(let values): return Tensor(shape: shape, .double(values))
    case .int32(let values): return Tensor(shape: shape, .int(values))
    case .uint8(let values): return Tensor(shape: shape, .int(values.map(Int32.init)))
    case .bool(let values): return Tensor(shape: shape, .bool(values))
    case .int64(let values):
      let narrow = values.compactMap(Int32.init(exactly:))
      return Tensor(shape: shape, .int(narrow))
    }
  }
}
