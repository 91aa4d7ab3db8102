import NetcCore

extension Graph {
  /// Whether a value is written out in the program: a constant, or one broadcast, reshaped,
  /// converted or negated.
  /// - Complexity: O(length of that chain).
  package func isLiteral(_ value: ValueID) -> Bool {
    op(of: literalSource(value).value) == .constant
  }

  /// The number in every element of a literal; nil when there are several or the value is no
  /// literal.
  /// - Complexity: O(length of the chain `isLiteral(_:)` describes).
  package func literal(_ value: ValueID) -> Double? {
    let source = literalSource(value)
    guard op(of: source.value) == .constant else { return nil }
    let numbers = attributes(of: node(of: source.value)).numbers("values")
    guard var first = numbers.first, numbers.allSatisfy({ $0 == first }) else { return nil }
    if type(of: source.value).element == .int { first = Double(Int32(clampedFrom: first)) }
    if type(of: source.value).element == .bool { first = first != 0 ? 1 : 0 }
    return source.isNegated ? -first : first
  }

  private func literalSource(_ value: ValueID) -> (value: ValueID, isNegated: Bool) {
    var source = value
    var isNegated = false
    while true {
      switch op(of: source) {
      case .negate: isNegated.toggle()
      case .broadcastInDim, .reshape: break
      case .convert where type(of: source).element == .float: break
      default: return (source, isNegated)
      }
      guard let next = operands(of: node(of: source)).first else { return (source, isNegated) }
      source = next
    }
  }
}

extension GraphBuilder {
  /// Whether a value is written out in the program (`Graph.isLiteral`).
  package func isLiteral(_ value: ValueID) -> Bool { graph.isLiteral(value) }

  /// The number in every element of a literal (`Graph.literal`).
  package func literal(_ value: ValueID) -> Double? { graph.literal(value) }
}
