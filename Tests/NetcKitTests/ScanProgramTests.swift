import Foundation
import NetcCore
import NetcEmit
import NetcGraph
import NetcKit
import Testing

/// Programs with loops: what they compute, their derivatives, their printed form.
@Suite struct ScanProgramTests {
  /// A program with what it shows.
  struct Program: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
  }

  private static let data = """
    input x: float[batch, 6]
    input y: float[batch]
    data points = table(
      x: [[0, 1, 2, -1, 0.5, 1], [1, 0.5, -1, 2, 0.1, 0], [2, -1, 0.3, 0.7, -2, 1],
          [0.3, 0.2, 1, 1, -1, 0.4], [-1, 2, 0.2, -0.6, 1, 1.5], [1.5, 1.5, -1, 0, 0.2, 0.9]],
      y: [1, 0.2, -1.5, 0.3, 2.5, 0.4])
    train(points, epochs: 3, batch: 2, seed: 4)
    let s = reshape(x, batch, 3, 2)
    optimizer adam(lr: 0.01)

    """

  private static func program(_ name: String, _ text: String) -> Program {
    Program(testDescription: name, text: data + text)
  }

  static let programs = [
    program(
      "a layer with its own loop",
      """
      layer rnn_of(x: float[batch, time, in], units: int) -> float[batch, time, units] {
        param W: float[in, units] = glorot_uniform()
        param U: float[units, units] = glorot_uniform()
        var h = zeros(batch, units)
        return scan xt in x along 1 {
          h = tanh(xt @ W + h @ U)
          yield h
        }
      }
      let r = s |> rnn_of(4) |> dense(1)
      loss mse(sum(r, axis: [1, 2]), y)
      """),
    program(
      "several sequences, reversed, several yields, a range and draws",
      """
      param w: float[2] = [0.3, -0.2]
      var c = zeros(batch, 2)
      var n = 0.0
      let a, b = scan u in s, v in 2 * s, t in 0..<3 along 1 reversed {
        let noise = random_uniform([batch, 2])
        c = tanh(c * w + u - v * noise)
        n = n + t
        yield c * u, t * sum(c, axis: 1)
      }
      loss mse(sum(a, axis: [1, 2]) + sum(b, axis: 1) + n, y)
      """),
    program(
      "a loop in a loop with a layer in it",
      """
      var h = zeros(batch, 2)
      scan u in s along -2 {
        var k = u
        let squares = scan i in 0..<4 {
          k = 0.5 * k * (h |> dense(2, bias: false)) + i
          yield k * k
        }
        h = h + tanh(sum(squares, axis: 0))
      }
      loss mse(sum(h, axis: 1), y)
      """),
    program(
      "a state, values that change places, a function",
      """
      fn double(a: float[...]) -> float[...] { return 2 * a + 0.1 }
      param w: float[2] = [1, 0.5]
      state seen: float[2] = zeros()
      var p = w
      var q = 0.5 * w
      scan u in s along 1 {
        seen = 0.9 * seen + mean(u, axis: 0)
        p, q = [q, double(p) * 0.3]
      }
      loss mse(x @ concat([p, q, seen], axis: 0), y)
      """),
    program(
      "a derivative in a loop, a loop of no turn",
      """
      param w: float[2] = [1, 0.5]
      var v = w
      scan t in 0..<2 {
        let z = v
        let e = sum(z^3)
        v = v - 0.1 * grad(e, z)
      }
      var none = sum(v)
      scan t in 0..<0 { none = none * 2 }
      loss mse(sum(s * v, axis: [1, 2]) * none, y)
      """),
  ]

  @Test(arguments: programs) func derivativesAgreeWithDifferences(program: Program) throws {
    let model = try model(program.text, precision: .double)
    for row in try model.checkGradients(options: .alone) {
      #expect(row.passes, "\(row.parameter): \(row.difference) of \(row.scale)")
    }
  }

  private func curve(_ model: CompiledModel, threads: Int = 1) throws -> [Double] {
    var options = RunOptions()
    options.threads = threads
    var curve: [Double] = []
    _ = try Trainer(model, options: options).train { event in
      if case .epoch(let report) = event { curve += report.train.map(\.value) }
    }
    #expect(!curve.isEmpty && curve.allSatisfy(\.isFinite))
    return curve
  }

  @Test(arguments: programs) func threadsKeepTheBits(program: Program) throws {
    let model = try model(program.text)
    #expect(try curve(model) == curve(model, threads: 2))
  }

  @Test(arguments: programs) func thePrintedProgramTrainsAlike(program: Program) throws {
    let original = try model(program.text)
    var request = GradientDump()
    request.format = .net
    let text = try original.gradientText(request)
    #expect(text.contains("scan "))
    let (expected, found) = (try curve(original), try curve(try model(text)))
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 1e-6 * abs(b), "\(text)") }
  }

  /// Yields stand at the position of their element, on the axis of the sequence.
  @Test func yieldsAreStackedWhereTheyBelong() throws {
    let model = try model(
      """
      input x: float[batch, 3]
      var sum = zeros(batch)
      let forward = scan v in x along 1 { sum = sum + v  yield sum }
      let last = sum
      var back = zeros(batch)
      let backward = scan v in x along -1 reversed { back = back + v  yield back }
      let places = scan t in 1..<4 reversed { yield t }
      output forward
      output last
      output backward
      output places
      """)
    var context = EvaluationContext(bindings: ["batch": 2])
    context.inputs["x"] = Tensor(shape: [2, 3], .double([1, 2, 3, 10, 20, 30]))
    let graph = model.derivedEvaluation
    let values = ReferenceInterpreter<Double>(context: context).evaluateAll(graph)
    func numbers(_ name: String) throws -> [Double] {
      let result = try #require(graph.results.first { $0.role == .output && $0.name == name })
      return values[result.value.index].tensor.doubles
    }
    #expect(try numbers("forward") == [1, 3, 6, 10, 30, 60])
    #expect(try numbers("last") == [6, 60])
    #expect(try numbers("backward") == [6, 5, 3, 60, 50, 30])
    #expect(try numbers("places") == [1, 2, 3])
  }
}
