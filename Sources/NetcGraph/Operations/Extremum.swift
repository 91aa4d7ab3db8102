/// The derivative that `maximum` and `minimum` share.
enum Extremum {
  /// The adjoints of both operands; `wins` says how a chosen operand compares to the other.
  static func adjoints(
    _ call: PrimalCall, _ b: inout GraphBuilder, wins: ComparisonDirection
  ) -> [ValueID?] {
    let literals = call.operands.map { b.isLiteral($0) }
    return [0, 1].map { side in
      guard call.wanted[side], !literals[side] else { return nil }
      let own = call.operands[side]
      let other = call.operands[1 - side]
      let shape = b.shape(of: own)
      let chosen = b.compare(wins, own, other)
      if literals[1 - side] { return b.select(chosen, call.d, b.zeros(shape)) }
      let tied = b.compare(.eq, own, other)
      let share = b.select(
        chosen, b.ones(shape), b.select(tied, b.constant(0.5, shape), b.zeros(shape)))
      return b.multiply(call.d, share)
    }
  }
}
