import NetcCore
import NetcGraph
import NetcSemantics
import NetcSyntax
import NetcTransform
import Testing

/// What the initializers draw: their limits, means and deviations on enough numbers to tell.
@Suite struct InitializerTests {
  /// An initializer with what it should draw; `limit` nil when unbounded.
  struct Expectation: Sendable, CustomTestStringConvertible {
    let call: String
    let shape: String
    let mean: Double
    let variance: Double
    let limit: Double?

    init(_ call: String, _ shape: String, _ mean: Double, _ variance: Double, _ limit: Double?) {
      self.call = call
      self.shape = shape
      self.mean = mean
      self.variance = variance
      self.limit = limit
    }

    var testDescription: String { "\(call) of [\(shape)]" }
  }

  private static let matrix = "50, 30"
  private static let kernel = "16, 8, 5, 5"

  private static let expectations: [Expectation] = [
    Expectation("zeros()", matrix, 0, 0, 0),
    Expectation("ones()", matrix, 1, 0, 1),
    Expectation("full(2.5)", matrix, 2.5, 0, 2.5),
    Expectation("uniform(-1, 3)", matrix, 1, 1.33333333, 3),
    Expectation("normal(0.02)", matrix, 0, 0.0004, nil),
    Expectation("normal(0.5, mean: 2)", matrix, 2, 0.25, nil),
    Expectation("truncated_normal(2)", matrix, 0, 3.0948, 4),
    Expectation("glorot_uniform()", matrix, 0, 0.025, 0.27386128),
    Expectation("glorot_normal()", matrix, 0, 0.025, nil),
    Expectation("he_uniform()", matrix, 0, 0.04, 0.34641016),
    Expectation("he_normal()", matrix, 0, 0.04, nil),
    Expectation("lecun_uniform()", matrix, 0, 0.02, 0.24494897),
    Expectation("lecun_normal()", matrix, 0, 0.02, nil),
    Expectation("he_normal()", kernel, 0, 0.01, nil),
    Expectation("glorot_uniform()", kernel, 0, 0.00333333, 0.1),
    Expectation("he_normal()", "1500", 0, 0.00133333, nil),
  ]

  @Test(arguments: expectations)
  func `draws have the mean, deviation and limit of the formula`(expected: Expectation) throws {
    let values = try initial(expected.call, expected.shape)
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.map { ($0 - mean) * ($0 - mean) }
    let deviation = (squares.reduce(0, +) / count).squareRoot()
    let wanted = expected.variance.squareRoot()
    // Five standard errors of a mean, and of a deviation of at most normal tails.
    let meanLimit = 5 * wanted / count.squareRoot() + 1e-6
    let deviationLimit = 5 * wanted / (2 * count).squareRoot() + 1e-6
    #expect(abs(mean - expected.mean) <= meanLimit)
    #expect(abs(deviation - wanted) <= deviationLimit)
    if let limit = expected.limit {
      let largest = values.map { abs($0) }.max() ?? 0
      #expect(largest <= limit * (1 + 1e-6))
      #expect(largest >= 0.95 * limit)
    }
  }

  @Test(arguments: [("6, 6", 6, 6), ("4, 10", 4, 10), ("10, 4", 10, 4), ("5, 2, 3", 5, 6)])
  func `orthogonal rows or columns, whichever are fewer`(
    shape: String, rows: Int, columns: Int
  ) throws {
    let w = try initial("orthogonal(gain: 2)", shape)
    let byRow = rows <= columns
    func entry(_ vector: Int, _ place: Int) -> Double {
      byRow ? w[vector * columns + place] : w[place * columns + vector]
    }
    let count = min(rows, columns)
    for first in 0..<count {
      for second in 0..<count {
        var product = 0.0
        for place in 0..<max(rows, columns) {
          product += entry(first, place) * entry(second, place)
        }
        let wanted: Double = first == second ? 4 : 0
        #expect(abs(product - wanted) < 1e-6)
      }
    }
  }

  private static let repeated =
    expectations.map(\.call)
    + ["orthogonal()", "twice(3)", "twice(low: 3)", "[[0.5, 1]]", "drawn()"]

  @Test(arguments: repeated)
  func `equal parameters draw by their own names`(call: String) throws {
    let definitions = """
      fn twice(shape: dims, low: float) { return low + random_uniform(shape) + drawn(shape) }
      fn drawn(shape: dims) { return random_uniform(shape) }
      """
    func firstValues(_ names: [String]) throws -> [[Double]] {
      let parameters = names.map { "param \($0): float[1, 2] = \(call)\n" }.joined()
      let losses = names.map { "l2(\($0))" }.joined(separator: " + ")
      let model = try model(
        "\(definitions)\n\(parameters)loss \(losses)\noptimizer sgd(lr: 1)\n")
      let values = ReferenceInterpreter<Double>(context: EvaluationContext(seed: 5))
        .evaluateAll(model.initial)
      return model.initial.results(.initial).map { values[$0.value.index].tensor.doubles }
    }
    let together = try firstValues(["a", "b", "c"])
    let alone = try firstValues(["a"]) + firstValues(["b"]) + firstValues(["c"])
    #expect(together == alone)
  }

  @Test func `dropout keeps its share, scales what it keeps and rests in evaluation`() throws {
    let model = try model(
      """
      param x: float[4000] = ones()
      loss sum(x)
      output y = dropout(x, 0.25)
      optimizer sgd(lr: 1)
      """)
    let twos = Tensor(shape: [4000], .double(Array(repeating: 2, count: 4000)))
    let context = EvaluationContext(parameters: ["x": try #require(twos)])
    func output(_ graph: Graph) throws -> [Double] {
      let value = try #require(graph.results(.output).first).value
      let values = ReferenceInterpreter<Double>(context: context).evaluateAll(graph)
      return values[value.index].tensor.doubles
    }
    let trained = try output(expandGradients(model.training).graph)
    let scaled = 2 / 0.75
    let areAllowed = trained.allSatisfy { $0 == 0 || abs($0 - scaled) < 1e-12 }
    #expect(areAllowed)
    let dropped = trained.filter { $0 == 0 }.count
    // 1000 of 4000 within five standard deviations, √(4000 · ¼ · ¾) each.
    #expect(abs(dropped - 1000) < 137)
    #expect(Set(try output(model.evaluation)) == [2])
  }

  /// The first value of a parameter with this initializer.
  private func initial(_ call: String, _ shape: String) throws -> [Double] {
    let model = try model(
      "param w: float[\(shape)] = \(call)\nloss l2(w)\noptimizer sgd(lr: 1)\n")
    let context = EvaluationContext(seed: 5)
    let values = ReferenceInterpreter<Double>(context: context).evaluateAll(model.initial)
    let result = try #require(model.initial.results(.initial).first { $0.name == "w" })
    return values[result.value.index].tensor.doubles
  }

  private func model(_ program: String) throws -> Model {
    var sources = SourceMap()
    let file = sources.add(name: "initializer.net", text: program)
    let analyzed = analyze(
      parse(file, in: sources).unit, sources: &sources, options: AnalysisOptions())
    return try #require(analyzed.model, "\(analyzed.diagnostics.map(\.message))")
  }
}
