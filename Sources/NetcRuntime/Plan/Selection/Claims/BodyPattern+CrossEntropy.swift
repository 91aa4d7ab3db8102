import NetcCore
import NetcGraph

extension BodyPattern {
  /// -Σ where(hot, log softmax, 0), or -Σ q · log softmax with a smoothed q, along the last axis.
  func crossEntropy(_ value: ValueID) -> CompositeClaims.Claim? {
    guard let sum = unary(value, .negate), let terms = reduced(sum, .reduceSum) else { return nil }
    if graph.op(of: terms) == .select {
      let parts = operands(terms).map { resolved($0) }
      guard number(parts[2]) == 0, let labels = marks(parts[0]),
        let x = logSoftmaxArgument(parts[1])
      else { return nil }
      return .crossEntropy(logits: x, target: CompositeClaims.LabelTarget(labels: labels))
    }
    guard let (a, b) = binary(terms, .multiply) else { return nil }
    for (q, logarithm) in [(a, b), (b, a)] {
      if let target = target(q), let x = logSoftmaxArgument(logarithm) {
        return .crossEntropy(logits: x, target: target)
      }
    }
    return nil
  }

  /// d · (softmax(logits) - q) with d repeated along the last axis.
  func crossEntropyAdjoint(_ value: ValueID) -> CompositeClaims.Claim? {
    guard let (a, b) = binary(value, .multiply) else { return nil }
    for (factor, rest) in [(a, b), (b, a)] {
      guard let d = repeated(factor).flatMap({ argument(unreshaped($0)) }),
        let (soft, q) = binary(rest, .subtract), let target = target(q),
        let x = softmaxArgument(soft)
      else { continue }
      return .crossEntropyAdjoint(logits: x, target: target, d: d)
    }
    return nil
  }

  /// A one-hot distribution in floats, or its smoothed form on · hot + off.
  private func target(_ value: ValueID) -> CompositeClaims.LabelTarget? {
    if let labels = hot(value) { return CompositeClaims.LabelTarget(labels: labels) }
    guard let (a, b) = binary(value, .add) else { return nil }
    for (scaled, rest) in [(a, b), (b, a)] {
      guard let off = number(rest), let (c, d) = binary(scaled, .multiply) else { continue }
      for (factor, inner) in [(c, d), (d, c)] {
        if let on = number(factor), let labels = hot(inner) {
          return CompositeClaims.LabelTarget(labels: labels, on: on, off: off)
        }
      }
    }
    return nil
  }

  /// The labels of a one-hot array of floats.
  private func hot(_ value: ValueID) -> Int? { unary(value, .convert).flatMap(marks) }

  /// The labels of an array that is true where the position along the last axis is the label:
  /// compared at once, or as 0 and 1 with 1.
  private func marks(_ value: ValueID) -> Int? {
    guard graph.op(of: resolved(value)) == .compare,
      graph.attributes(of: graph.node(of: resolved(value))).text("direction") == "EQ",
      let (a, b) = binary(value, .compare)
    else { return nil }
    for (x, y) in [(a, b), (b, a)] {
      if number(y) == 1, let labels = hot(x) { return labels }
      if isPosition(y), let labels = repeated(x).flatMap({ argument(unreshaped($0)) }) {
        return labels
      }
    }
    return nil
  }

  /// Whether a value is the position along its last axis.
  private func isPosition(_ value: ValueID) -> Bool {
    let rank = graph.type(of: value).shape.rank
    return graph.op(of: value) == .iota && graph.type(of: value).element == .int
      && graph.attributes(of: graph.node(of: value)).int("axis") == rank - 1
  }

  private func softmaxArgument(_ value: ValueID) -> Int? {
    called(value, logarithm: false)
      ?? softmax(value).flatMap { claim in
        if case .softmax(let x, false) = claim { x } else { nil }
      }
  }

  private func logSoftmaxArgument(_ value: ValueID) -> Int? {
    called(value, logarithm: true)
      ?? logSoftmax(value).flatMap { claim in
        if case .softmax(let x, true) = claim { x } else { nil }
      }
  }

  /// The argument of this body that a call of softmax, or of its logarithm, is given.
  private func called(_ value: ValueID, logarithm: Bool) -> Int? {
    let value = resolved(value)
    guard graph.op(of: value) == .composite else { return nil }
    let body = graph.attributes(of: graph.node(of: value)).body("body")
    guard case .softmax(let x, logarithm)? = CompositeClaims.claim(body) else { return nil }
    return argument(operands(value)[x])
  }
}
