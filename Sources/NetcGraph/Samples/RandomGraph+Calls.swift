import NetcCore

extension RandomGraphMaker {
  /// Appends one call, now and then the same one twice or under a name.
  mutating func addCall() {
    let families: [(inout RandomGraphMaker) -> ValueID] = [
      { $0.unary() }, { $0.binary() }, { $0.binary() }, { $0.reshaped() }, { $0.cut() },
      { $0.reduced() }, { $0.product() }, { $0.indexed() }, { $0.chosen() }, { $0.called() },
    ]
    let family = random.pick(families)
    let before = random
    let value = family(&self)
    if random.chance(0.1) { b.graph.setName("named\(value.index)", of: value) }
    keep(value)
    if random.chance(0.1) {
      let after = random
      random = before
      keep(family(&self))
      random = after
    }
  }

  /// Lets later calls use a value, unless it has grown large.
  private mutating func keep(_ value: ValueID) {
    let count = b.shape(of: value).count.value(context.bindings) ?? .max
    if count <= 2000 { reals.append(value) }
  }

  private mutating func unary() -> ValueID {
    let x = random.pick(reals)
    switch random.int(0..<12) {
    case 0: return b.negate(x)
    case 1: return b.abs(x)
    case 2: return b.tanh(x)
    case 3: return b.logistic(x)
    case 4: return b.exponential(b.tanh(x))
    case 5: return b.sine(x)
    case 6: return b.log(b.shifted(b.multiply(b.tanh(x), b.tanh(x)), 1))
    case 7: return b.sqrt(b.shifted(b.abs(x), 1))
    case 8: return b.erf(x)
    case 9: return b.negate(b.negate(x))
    case 10: return b.stopGradient(x)
    default: return b.identity(x)
    }
  }

  private mutating func binary() -> ValueID {
    let (x, y) = pair()
    switch random.int(0..<7) {
    case 0: return b.add(x, y)
    case 1: return b.subtract(x, y)
    case 2: return b.tanh(b.multiply(x, y))
    case 3: return b.multiply(b.tanh(x), y)
    case 4: return b.divide(x, b.shifted(b.abs(y), 1))
    case 5: return b.maximum(x, y)
    default: return b.minimum(x, y)
    }
  }

  private mutating func reshaped() -> ValueID {
    let x = random.pick(reals)
    let shape = b.shape(of: x)
    switch random.int(0..<4) {
    case 0: return b.reshape(x, to: Shape([shape.count]))
    case 1: return b.reshape(b.reshape(x, to: Shape([1] + shape.dims)), to: shape)
    case 2: return b.transpose(x, Array((0..<shape.rank).reversed()))
    default: return shape.rank < 3 ? b.broadcastTrailing(x, to: Shape([2] + shape.dims)) : x
    }
  }

  private mutating func cut() -> ValueID {
    let x = random.pick(reals)
    let shape = b.shape(of: x)
    guard shape.rank > 0 else { return x }
    let axis = random.int(0..<shape.rank)
    switch random.int(0..<4) {
    case 0:
      guard let size = shape[axis].value(context.bindings), size > 1 else { return x }
      return b.slice(x, axis: axis, 0, shape[axis] - 1)
    case 1:
      let low = (0..<shape.rank).map { Dim($0 == axis ? 1 : 0) }
      return b.pad(x, 0.5, low: low, high: low.reversed(), interior: low.map { _ in 0 })
    case 2: return b.reverse(x, axes: [axis])
    default: return shape.rank < 3 ? b.concatenate([x, x], axis: axis) : x
    }
  }

  private mutating func reduced() -> ValueID {
    let x = random.pick(reals)
    let rank = b.shape(of: x).rank
    let axes = (0..<rank).filter { _ in random.chance(0.5) }
    switch random.int(0..<3) {
    case 0: return b.tanh(b.reduceSum(x, axes: axes))
    case 1: return b.reduceMax(x, axes: axes)
    default: return rank == 0 ? x : b.tanh(b.cumsum(x, axis: random.int(0..<rank)))
    }
  }

  private mutating func product() -> ValueID {
    let x = random.pick(reals)
    let shape = b.shape(of: x)
    for y in reals.reversed() {
      for (left, size) in shape.dims.enumerated() {
        let other = b.shape(of: y)
        guard other.rank + shape.rank <= 5, let right = other.dims.firstIndex(of: size) else {
          continue
        }
        return b.tanh(b.dot(x, y, DotDimensions(lhsContracting: [left], rhsContracting: [right])))
      }
    }
    return x
  }

  private mutating func indexed() -> ValueID {
    let x = random.pick(reals)
    let shape = b.shape(of: x)
    guard shape.rank > 0, shape.rank < 3 else { return x }
    let places = random.pick(ints)
    guard b.shape(of: places).rank < 2 else { return x }
    let rows = b.gather(x, places, axis: 0)
    if random.chance(0.5) { return rows }
    if random.chance(0.3) { ints.append(b.argmax(x, axis: 0)) }
    return b.tanh(b.scatterAdd(x, places, rows, axis: 0))
  }

  private mutating func chosen() -> ValueID {
    let (x, y) = pair()
    let direction = random.pick(ComparisonDirection.allCases)
    let truths = b.compare(direction, x, y)
    if random.chance(0.3) { return b.convert(truths, to: .float) }
    return b.select(random.chance(0.3) ? b.not(truths) : truths, y, x)
  }

  /// A composite of two operands of one shape: a·tanh(b) + a.
  private mutating func called() -> ValueID {
    let (x, y) = pair()
    let type = b.type(of: x)
    var inner = GraphBuilder()
    let first = inner.argument(0, type)
    let second = inner.argument(1, type)
    let sum = inner.add(inner.multiply(first, inner.tanh(second)), first)
    inner.graph.results = [GraphResult(.result, "0", inner.tanh(sum))]
    return b.emit(
      .composite, [x, y], ["name": .text("blend"), "body": .body(GraphBody(inner.graph))])
  }
}
