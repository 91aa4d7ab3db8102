import NetcCore

extension MapBuilder {
  /// A program that is Adam's update, perhaps with decay.
  struct Adam {
    let instruction: AdamInstruction
    /// The program's outputs that are w, m and v, by their places.
    let outputs: [Int]
    /// The program's inputs that are g, w, m and v, counted from the first input.
    let inputs: [Int]
  }

  /// - Returns: nil for other programs and for operands that are not dense.
  /// - Complexity: O(values).
  func adam() -> Adam? {
    guard outputs.count == 3, tails.isEmpty else { return nil }
    let inputs = definitions.indices.filter {
      if case .input = definitions[$0] { true } else { false }
    }
    guard inputs.count == 4, isDense(inputs) else { return nil }
    for w in outputs.indices {
      guard let found = AdamPattern(builder: self, value: outputs[w].value),
        let m = outputs.firstIndex(where: { $0.value == found.m1 }),
        let v = outputs.firstIndex(where: { $0.value == found.v1 })
      else { continue }
      let order = [found.g, found.w, found.m, found.v].compactMap { inputs.firstIndex(of: $0) }
      guard Set(order).count == 4 else { return nil }
      let count = shape.reduce(1, *)
      return Adam(
        instruction: AdamInstruction(count: count, rule: found.rule), outputs: [w, m, v],
        inputs: order)
    }
    return nil
  }

  private func isDense(_ inputs: [Int]) -> Bool {
    let views = inputs.map { index -> [Int] in
      if case .input(.float, let strides) = definitions[index] { strides } else { [-1] }
    }
    return (views + outputs.map(\.strides)).allSatisfy { strides in
      strides.count == shape.count
        && shape.indices.allSatisfy { shape[$0] == 1 || strides[$0] == denseStrides[$0] }
    }
  }
}

/// The parts of Adam's update w - (rate m₁ / (√(k v₁) + ε) + decay w), products in any order.
private struct AdamPattern {
  private(set) var g = 0, w = 0, m = 0, v = 0
  /// The new moments.
  private(set) var m1 = 0, v1 = 0
  let rule: AdamInstruction.Rule

  private typealias Factor = GemmInstruction.Factor

  init?(builder: MapBuilder, value: Int) {
    let terms = Terms(definitions: builder.definitions)
    guard let (w, step) = terms.pair(value, .realSubtract) else { return nil }
    self.w = w
    var decay: Factor?
    var quotient = step
    if let (a, b) = terms.pair(step, .realAdd) {
      guard let scaled = [(a, b), (b, a)].first(where: { terms.scaled($0.0, by: w) != nil })
      else { return nil }
      decay = terms.scaled(scaled.0, by: w)
      quotient = scaled.1
    }
    guard let (top, root) = terms.pair(quotient, .realDivide),
      let (rate, m1) = terms.factor(top), let (epsilon, square) = terms.shift(root),
      let under = terms.operand(square, .realSqrt), let (correction, v1) = terms.factor(under),
      let first = terms.sum(m1), let second = terms.sum(v1)
    else { return nil }
    self.m1 = m1
    self.v1 = v1
    for (old, new) in [first, (first.1, first.0)] {
      guard let (beta1, m) = terms.factor(old), let (rest1, g) = terms.factor(new) else { continue }
      for (kept, added) in [second, (second.1, second.0)] {
        guard let (beta2, v) = terms.factor(kept), let rest2 = terms.scaledSquare(added, of: g)
        else { continue }
        self.m = m
        self.g = g
        self.v = v
        rule = AdamInstruction.Rule(
          beta1: beta1, rest1: rest1, beta2: beta2, rest2: rest2, rate: rate,
          correction: correction, epsilon: epsilon, decay: decay)
        return
      }
    }
    return nil
  }

  /// Reads operations of a program.
  private struct Terms {
    let definitions: [MapBuilder.Definition]

    func pair(_ index: Int, _ operation: MicroOperation) -> (Int, Int)? {
      guard case .step(operation, let operands) = definitions[index] else { return nil }
      return (operands[0], operands[1])
    }

    func operand(_ index: Int, _ operation: MicroOperation) -> Int? {
      guard case .step(operation, let operands) = definitions[index] else { return nil }
      return operands[0]
    }

    func sum(_ index: Int) -> (Int, Int)? { pair(index, .realAdd) }

    /// A number times a value.
    func factor(_ index: Int) -> (Factor, Int)? { split(index, .realMultiply) }

    /// A number added to a value.
    func shift(_ index: Int) -> (Factor, Int)? { split(index, .realAdd) }

    private func split(_ index: Int, _ operation: MicroOperation) -> (Factor, Int)? {
      guard let (a, b) = pair(index, operation) else { return nil }
      if let number = number(a) { return (number, b) }
      return number(b).map { ($0, a) }
    }

    private func number(_ index: Int) -> Factor? {
      guard case .scalar(let scalar) = definitions[index], scalar.type == .float else { return nil }
      return Factor(scalar.value, slot: scalar.slot)
    }

    /// The number of a product with a value.
    func scaled(_ index: Int, by value: Int) -> Factor? {
      factor(index).flatMap { $0.1 == value ? $0.0 : nil }
    }

    /// The number c of c g g.
    func scaledSquare(_ index: Int, of g: Int) -> Factor? {
      guard let (a, b) = pair(index, .realMultiply) else { return nil }
      if a == g { return scaled(b, by: g) }
      if b == g { return scaled(a, by: g) }
      guard let (number, square) = factor(index), let (x, y) = pair(square, .realMultiply), x == g,
        y == g
      else { return nil }
      return number
    }
  }
}
