import NetcCore
import NetcGraph

extension Tensor {
  /// The same numbers as elements of another type in another shape; nil when the count differs.
  func converted(to element: ElementType, shape: [Int]) -> Tensor? {
    if element == self.element { return Tensor(shape: shape, storage) }
    let numbers = doubles
    return switch element {
    case .float: Tensor(shape: shape, .double(numbers))
    case .int: Tensor(shape: shape, .int(numbers.map { Int32(clampedFrom: $0) }))
    case .bool: Tensor(shape: shape, .bool(numbers.map { $0 != 0 }))
    }
  }
}
