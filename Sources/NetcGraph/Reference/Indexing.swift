/// Offsets into row-major storage.
enum Indexing {
  /// How far apart neighbours along each axis lie.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    var step = 1
    for axis in shape.indices.reversed() {
      strides[axis] = step
      step *= shape[axis]
    }
    return strides
  }

  /// `start + Σ indexᵃ·strideᵃ` for every index of `shape`, in row-major order.
  /// - Complexity: O(elements).
  static func offsets(_ shape: [Int], strides: [Int], start: Int = 0) -> [Int] {
    var result: [Int] = []
    let count = shape.reduce(1, *)
    guard count > 0 else { return result }
    result.reserveCapacity(count)
    guard let inner = shape.last, let innerStride = strides.last else { return [start] }
    var index = [Int](repeating: 0, count: shape.count - 1)
    var row = start
    while true {
      for place in 0..<inner { result.append(row + place * innerStride) }
      var axis = shape.count - 2
      while axis >= 0 {
        index[axis] += 1
        row += strides[axis]
        if index[axis] < shape[axis] { break }
        row -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return result }
    }
  }
}

extension ReferenceTensor {
  /// The elements at `offsets` in a new shape; a negative offset reads 0.
  func picking(_ offsets: [Int], shape: [Int]) -> ReferenceTensor {
    switch storage {
    case .float(let values): ReferenceTensor(shape, .float(offsets.map { $0 < 0 ? 0 : values[$0] }))
    case .int(let values): ReferenceTensor(shape, .int(offsets.map { $0 < 0 ? 0 : values[$0] }))
    case .bool(let values):
      ReferenceTensor(shape, .bool(offsets.map { $0 < 0 ? false : values[$0] }))
    }
  }

  /// Writes the elements of `other`, of the same element type, at `offsets`; a negative offset
  /// writes nothing.
  mutating func place(_ other: ReferenceTensor, at offsets: [Int]) {
    switch storage {
    case .float(var values):
      storage = .float([])
      Self.write(other.floats, at: offsets, into: &values)
      storage = .float(values)
    case .int(var values):
      storage = .int([])
      Self.write(other.ints, at: offsets, into: &values)
      storage = .int(values)
    case .bool(var values):
      storage = .bool([])
      Self.write(other.bools, at: offsets, into: &values)
      storage = .bool(values)
    }
  }

  /// One number in every element, of the element type of `model`.
  static func filled(_ shape: [Int], _ value: Double, like model: ReferenceTensor)
    -> ReferenceTensor
  {
    let count = shape.reduce(1, *)
    switch model.storage {
    case .float: return ReferenceTensor(shape, .float(Array(repeating: S(value), count: count)))
    case .int:
      return ReferenceTensor(
        shape, .int(Array(repeating: Int32(clampedFrom: value), count: count)))
    case .bool: return ReferenceTensor(shape, .bool(Array(repeating: value != 0, count: count)))
    }
  }

  private static func write<T>(_ values: [T], at offsets: [Int], into target: inout [T]) {
    for (place, offset) in offsets.enumerated() where offset >= 0 { target[offset] = values[place] }
  }
}
