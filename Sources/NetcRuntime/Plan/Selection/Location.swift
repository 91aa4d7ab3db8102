/// Where a value's numbers come from, while instructions are selected.
enum Location: Hashable {
  /// One number known now, in every element.
  case number(Double)
  /// A host scalar, in every element.
  case slot(Int)
  /// The position along an axis of the value's shape.
  case iota(axis: Int)
  /// Memory.
  case view(BufferView)
}

/// The elements of a buffer that make a value: `start + Σ index * stride`, in elements.
struct BufferView: Hashable {
  var buffer: Int
  var start: Int
  /// One for each axis of the value's shape.
  var strides: [Int]

  /// Whether the elements of `shape` lie one after another.
  func isDense(_ shape: [Int]) -> Bool {
    var expected = 1
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      if strides[axis] != expected { return false }
      expected *= shape[axis]
    }
    return true
  }

  /// Whether no stride is negative.
  var isForward: Bool { strides.allSatisfy { $0 >= 0 } }

  /// The same elements in row-major order as another shape of equal count; nil when no strides
  /// say so.
  func reshaped(_ shape: [Int], to target: [Int]) -> BufferView? {
    if shape.contains(0) {
      return BufferView(buffer: buffer, start: start, strides: target.map { _ in 0 })
    }
    var runs: [(size: Int, stride: Int)] = []
    for axis in shape.indices where shape[axis] != 1 {
      if let last = runs.last, last.stride == strides[axis] * shape[axis] {
        runs[runs.count - 1] = (last.size * shape[axis], strides[axis])
      } else {
        runs.append((shape[axis], strides[axis]))
      }
    }
    var result = [Int](repeating: 0, count: target.count)
    var left = runs.popLast()
    for axis in target.indices.reversed() where target[axis] != 1 {
      guard let run = left, run.size % target[axis] == 0 else { return nil }
      result[axis] = run.stride
      left =
        run.size == target[axis]
        ? runs.popLast() : (run.size / target[axis], run.stride * target[axis])
    }
    return BufferView(buffer: buffer, start: start, strides: result)
  }
}
