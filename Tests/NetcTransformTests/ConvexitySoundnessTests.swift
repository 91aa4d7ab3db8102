import NetcCore
import NetcGraph
import NetcTransform
import Testing

/// What the analysis of convexity says is tried on random expressions: along random segments the
/// value in the middle lies on the side of the chord that it said.
@Suite struct ConvexitySoundnessTests {
  /// A random expression of two parameters, literals and constants, and its sum.
  private struct Expression {
    var b = GraphBuilder()
    var random: SeededGenerator
    var values: [ValueID]

    init(seed: UInt64) {
      random = SeededGenerator(seed: seed)
      let type = TensorType(.float, [3])
      values = [b.parameter("p", type), b.parameter("q", type), b.input("c", type)]
      values.append(b.abs(values[2]))
      for _ in 0..<random.int(1..<7) { values.append(call()) }
      b.graph.results = [GraphResult(.loss, "loss", b.reduceSum(values[values.count - 1]))]
    }

    private mutating func literal() -> ValueID {
      b.constant(random.pick([-2, -1, 0, 0.5, 1, 2, 3, random.real(-2...2)]), [3])
    }

    /// The last value half of the time, so that calls nest.
    private mutating func operand() -> ValueID {
      random.chance(0.5) ? values[values.count - 1] : random.pick(values)
    }

    private mutating func call() -> ValueID {
      let x = operand()
      let y = random.chance(0.4) ? literal() : operand()
      switch random.int(0..<28) {
      case 0: return b.add(x, y)
      case 1: return b.subtract(x, y)
      case 2: return b.multiply(x, y)
      case 3: return b.divide(x, y)
      case 4: return b.divide(y, x)
      case 5: return b.maximum(x, y)
      case 6: return b.minimum(x, y)
      case 7: return b.negate(x)
      case 8: return b.abs(x)
      case 9: return b.exponential(x)
      case 10: return b.log(x)
      case 11: return b.sqrt(x)
      case 12: return b.emit(.rsqrt, [x], .none)
      case 13: return b.tanh(x)
      case 14: return b.logistic(x)
      case 15: return b.logPlusOne(x)
      case 16: return b.emit(.exponentialMinusOne, [x], .none)
      case 17: return b.power(x, literal())
      case 18: return b.multiply(x, x)
      case 19:
        return b.select(b.compare(random.pick([.lt, .le, .gt, .ge]), x, y), operand(), operand())
      case 20: return b.select(b.compare(.le, x, literal()), b.multiply(x, literal()), x)
      case 21: return b.broadcastScalar(b.reduceSum(x), to: [3])
      case 22: return b.broadcastScalar(b.reduceMax(x, axes: [0]), to: [3])
      case 23: return b.log(b.broadcastScalar(b.reduceSum(b.exponential(x)), to: [3]))
      case 24: return b.sqrt(b.broadcastScalar(b.reduceSum(b.multiply(x, x)), to: [3]))
      case 25:
        return b.add(b.maximum(x, b.zeros([3])), b.logPlusOne(b.exponential(b.negate(b.abs(x)))))
      case 26:
        let shifted = b.subtract(x, b.broadcastScalar(b.reduceMax(x, axes: [0]), to: [3]))
        let e = b.exponential(shifted)
        return b.divide(e, b.broadcastScalar(b.reduceSum(e), to: [3]))
      default:
        return b.emit(
          .cumsum, [x], ["axis": .int(0), "reverse": .bool(false), "exclusive": .bool(false)])
      }
    }
  }

  /// How often the analysis said something, so that silence cannot pass.
  private struct Tally {
    var convex = 0
    var concave = 0
    var affine = 0
  }

  @Test func `what is said of random expressions holds along random segments`() {
    var tally = Tally()
    for seed in 0..<UInt64(3000) {
      let expression = Expression(seed: seed)
      let report = convexity(
        of: expression.b.graph, fixed: [], nonnegative: [], isShown: { _ in true })[0]
      switch report.curvature {
      case .convex: tally.convex += 1
      case .concave: tally.concave += 1
      case .affine: tally.affine += 1
      default: continue
      }
      check(expression, report.curvature, seed)
    }
    #expect(tally.convex > 200 && tally.concave > 100 && tally.affine > 100, "\(tally)")
  }

  private func check(_ expression: Expression, _ curvature: Curvature, _ seed: UInt64) {
    var random = SeededGenerator(seed: seed &+ 77)
    let graph = expression.b.graph
    let constant = draw(&random, 2)
    for _ in 0..<12 {
      let size = random.pick([0.1, 1, 4])
      let ends = (0..<2).map { _ in [draw(&random, size), draw(&random, size)] }
      let middle = zip(ends[0], ends[1]).map { zip($0, $1).map { 0.5 * ($0 + $1) } }
      let values = [ends[0], ends[1], middle].map { point in
        let context = EvaluationContext(
          inputs: ["c": Tensor([3], constant)],
          parameters: ["p": Tensor([3], point[0]), "q": Tensor([3], point[1])])
        let all = ReferenceInterpreter<Double>(context: context).evaluateAll(graph)
        return all[graph.results[0].value.index].tensor.doubles[0]
      }
      guard values.allSatisfy({ $0.isFinite }) else { continue }
      let gap = 0.5 * values[0] + 0.5 * values[1] - values[2]
      let slack = 1e-9 * (1 + values.reduce(0) { max($0, abs($1)) })
      let isRight =
        switch curvature {
        case .convex: gap >= -slack
        case .concave: gap <= slack
        default: abs(gap) <= slack
        }
      if isRight { continue }
      Issue.record("seed \(seed): said \(curvature), but \(values)\n\(graph)")
      return
    }
  }

  private func draw(_ random: inout SeededGenerator, _ size: Double) -> [Double] {
    (0..<3).map { _ in random.real(-size...size) }
  }
}
