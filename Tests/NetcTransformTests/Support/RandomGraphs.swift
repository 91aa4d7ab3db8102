import NetcCore
import NetcGraph

/// A small generator of pseudo-random numbers with a fixed sequence.
struct SeededNumbers {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 0x1234_5678 }

  /// A whole number below `bound`.
  mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(truncatingIfNeeded: (state >> 11) % UInt64(bound))
  }

  /// A real number between -2 and 2.
  mutating func real() -> Double { Double(below(4001) - 2000) / 1000 }
}

/// Random well-typed graphs over a few shapes, with everything passes look for: neutral elements,
/// double negation, chains of reshapes, equal expressions, dead code, calls, literals, products of
/// transposes.
struct RandomGraph {
  var builder = GraphBuilder()
  private var numbers: SeededNumbers
  private var pool: [ValueID] = []
  /// Whether only operations are drawn that keep numbers within a small range.
  private let isTame: Bool

  /// The values of the parameters.
  static let parameters: [String: Tensor] = {
    var numbers = SeededNumbers(99)
    func draw(_ shape: [Int]) -> Tensor {
      Tensor(shape, (0..<(elementCount(shape) ?? 0)).map { _ in numbers.real() })
    }
    return ["a": draw([2, 3]), "b": draw([3]), "c": draw([3, 2]), "s": draw([])]
  }()

  /// A graph of about `size` operations with some of its values as results.
  static func make(_ seed: Int, size: Int, tame: Bool) -> Graph {
    var random = RandomGraph(seed: seed, tame: tame)
    for _ in 0..<size { random.grow() }
    return random.finish()
  }

  /// A graph whose results are gradients of a scalar in the parameters and in an inner value.
  static func makeDifferentiated(_ seed: Int, size: Int) -> Graph {
    var random = RandomGraph(seed: seed, tame: true)
    for _ in 0..<size / 2 { random.grow() }
    let inner = random.builder.identity(random.pick { $0.element == .float })
    random.pool.append(inner)
    for _ in 0..<size / 2 { random.grow() }
    random.addGradients(inner)
    return random.builder.graph
  }

  private init(seed: Int, tame: Bool) {
    numbers = SeededNumbers(UInt64(seed) + 1)
    isTame = tame
    pool = [
      builder.parameter("a", .real(2, 3)), builder.parameter("b", .real(3)),
      builder.parameter("c", .real(3, 2)), builder.parameter("s", .real()),
    ]
  }

  private mutating func finish() -> Graph {
    let chosen = (0..<4).map { _ in pool[numbers.below(pool.count)] } + [pool[pool.count - 1]]
    builder.graph.results = chosen.enumerated().map {
      GraphResult(.watched, "r\($0.offset)", $0.element)
    }
    return builder.graph
  }

  private mutating func addGradients(_ inner: ValueID) {
    var loss = builder.constant(0)
    for value in pool.suffix(4) where builder.type(of: value).element == .float {
      loss = builder.add(loss, builder.reduceSum(builder.tanh(value)))
    }
    let wrt = pool.prefix(4) + [inner]
    let made = wrt.map { builder.grad(of: loss, wrt: $0) }
    builder.graph.results = [GraphResult(.loss, "loss", loss)]
    for (index, value) in made.enumerated() {
      builder.graph.results.append(GraphResult(.watched, "g\(index)", value))
    }
  }

  private mutating func pick(_ accepts: (TensorType) -> Bool) -> ValueID {
    for _ in 0..<50 {
      let value = pool[numbers.below(pool.count)]
      if accepts(builder.type(of: value)) { return value }
    }
    return pool[0]
  }

  private mutating func constant(_ type: TensorType) -> ValueID {
    let known: [Double] = [0, -0.0, 1, -1, 2, 0.5, 3]
    return builder.constant(known[numbers.below(known.count)], type.shape, element: type.element)
  }

  private mutating func partner(of x: ValueID) -> ValueID {
    let type = builder.type(of: x)
    switch numbers.below(4) {
    case 0: return constant(type)
    case 1: return builder.negate(x)
    default: return pick { $0 == type }
    }
  }

  /// Appends one operation or one small pattern.
  mutating func grow() {
    let x = pick { $0.element == .float }
    let shape = builder.shape(of: x)
    switch numbers.below(16) {
    case 0...3: pool.append(binary(x))
    case 4...6: pool.append(unary(x))
    case 7: pool.append(builder.negate(builder.negate(x)))
    case 8: pool.append(moved(x))
    case 9: pool.append(spread(x))
    case 10 where shape.rank > 0:
      pool.append(builder.reduceSum(x, axes: [numbers.below(shape.rank)]))
    case 11: pool.append(choice(x))
    case 12: pool.append(product())
    case 13: pool.append(call(x))
    case 14: pool.append(numbers.below(2) == 0 ? builder.identity(x) : unstable(x))
    case 15: pool.append(builder.add(constant(.real()), constant(.real())))
    default: pool.append(builder.tanh(x))
    }
  }

  private mutating func binary(_ x: ValueID) -> ValueID {
    var y = partner(of: x)
    if builder.type(of: y) != builder.type(of: x) { y = x }
    switch numbers.below(isTame ? 4 : 6) {
    case 0: return builder.add(x, y)
    case 1: return builder.subtract(x, y)
    case 2: return isTame ? builder.multiply(builder.tanh(x), y) : builder.multiply(x, y)
    case 3: return builder.maximum(x, y)
    case 4: return builder.divide(x, y)
    default: return builder.power(x, y)
    }
  }

  private mutating func unary(_ x: ValueID) -> ValueID {
    switch numbers.below(isTame ? 5 : 8) {
    case 0: return builder.tanh(x)
    case 1: return builder.logistic(x)
    case 2: return builder.sine(x)
    case 3: return builder.multiply(x, constant(builder.type(of: x)))
    case 4: return builder.power(builder.tanh(x), builder.constant(2, builder.shape(of: x)))
    case 5: return builder.exponential(x)
    case 6: return builder.log(x)
    default: return builder.sqrt(x)
    }
  }

  private mutating func moved(_ x: ValueID) -> ValueID {
    let shape = builder.shape(of: x)
    if shape.rank == 2 {
      let turned = builder.emit(.transpose, [x], ["permutation": .ints([1, 0])])
      return numbers.below(2) == 0
        ? turned : builder.emit(.transpose, [turned], ["permutation": .ints([1, 0])])
    }
    let wide = builder.reshape(x, to: Shape([Dim(1)] + shape.dims))
    return builder.reshape(wide, to: shape)
  }

  private mutating func spread(_ x: ValueID) -> ValueID {
    let shape = builder.shape(of: x)
    if shape.rank == 0 { return builder.broadcastScalar(x, to: Shape(sizes: [2, 3])) }
    if shape.rank == 1, shape[0] == Dim(3) {
      let row = builder.reshape(x, to: Shape(sizes: [1, 3]))
      return builder.broadcast(row, to: Shape(sizes: [2, 3]), axes: [0, 1])
    }
    return builder.multiply(x, builder.ones(shape))
  }

  private mutating func choice(_ x: ValueID) -> ValueID {
    let y = pick { [type = builder.type(of: x)] in $0 == type }
    let truth = builder.compare(.lt, x, builder.type(of: y) == builder.type(of: x) ? y : x)
    let p = numbers.below(2) == 0 ? truth : builder.not(builder.not(truth))
    return builder.select(p, x, constant(builder.type(of: x)))
  }

  private mutating func product() -> ValueID {
    let x = pick { $0.element == .float && $0.shape.rank == 2 }
    let y = pick { $0.element == .float && $0.shape.rank == 2 }
    let (left, right) = (builder.shape(of: x), builder.shape(of: y))
    let turned = builder.emit(.transpose, [y], ["permutation": .ints([1, 0])])
    let made: ValueID
    if left[1] == right[0] {
      made = builder.dot(x, y)
    } else if left[1] == right[1] {
      made = builder.dot(x, turned)
    } else {
      made = builder.tanh(y)
    }
    return isTame ? builder.tanh(made) : made
  }

  private mutating func unstable(_ x: ValueID) -> ValueID {
    let shape = builder.shape(of: x)
    let e = builder.exponential(builder.tanh(x))
    switch numbers.below(3) {
    case 0: return builder.log(builder.add(e, builder.ones(shape)))
    case 1: return builder.log(builder.logistic(x))
    default:
      if shape.rank == 0 { return builder.log(e) }
      let axes = [shape.rank - 1]
      let sum = builder.reduceSum(e, axes: axes)
      return builder.log(builder.divide(e, builder.broadcastReduced(sum, to: shape, axes: axes)))
    }
  }

  /// A call of x ↦ tanh(x)², with or without an adjoint.
  private mutating func call(_ x: ValueID) -> ValueID {
    let type = builder.type(of: x)
    var body = GraphBuilder()
    let t = body.tanh(body.argument(0, type))
    let square = body.multiply(t, t)
    body.graph.results = [GraphResult(.result, "0", square)]
    var attributes: Attributes = ["name": .text("f"), "body": .body(GraphBody(body.graph))]
    if numbers.below(2) == 0 {
      var adjoint = GraphBuilder()
      let s = adjoint.tanh(adjoint.argument(0, type))
      let slope = adjoint.multiply(s, adjoint.oneMinus(adjoint.multiply(s, s)))
      let d = adjoint.multiply(adjoint.argument(2, type), adjoint.scaled(slope, 2))
      adjoint.graph.results = [GraphResult(.result, "0", d)]
      attributes["adjoint"] = .body(GraphBody(adjoint.graph))
    }
    return builder.emit(.composite, [x], attributes)
  }
}
