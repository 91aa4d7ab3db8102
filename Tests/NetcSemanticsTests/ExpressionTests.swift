import NetcCore
import NetcGraph
import NetcSemantics
import Testing

/// Expressions lowered and evaluated by the reference semantics, in double.
@Suite struct ExpressionTests {
  /// An expression over `x: float[batch, 3]` = [[1, 2, 3], [4, 5, 6]], `v: float[batch]` = [10,
  /// 20], `k: class(3)[batch]` = [2, 0] and constants, with the numbers it gives.
  static let cases: [(text: String, numbers: [Double])] = [
    ("2 * v", [20, 40]), ("-v^2", [-100, -400]), ("2^-1 * v", [5, 10]), ("v / 4 * 2", [5, 10]),
    ("v - 1 - 2", [7, 17]), ("(2 * v) / (1/2)", [40, 80]), ("v * div(7, 2) + mod(7, 2)", [31, 61]),
    ("v * mod(-1, 3)", [20, 40]), ("v + ceil_div(7, 2)", [14, 24]), ("v + floor(2.7)", [12, 22]),
    ("x[:, 0]", [1, 4]), ("x[1]", [4, 5, 6]), ("x[0, -1]", [3]), ("x[..., 1:3]", [2, 3, 5, 6]),
    ("x[:, ::2]", [1, 3, 4, 6]), ("x[-1:, :-1]", [4, 5]), ("[10, 20, 30][-1] + v", [40, 50]),
    ("x + [1, 0, -1]", [2, 2, 2, 5, 5, 5]), ("x @ [1, 1, 1]", [6, 15]),
    ("x @ transpose(x)", [14, 32, 32, 77]), ("x[:, 0] @ v", [90]), ("v @ x", [90, 120, 150]),
    ("x * expand(v, axis: 1)", [10, 20, 30, 80, 100, 120]),
    ("sum(x, axis: 1, keep_dims: true) + x", [7, 8, 9, 19, 20, 21]),
    ("sum(x)", [21]), ("sum(x, axis: [0, 1])", [21]), ("sum(x, axis: -2)", [5, 7, 9]),
    ("mean(x, axis: 0)", [2.5, 3.5, 4.5]), ("max(x, axis: 1)", [3, 6]), ("min(x)", [1]),
    ("max(v, 15)", [15, 20]), ("min(3, 2) * v", [20, 40]), ("variance(x[0])", [2.0 / 3]),
    ("where(v > 15, v, 0)", [0, 20]), ("where(true, 1, 2) * v", [10, 20]),
    ("float(k == 2)", [1, 0]), ("float(v == 10 or v == 20)", [1, 1]),
    ("float(v > 5 and not (v > 15))", [1, 0]), ("one_hot(k, 3)", [0, 0, 1, 1, 0, 0]),
    ("gather(v, [1, 0, 1])", [20, 10, 20]), ("gather(x, k, axis: 1)", [3, 1, 6, 4]),
    ("int(v) + 1", [11, 21]), ("int(v) / 4", [2.5, 5]), ("float(int(2.9)) * v", [20, 40]),
    ("split(x, 3, axis: 1)[1]", [2, 5]), ("concat([v, v], axis: 0)", [10, 20, 10, 20]),
    ("reshape(x, [3 * batch])", [1, 2, 3, 4, 5, 6]), ("reverse(v, axes: [0])", [20, 10]),
    ("pad(v, low: [1], high: [0], value: 7)", [7, 10, 20]), ("cumsum(v, axis: 0)", [10, 30]),
    ("v / batch", [5, 10]), ("v * size(x, axis: 1)", [30, 60]), ("v + rank(x)", [12, 22]),
    ("v * length([1, 2])", [20, 40]), ("v + size(x) / batch", [13, 23]),
    ("v * (if m == 2 then 3 else 4)", [30, 60]),
    ("v * (if size(x) == 3 * batch then 1 else 0)", [10, 20]),
    ("v |> relu |> leaky_relu(slope: 0.5)", [10, 20]), ("v + pi - pi", [10, 20]),
    ("broadcast(1, [2, 2])", [1, 1, 1, 1]), ("iota([3], axis: 0)", [0, 1, 2]),
    ("zeros(batch, 2) + 1", [1, 1, 1, 1]), ("shape(x)[1] * v", [30, 60]),
    ("v + 3 / m * m", [13, 23]), ("v * (10.0 ^ 20 / 10.0 ^ 20)", [10, 20]),
    ("sum([sum(v), 1])", [31]), ("v * sqrt(4) * abs(-1)", [20, 40]), ("v + step", [15, 25]),
  ]

  @Test(arguments: cases.indices) func `an expression gives its numbers`(place: Int) throws {
    let (text, numbers) = Self.cases[place]
    let analyzed = Analyzed(
      """
      const m = 2
      input x: float[batch, 3]
      input v: float[batch]
      input k: class(3)[batch]
      output result = \(text)
      """)
    #expect(analyzed.diagnostics.filter { $0.severity == .error }.map(\.message) == [], "\(text)")
    let found = analyzed.model
    let graph = try #require(found).evaluation
    let output = try #require(graph.results(.output).first)
    let x = try #require(Tensor(shape: [2, 3], .double([1, 2, 3, 4, 5, 6])))
    let v = try #require(Tensor(shape: [2], .double([10, 20])))
    let k = try #require(Tensor(shape: [2], .int([2, 0])))
    let context = EvaluationContext(
      bindings: ["batch": 2], inputs: ["x": x, "v": v, "k": k], step: 5)
    let values = ReferenceInterpreter<Double>(context: context).evaluateAll(graph)
    let got = values[output.value.index].tensor.doubles
    #expect(
      got.count == numbers.count && zip(got, numbers).allSatisfy { abs($0 - $1) < 1e-12 },
      "\(text) gave \(got)")
  }

  @Test func `states are read, assigned in order and updated by training alone`() throws {
    let analyzed = Analyzed(
      """
      input x: float[batch]
      layer counter(x: float[...]) {
        state n: float[] = 1
        n = 2 * n
        let seen = n
        n = n + 1
        return x * seen
      }
      layer c = counter()
      output h = c(c(x))
      """)
    #expect(analyzed.report == "")
    let found = analyzed.model
    let model = try #require(found)
    #expect(model.states.map(\.name) == ["c.n"])
    let x = try #require(Tensor(shape: [1], .double([1])))
    let context = EvaluationContext(
      bindings: ["batch": 1], inputs: ["x": x], states: ["c.n": Tensor(scalar: 3)])
    let values = ReferenceInterpreter<Double>(context: context).evaluateAll(model.training)
    let output = try #require(model.training.results(.output).first)
    let update = try #require(model.training.results(.update).first)
    #expect(values[output.value.index].tensor.doubles == [6 * 14])
    #expect(values[update.value.index].tensor.doubles == [15])
    #expect(model.evaluation.results(.update).isEmpty)
  }

  @Test func `constants can be set and keep their kind`() throws {
    let text = "const m = 2, n = m * 3\ninput x: float[batch, n]\noutput x\nconst unused = m"
    let plain = try #require(Analyzed(text).model)
    #expect(plain.constants.map(\.text) == ["2", "6", "2"])
    let set = try #require(Analyzed(text, settings: [("m", "1 + 4")]).model)
    #expect(set.constants.map(\.text) == ["5", "15", "5"])
    #expect(set.constants.map(\.isOverridden) == [true, false, false])
    #expect(Analyzed(text, settings: [("m", "0.5")]).diagnostics.contains { $0.code == "E0415" })
  }

  @Test func `standardised inputs are centred inside the graph`() throws {
    let analyzed = Analyzed(
      """
      input x: float[batch, 2]
      input y: float[batch]
      output h = x * expand(y, axis: 1)
      data d = csv("d.csv", x: columns(0..<2), y: column("y"), standardize: true)
      train(d)
      """)
    let found = analyzed.model
    let model = try #require(found)
    #expect(model.states.map(\.name) == ["x.mean", "x.deviation"])
    #expect(model.inputs.map(\.isStandardized) == [true, false])
    let x = try #require(Tensor(shape: [1, 2], .double([3, 8])))
    let y = try #require(Tensor(shape: [1], .double([1])))
    let mean = try #require(Tensor(shape: [2], .double([1, 2])))
    let deviation = try #require(Tensor(shape: [2], .double([2, 3])))
    let context = EvaluationContext(
      bindings: ["batch": 1], inputs: ["x": x, "y": y],
      states: ["x.mean": mean, "x.deviation": deviation])
    let values = ReferenceInterpreter<Double>(context: context).evaluateAll(model.evaluation)
    let output = try #require(model.evaluation.results(.output).first)
    #expect(values[output.value.index].tensor.doubles == [1, 2])
  }
}
