import NetcCore
import NetcGraph
import NetcKit
import Testing

/// What `netc check` says of how a loss bends in the parameters.
@Suite struct ConvexityTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let kind: LossCurvature.Kind
    var stop: String?
    var testDescription: String { name }
  }

  private static let leaves = """
    input x: float[batch, 3]
    input t: float[batch]
    input k: class(4)[batch]
    param w: float[3] = zeros()
    param b: float[] = zeros()
    param W: float[3, 4] = zeros()
    let y = x @ w + b
    let s = x @ W

    """

  private static func one(
    _ name: String, _ loss: String, _ kind: LossCurvature.Kind, _ stop: String? = nil
  ) -> Case {
    return Case(name: name, text: leaves + loss + "\n", kind: kind, stop: stop)
  }

  static let cases = [
    one("least squares", "loss mse(y, t)", .convex),
    one("ridge", "loss half_mse(y, t) + 0.1 * l2(w)", .convex),
    one("lasso", "loss mse(y, t) + 0.1 * l1(w)", .convex),
    one("elastic net", "loss mse(y, t) + 0.1 * l1(w) + 0.2 * l2(w)", .convex),
    one("group lasso", "loss mse(y, t) + 0.1 * sum(norm(W, axis: 0))", .convex),
    one("squares by a product", "loss w @ w + mse(y, t)", .convex),
    one("least absolute deviations", "loss mae(y, t)", .convex),
    one("logistic", "loss binary_cross_entropy(y, t) + 1e-3 * l2(w)", .convex),
    one("logistic of signs", "loss binary_log_loss(y, t)", .convex),
    one("logistic by hand", "loss mean(log(1 + exp(-y * t)))", .convex),
    one("log of sigmoid", "loss -mean(log(sigmoid(y * t)))", .convex),
    one("support vectors", "loss hinge(y, t) + 0.5 * l2(w)", .convex),
    one("hinge by hand", "loss mean(relu(1 - y * t))", .convex),
    one("squared hinge", "loss squared_hinge(y, t)", .convex),
    one("several classes of support vectors", "loss multiclass_hinge(s, k)", .convex),
    one("softmax regression", "loss cross_entropy(s, k) + 1e-3 * l2(W)", .convex),
    one("weights of classes", "loss cross_entropy(s, k, weights: [1, 2, 1, 3])", .convex),
    one("smoothed labels", "loss cross_entropy(s, k, smoothing: 0.1)", .convex),
    one("nll of log_softmax", "loss nll(log_softmax(s), k)", .convex),
    one("log of softmax", "loss -mean(sum(one_hot(k, 4) * log(softmax(s)), axis: 1))", .convex),
    one("log_sum_exp", "loss mean(log_sum_exp(s)) - mean(y)", .convex),
    one("quantile", "loss mean(max(0.9 * (t - y), -0.1 * (t - y)))", .convex),
    one(
      "quantile by where", "let r = t - y\nloss mean(where(r > 0, 0.9 * r, -0.1 * r))", .convex),
    one("huber", "loss huber(y, t, delta: 0.3)", .convex),
    one("poisson", "loss poisson_nll(y, t)", .convex),
    one("leaky", "loss mean(leaky_relu(y))", .convex),
    one("greatest", "loss mean(max(s, axis: 1))", .convex),
    one("distance", "loss mean(norm(x - w, axis: 1))", .convex),
    one("reciprocal", "loss mean(1 / exp(y))", .convex),
    one("fourth power", "loss mean(y ^ 4)", .convex),
    one("dropout of the inputs", "loss mse(dropout(x, 0.5) @ w, t)", .convex),
    one("linear", "loss mean(y * t)", .affine),
    one("a rising log-likelihood", "loss mean(log(y))", .concave),
    one("minus a norm", "loss -norm(w)", .concave),
    one("the least", "loss mean(min(y, 2 * y + 1))", .concave),
    one("no parameter", "loss mean(t) + 0 * sum(w)", .affine),
    one("a kink the wrong way", "loss mean(where(y > 0, y, 2 * y))", .concave),
    one("a jump", "loss mean(where(y > 0, y + 1, y))", .unknown, "where"),
    one("tanh", "loss mse(tanh(y), t)", .unknown, "tanh"),
    one("squared sigmoid", "loss mse(sigmoid(y), t)", .unknown, "logistic"),
    one("factors", "loss mean(square(transpose(W) @ W))", .unknown, "@"),
    one("a product of parameters", "loss mean(b * y)", .unknown, "*"),
    one("a saddle", "loss mean(y * y) - l2(w)", .unknown, "-"),
    one("weights of either sign", "loss mean(t * y * y)", .unknown, "*"),
    one("gelu", "loss mean(gelu(y))", .unknown, "gelu"),
    one("cosine", "loss mean(cos(y))", .unknown, "cos"),
    one(
      "its own softplus",
      "fn softplus(x: float[...]) { return tanh(x) * x }\nloss mean(softplus(y))",
      .unknown, "tanh"),
    one("two layers", "loss mse(relu(s) |> dense(1) |> squeeze(axis: 1), t)", .unknown, "@"),
    one("a frozen factor", "freeze \"W\"\nloss mse(s @ [1, 2, 3, 4] + y, t)", .convex),
    one("batch_norm", "loss mean(batch_norm(s))", .unknown, "standardized"),
    one("a frozen product", "freeze \"b\"\nloss mse(b * y, t)", .convex),
  ]

  @Test(arguments: cases)
  func `a loss bends as it should`(item: Case) throws {
    let found = try #require(model(item.text, precision: .double).lossCurvatures.first)
    #expect(found.curvature == item.kind, "\(found.sentence)")
    if let stop = item.stop { #expect(found.obstacle?.operation == stop, "\(found.sentence)") }
    if item.kind == .unknown {
      #expect(found.obstacle?.place?.hasPrefix("line ") ?? false, "\(found.sentence)")
    }
  }

  /// The value in the middle of random segments lies where the curvature says.
  @Test(arguments: cases.filter { $0.kind != .unknown })
  func `what is said holds along random segments`(item: Case) throws {
    let model = try model(item.text, precision: .double)
    var random = SeededGenerator(seed: 5)
    for _ in 0..<20 {
      let inputs = EvaluationContext(
        bindings: ["batch": 4],
        inputs: [
          "x": draw([4, 3], &random), "t": draw([4], &random),
          "k": numbers([4], .int((0..<4).map { _ in Int32(random.int(0..<4)) })),
        ])
      let ends = (0..<2).map { _ in
        ["w": draw([3], &random), "b": draw([], &random), "W": draw([3, 4], &random)]
      }
      var middle: [String: Tensor] = [:]
      for (name, end) in ends[0] {
        let numbers = zip(end.doubles, ends[1][name]?.doubles ?? []).map { 0.5 * ($0 + $1) }
        middle[name] = self.numbers(end.shape, .double(numbers))
      }
      let values = try [ends[0], ends[1], middle].map { try loss(model, inputs, $0) }
      guard values.allSatisfy({ $0.isFinite }) else { continue }
      let gap = 0.5 * (values[0] + values[1]) - values[2]
      if item.kind != .concave { #expect(gap >= -1e-9) }
      if item.kind != .convex { #expect(gap <= 1e-9) }
    }
  }

  private func draw(_ shape: [Int], _ random: inout SeededGenerator) -> Tensor {
    numbers(shape, .double((0..<shape.reduce(1, *)).map { _ in random.real(-2...2) }))
  }

  private func numbers(_ shape: [Int], _ storage: Tensor.Storage) -> Tensor {
    Tensor(shape: shape, storage) ?? Tensor(scalar: 0)
  }

  private func loss(
    _ model: CompiledModel, _ inputs: EvaluationContext, _ parameters: [String: Tensor]
  ) throws -> Double {
    var context = inputs
    context.parameters = parameters
    let graph = model.derived
    let values = ReferenceInterpreter<Double>(context: context).evaluateAll(graph)
    let loss = try #require(graph.results(.loss).first)
    return values[loss.value.index].tensor.doubles[0]
  }

  @Test func `every shipped program has an answer that names a line`() throws {
    for program in ShippedProgram.examples {
      for loss in try program.compiled().lossCurvatures {
        #expect(loss.curvature != .constant)
        if loss.curvature == .unknown { #expect(loss.obstacle?.place != nil, "\(program.name)") }
      }
    }
    let logistic = try #require(ShippedProgram.examples.first { $0.name == "logistic.net" })
    #expect(
      try logistic.compiled().lossCurvatures.map(\.sentence) == ["loss is convex in the parameters"]
    )
  }
}
