/// Every primitive operation: a line each.
package enum OperationCatalogue {
  /// The operations; an `OpID` is a place in this list.
  package static let operations: [any Operation] = [
    NamedLeaf(kind: .input), NamedLeaf(kind: .parameter), NamedLeaf(kind: .state),
    Argument(),
    Constant(), Step(), Dimension(), Iota(), RandomUniform(),
    Identity(), StopGradient(),
    Negate(), Abs(), Sign(), Floor(), IsFinite(), Not(), And(), Or(),
    Exponential(), ExponentialMinusOne(), Log(), LogPlusOne(), Sqrt(), Rsqrt(), Sine(), Cosine(),
    Tanh(), Logistic(), Erf(),
    Add(), Subtract(), Multiply(), Divide(), Power(), Remainder(), Maximum(), Minimum(),
    Compare(), Select(), Convert(),
    BroadcastInDim(), Reshape(), Transpose(), Slice(), Pad(), Concatenate(), Reverse(),
    Gather(), ScatterAdd(),
    ReduceSum(), ReduceMax(), Argmax(), Argsort(), Cumsum(),
    WindowSum(), WindowArgmax(),
    DotGeneral(), Convolution(),
    Composite(), Scan(),
    Grad(),
  ]

  private static let places: [String: Int] = Dictionary(
    uniqueKeysWithValues: operations.enumerated().map { ($0.element.name, $0.offset) })

  /// The operation of that name.
  package static func id(named name: String) -> OpID? {
    places[name].map { OpID(rawValue: UInt16(truncatingIfNeeded: $0)) }
  }
}
