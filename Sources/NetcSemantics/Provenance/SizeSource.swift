import NetcCore
import NetcSyntax

/// What decided a size: kept raw while lowering, put into words only when a shape is wrong.
enum SizeSource: Sendable {
  /// A number or expression in the text.
  case written(SourceRange)
  /// A value given to a setting of a callee.
  case setting(name: String, callee: String, SourceRange)
  /// A constant, by its place.
  case constant(Int)
  /// A symbol that data bind, where it is named.
  case data(SourceRange)
  /// An argument of the same call that bound the name.
  case argument(parameter: String, SourceRange, TensorValue, axis: Int)
}

extension Lowering {
  /// What decided each dimension of a type in the current frame, in order; several where an
  /// expression names several sizes.
  func sizeSources(of type: TypeExpression) -> [[SizeSource]] {
    guard let dimensions = type.dimensions else { return [] }
    var sources: [[SizeSource]] = []
    sources.reserveCapacity(dimensions.count)
    for dimension in dimensions {
      switch dimension.kind {
      case .size(let expression): sources.append(sizeSources(of: expression))
      case .rest(let name): sources += (frame.rests[name?.text ?? ""]?.dims ?? []).map { _ in [] }
      }
    }
    return sources
  }

  /// What decided the size that an expression of a type stands for.
  func sizeSources(of expression: Expression) -> [SizeSource] {
    if case .path(let path) = expression.kind {
      return sizeSource(path.text).map { [$0] } ?? [.written(expression.range)]
    }
    let names = Mentions(expression).values.sorted()
    return [.written(expression.range)] + names.compactMap { sizeSource($0) }
  }

  /// What decided the size that a name stands for, looked up as in a type's brackets.
  private func sizeSource(_ name: String) -> SizeSource? {
    if let bound = frame.sizes[name]?.source { return bound }
    if let binding = frame.binding(name), binding.value.dimension != nil {
      guard binding.role == .setting, let place = frame.definition else {
        return .written(binding.range)
      }
      return .setting(
        name: name, callee: definitions[place].name, binding.given ?? binding.range)
    }
    return modules[frame.module].constants[name].map { .constant($0) }
  }
}
