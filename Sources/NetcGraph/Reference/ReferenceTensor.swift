package import NetcCore

/// A tensor of the reference interpreter: row-major numbers of one element type.
package struct ReferenceTensor<S: ReferenceScalar>: Sendable {
  /// The numbers, by element type.
  package enum Storage: Sendable {
    case float([S])
    case int([Int32])
    case bool([Bool])
  }

  /// The size of each dimension, outermost first.
  package var shape: [Int]
  /// The numbers; as many as the product of `shape`.
  package var storage: Storage

  /// A tensor of these parts.
  package init(_ shape: [Int], _ storage: Storage) {
    self.shape = shape
    self.storage = storage
  }

  /// The real numbers; asking another element type for them is a bug.
  package var floats: [S] {
    if case .float(let values) = storage {
      values
    } else {
      internalError("reference: real numbers expected")
    }
  }

  /// The integers; asking another element type for them is a bug.
  package var ints: [Int32] {
    if case .int(let values) = storage {
      values
    } else {
      internalError("reference: integers expected")
    }
  }

  /// The truth values; asking another element type for them is a bug.
  package var bools: [Bool] {
    if case .bool(let values) = storage {
      values
    } else {
      internalError("reference: truth values expected")
    }
  }

  /// The same numbers with another number type, real ones rounded once.
  package func converted<T: ReferenceScalar>(to type: T.Type) -> ReferenceTensor<T> {
    switch storage {
    case .float(let values): ReferenceTensor<T>(shape, .float(values.map { T($0) }))
    case .int(let values): ReferenceTensor<T>(shape, .int(values))
    case .bool(let values): ReferenceTensor<T>(shape, .bool(values))
    }
  }

  /// From any tensor, real numbers rounded to `S`.
  package init(_ tensor: Tensor) {
    shape = tensor.shape
    switch tensor.storage {
    case .float(let values): storage = .float(values.map { S($0) })
    case .double(let values): storage = .float(values.map { S($0) })
    case .int(let values): storage = .int(values)
    case .bool(let values): storage = .bool(values)
    }
  }

  /// As a plain tensor, real numbers as doubles.
  package var tensor: Tensor {
    let stored: Tensor.Storage =
      switch storage {
      case .float(let values): .double(values.map { Double($0) })
      case .int(let values): .int(values)
      case .bool(let values): .bool(values)
      }
    guard let tensor = Tensor(shape: shape, stored) else {
      internalError("reference: \(stored.count) numbers in shape \(shape)")
    }
    return tensor
  }
}
