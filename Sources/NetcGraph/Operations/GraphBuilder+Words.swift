extension GraphBuilder {
  /// factor·x for a real x.
  package mutating func scaled(_ x: ValueID, _ factor: Double) -> ValueID {
    multiply(x, constant(factor, shape(of: x)))
  }

  /// x + term for a real x.
  package mutating func shifted(_ x: ValueID, _ term: Double) -> ValueID {
    add(x, constant(term, shape(of: x)))
  }

  /// 1 - x for a real x.
  package mutating func oneMinus(_ x: ValueID) -> ValueID {
    subtract(ones(shape(of: x)), x)
  }
}
