import NetcGraph

extension BodyPattern {
  /// e / Σ e with e = exp(x - max x).
  func softmax(_ value: ValueID) -> CompositeClaims.Claim? {
    guard let (e, whole) = binary(value, .divide), let sum = rowsOf(whole, .reduceSum),
      resolved(e) == sum, let z = unary(e, .exponential), let x = shifted(z)
    else { return nil }
    return .softmax(x: x, logarithm: false)
  }

  /// z - log Σ exp(z) with z = x - max x.
  func logSoftmax(_ value: ValueID) -> CompositeClaims.Claim? {
    guard let (z, rest) = binary(value, .subtract), let x = shifted(z),
      let logarithm = repeated(rest).flatMap({ unary($0, .log) }),
      let sum = reduced(unreshaped(logarithm), .reduceSum), let inner = unary(sum, .exponential),
      resolved(inner) == resolved(z)
    else { return nil }
    return .softmax(x: x, logarithm: true)
  }

  /// y · (dy - Σ dy · y).
  func softmaxAdjoint(_ value: ValueID) -> CompositeClaims.Claim? {
    guard let (y, rest) = binary(value, .multiply), let place = argument(y),
      let (d, whole) = binary(rest, .subtract), let dy = argument(d),
      let terms = rowsOf(whole, .reduceSum), let (a, b) = binary(terms, .multiply),
      Set([argument(a), argument(b)]) == Set([place, dy])
    else { return nil }
    return .softmaxAdjoint(y: place, dy: dy, logarithm: false)
  }

  /// dy - exp(y) · Σ dy.
  func logSoftmaxAdjoint(_ value: ValueID) -> CompositeClaims.Claim? {
    guard let (d, rest) = binary(value, .subtract), let dy = argument(d),
      let (e, whole) = binary(rest, .multiply), let y = unary(e, .exponential).flatMap(argument),
      let sum = rowsOf(whole, .reduceSum), argument(sum) == dy
    else { return nil }
    return .softmaxAdjoint(y: y, dy: dy, logarithm: true)
  }

  /// The argument x of x - max x.
  private func shifted(_ value: ValueID) -> Int? {
    guard let (x, most) = binary(value, .subtract), let place = argument(x),
      let inner = rowsOf(most, .reduceMax), argument(inner) == place
    else { return nil }
    return place
  }
}
