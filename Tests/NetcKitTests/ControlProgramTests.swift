import NetcCore
import NetcGraph
import NetcKit
import Testing

/// Programs with loops over lists, layers of several results, choices at run time and derivatives
/// of derivatives: their gradients and values.
@Suite struct ControlProgramTests {
  private static let data = """
    input x: float[batch, 6]
    input y: float[batch]
    data points = table(
      x: [[0, 1, 2, -1, 0.5, 1], [1, 0.5, -1, 2, 0.1, 0], [2, -1, 0.3, 0.7, -2, 1]],
      y: [1, 0.2, -1.5])
    train(points, epochs: 1, batch: 2, seed: 4)
    optimizer sgd(lr: 0.01)

    """

  private static let programs: [(name: String, text: String)] = [
    (
      "a loop over a list",
      """
      var h = x
      for units in [5, 3, 1] { h = h |> dense(units) |> tanh }
      loss mse(squeeze(h, axis: 1), y)
      """
    ),
    (
      "several results of a layer",
      """
      layer both(x: float[batch, d]) -> float[batch], float[batch, 2] {
        param w: float[d] = normal(0.5)
        let scores = x |> dense(2)
        return x @ w, tanh(scores)
      }
      let a, b = both(x)
      loss mse(a * sum(b, axis: 1), y)
      """
    ),
    (
      "a choice at run time",
      """
      let h = x |> dense(4)
      let leaky = where(h > 0.05, h, 0.1 * h^2)
      loss mse(sum(leaky, axis: 1), y)
      """
    ),
    (
      "the derivative of a derivative through a loop",
      """
      let p = reshape(x, batch, 3, 2)
      param w: float[2, 2] = [[0.3, -0.2], [0.5, 0.4]]
      var c = zeros(batch, 2)
      let all = scan u in p along 1 {
        c = tanh(c @ w + u)
        yield c
      }
      let f = sum(all * all) + sum(c)
      let g = grad(f, p)
      loss mse(sum(c, axis: 1), y) + mean(g^2)
      """
    ),
    (
      "the derivative of a derivative through a reversed loop in a loop",
      """
      let p = reshape(x, batch, 3, 2)
      param w: float = 0.7
      var s = zeros(batch)
      scan u in p along 1 reversed {
        var k = s
        scan v in u along 1 { k = tanh(w * k + v) }
        s = s + k
      }
      let f = sum(s^2)
      let g = grad(f, p)
      loss mse(s, y) + mean(sum(g^2, axis: [1, 2]))
      """
    ),
  ]

  @Test(arguments: programs.map(\.name)) func gradientsAgreeWithDifferences(name: String) throws {
    let text = try #require(Self.programs.first { $0.name == name }).text
    let rows = try model(Self.data + text, precision: .double).checkGradients(options: .alone)
    #expect(!rows.isEmpty)
    for row in rows { #expect(row.passes, "\(row.parameter): \(row.difference) of \(row.scale)") }
  }

  /// `stop_gradient` keeps the value and lets no derivative through, in a loop too.
  @Test func stoppedDerivativesAreZero() throws {
    let model = try model(
      """
      param w: float[2] = [3, 5]
      let once = sum(w * stop_gradient(w))
      var c = sum(w)
      scan t in 0..<2 { c = c + sum(w * stop_gradient(w)) * t }
      output plain = grad(once, w)
      output looped = grad(c, w)
      """)
    var context = EvaluationContext()
    context.parameters["w"] = Tensor(shape: [2], .double([3, 5]))
    let graph = model.derivedEvaluation
    let values = ReferenceInterpreter<Double>(context: context).evaluateAll(graph)
    func numbers(_ name: String) throws -> [Double] {
      let result = try #require(graph.results.first { $0.role == .output && $0.name == name })
      return values[result.value.index].tensor.doubles
    }
    #expect(try numbers("plain") == [3, 5])
    #expect(try numbers("looped") == [4, 6])
  }
}
