import NetcCore
import NetcGraph

/// Random loops with what the passes on loops look for: products of rows and of what stays, sums
/// carried along, views, draws by position, loops in loops.
struct RandomLoop {
  private var numbers: SeededNumbers
  private var body = GraphBuilder()
  private var pool: [ValueID] = []
  private var weight: ValueID
  private let rows = TensorType.real(2, 3)

  /// The values of the parameters.
  static let parameters: [String: Tensor] = {
    var numbers = SeededNumbers(5)
    func draw(_ shape: [Int]) -> Tensor {
      Tensor(shape, (0..<(elementCount(shape) ?? 0)).map { _ in 0.4 * numbers.real() })
    }
    return ["x": draw([3, 2, 3]), "w": draw([3, 3]), "b": draw([3]), "h": draw([2, 3])]
  }()

  /// A graph of one loop's results and their gradients to the second order, `grad` nodes and all.
  static func make(_ seed: Int) -> Graph {
    var b = GraphBuilder()
    let x = b.parameter("x", .real(3, 2, 3))
    let parameters = [
      x, b.parameter("w", .real(3, 3)), b.parameter("b", .real(3)), b.parameter("h", .real(2, 3)),
    ]
    var random = RandomLoop(seed)
    let made = b.scan(
      ScanParts(
        carried: [parameters[3], b.zeros([3, 3]), b.ones([3])], sequences: [x],
        captured: [parameters[1], parameters[2]], length: 3, isReversed: seed % 2 == 1,
        body: random.body(nests: seed % 3 == 0)))
    var loss = b.constant(0)
    for value in made { loss = b.add(loss, b.weightedSum(b.tanh(value))) }
    let gradients = parameters.map { b.grad(of: loss, wrt: $0) }
    var second = b.constant(0)
    for value in gradients { second = b.add(second, b.weightedSum(b.tanh(value))) }
    let all = made + gradients + parameters.map { b.grad(of: second, wrt: $0) }
    b.graph.results = all.enumerated().map { GraphResult(.watched, "r\($0)", $1) }
    return b.graph
  }

  private init(_ seed: Int) {
    numbers = SeededNumbers(UInt64(seed) + 100)
    weight = ValueID(0)
  }

  /// From (h, sum, column sums; x; w, b; position) to the next three and two outputs.
  private mutating func body(nests: Bool) -> GraphBody {
    let types: [TensorType] = [
      rows, .real(3, 3), .real(3), rows, .real(3, 3), .real(3), TensorType(.int, .scalar),
    ]
    let arguments = types.enumerated().map { body.argument($0, $1) }
    weight = arguments[4]
    let bias = body.broadcast(arguments[5], to: rows.shape, axes: [1])
    let place = body.broadcastScalar(body.convert(arguments[6], to: .float), to: rows.shape)
    pool = [arguments[0], arguments[3], arguments[3], bias, body.scaled(place, 0.1)]
    for _ in 0..<8 { grow(arguments[6]) }
    if nests { pool.append(nested()) }
    let next = body.tanh(pick())
    let sum = body.add(arguments[1], body.dot(body.transpose(pick()), pick()))
    let columns = body.add(body.add(arguments[2], body.reduceSum(pick(), axes: [0])), row())
    let results = [next, sum, columns, pick(), body.dot(pick(), weight)]
    body.graph.results = results.enumerated().map { GraphResult(.result, String($0), $1) }
    return GraphBody(body.graph)
  }

  private mutating func pick() -> ValueID { pool[numbers.below(pool.count)] }

  private mutating func row() -> ValueID {
    body.reshape(body.slice(pick(), axis: 0, 1, 2), to: [3])
  }

  private mutating func grow(_ position: ValueID) {
    let (x, y) = (pick(), pick())
    switch numbers.below(10) {
    case 0, 1: pool.append(body.dot(x, weight))
    case 2: pool.append(body.tanh(body.add(body.dot(x, weight), y)))
    case 3: pool.append(body.multiply(body.tanh(x), y))
    case 4: pool.append(body.add(x, y))
    case 5: pool.append(body.logistic(x))
    case 6: pool.append(body.dot(x, body.tanh(body.dot(weight, weight))))
    case 7:
      let left = body.slice(x, axis: 1, 0, 1)
      pool.append(body.concatenate([body.slice(y, axis: 1, 1, 3), left], axis: 1))
    case 8:
      let draws = body.randomUniform(rows.shape, site: "d", offset: position)
      pool.append(body.multiply(x, draws))
    default:
      let picked = body.gather(weight, position, axis: 0)
      pool.append(body.add(y, body.broadcast(picked, to: rows.shape, axes: [1])))
    }
  }

  /// A loop over the two rows of a value.
  private mutating func nested() -> ValueID {
    var inner = GraphBuilder()
    let state = inner.argument(0, .real(3))
    let element = inner.argument(1, .real(3))
    let product = inner.dot(element, inner.argument(2, .real(3, 3)))
    let next = inner.tanh(inner.add(inner.scaled(state, 0.5), product))
    inner.graph.results = [
      GraphResult(.result, "0", next), GraphResult(.result, "1", inner.multiply(next, element)),
    ]
    let made = body.scan(
      ScanParts(
        carried: [row()], sequences: [pick()], captured: [weight], length: 2,
        body: GraphBody(inner.graph)))
    return body.add(made[1], body.broadcast(made[0], to: rows.shape, axes: [1]))
  }
}
