import NetcCore
import NetcGraph
import NetcSemantics
import Testing

/// Names of parameters, states and random sites, sharing, and what belongs to which optimizer.
@Suite struct NamingTests {
  private func model(_ text: String) throws -> Model {
    let analyzed = Analyzed(text)
    let report = analyzed.diagnostics.filter { $0.severity == .error }.map(\.message)
    #expect(report == [])
    let found = analyzed.model
    return try #require(found)
  }

  @Test(arguments: [3, 40])
  func `names of a block end with it, however many there are`(count: Int) throws {
    let names = (0..<count).map { "var a\($0) = \($0)\n" }.joined()
    let block = "if true {\n  let inner = a1 + 10\n  a1 = inner\n  let other = 1\n}\n"
    let model = try model(
      """
      input x: float[batch]
      \(names)\(block)\(block)let inner = a1 + a\(count - 1)
      output y = x * inner
      """)
    let constants = model.evaluation.nodeIDs.filter { model.evaluation.op(of: $0) == .constant }
    let numbers = constants.flatMap { model.evaluation.attributes(of: $0).numbers("values") }
    #expect(numbers == [Double(21 + count - 1)])
  }

  private func sites(_ graph: Graph) -> [String] {
    graph.nodeIDs.filter { graph.op(of: $0) == .randomUniform }
      .map { graph.attributes(of: $0).text("site") }
  }

  @Test func `layers without names count by callee within their instance`() throws {
    let model = try model(
      """
      input x: float[batch, 4]
      layer block(x: float[batch, n]) { return x |> dense(n) |> relu |> dense(n) }
      output h = x |> dense(4) |> block |> block |> dense(2)
      """)
    #expect(
      model.parameters.map(\.name).filter { $0.hasSuffix("weight") } == [
        "dense_1.weight", "block_1.dense_1.weight", "block_1.dense_2.weight",
        "block_2.dense_1.weight", "block_2.dense_2.weight", "dense_2.weight",
      ])
  }

  @Test func `a chain is an instance with a prefix, an instance shares, loops count turns`() throws
  {
    let model = try model(
      """
      input x: float[batch, 4]
      layer features = dense(4) |> relu |> dense(4)
      var h = features(features(x))
      for i in 0..<2 {
        layer fc = dense(4, bias: false)
        param scale: float[4] = ones()
        h = fc(fc(h)) * scale
      }
      output h
      """)
    #expect(
      model.parameters.map(\.name) == [
        "features.dense_1.weight", "features.dense_1.bias", "features.dense_2.weight",
        "features.dense_2.bias", "scale_1", "fc_1.weight", "scale_2", "fc_2.weight",
      ])
  }

  @Test func `links of one layer have parameters of their own, the same at each application`()
    throws
  {
    let model = try model(
      """
      input x: float[batch, 4]
      layer score = dense(3) |> tanh |> dense(4)
      let once = score(x)
      let twice = x |> score |> score
      output sum = once + twice
      """)
    #expect(
      model.parameters.map { "\($0.name) \($0.type.shape)" } == [
        "score.dense_1.weight [4, 3]", "score.dense_1.bias [3]", "score.dense_2.weight [3, 4]",
        "score.dense_2.bias [4]",
      ])
  }

  @Test func `evaluation looks names up, whatever training does beside`() throws {
    let model = try model(
      """
      input x: float[batch, 4]
      var h = x
      if training { h = dense(h, 4) }
      output k = dense(h, 3)
      """)
    #expect(
      model.parameters.map(\.name).filter { $0.hasSuffix("weight") } == [
        "dense_1.weight", "dense_2.weight",
      ])
    let names = model.evaluation.nodeIDs.filter { model.evaluation.op(of: $0) == .parameter }
      .map { model.evaluation.attributes(of: $0).text("name") }
    #expect(names == ["dense_2.weight", "dense_2.bias"])
  }

  @Test func `draws are named by place, application and mode`() throws {
    let model = try model(
      """
      input x: float[batch, 4]
      layer D(x: float[batch, n]) { return dropout(x, 0.5) }
      layer d = D()
      output h = d(d(x)) + random_uniform(batch, 4) + random_normal(batch, 4)
        + random_uniform(batch, 4, key: "own") + random_uniform(batch, 4, key: "/as.is#2")
      """)
    #expect(
      sites(model.training) == [
        "d.dropout_1.random_uniform_1", "d.dropout_1.random_uniform_1#2", "random_uniform_1",
        "random_normal_1.random_uniform_1", "random_normal_1.random_uniform_2", "own", "as.is#2",
      ])
    #expect(
      sites(model.evaluation) == [
        "eval:random_uniform_1", "eval:random_normal_1.random_uniform_1",
        "eval:random_normal_1.random_uniform_2", "eval:own", "as.is#2",
      ])
  }

  @Test func `optimizers share out the parameters and keep states below them`() throws {
    let model = try model(
      """
      input x: float[batch, 4]
      input y: float[batch]
      layer a = dense(4, bias: false)
      layer b = dense(4, bias: false)
      layer c = dense(1, bias: false)
      loss mse(x |> a |> b |> c |> squeeze(axis: -1), y)
      optimizer sgd(lr: 0.1) for "a.*"
      optimizer clip_norm(1.0) |> momentum(lr: 0.1) |> momentum(lr: 0.2)
      freeze "b.*"
      """)
    #expect(model.optimizers.map(\.parameters) == [["a.weight"], ["c.weight"]])
    #expect(model.parameters.filter(\.isFrozen).map(\.name) == ["b.weight"])
    #expect(model.states.map(\.name) == ["c.weight.momentum.v", "c.weight.momentum_2.v"])
    #expect(
      model.training.results(.update).map(\.name)
        == ["a.weight", "c.weight", "c.weight.momentum.v", "c.weight.momentum_2.v"])
  }

  @Test func `a sum over the group is one value for all its parameters`() throws {
    let model = try model(
      """
      input x: float[batch, 4]
      input y: float[batch]
      rule normalised(lr: float) {
        state n = zeros_like(param)
        let length = sqrt(group_sum(sum(grad * grad)))
        n = grad / length
        return lr * n
      }
      loss mse(x |> dense(4) |> dense(1) |> squeeze(axis: -1), y)
      optimizer normalised(lr: 0.1)
      """)
    #expect(model.states.count == 4)
    let roots = model.training.nodeIDs.filter { model.training.op(of: $0) == .sqrt }
      .map { model.training.operands(of: $0).first }
    #expect(roots.count == 4 && Set(roots).count == 1)
  }

  @Test func `totals are summed over the pass and finished once`() throws {
    let model = try model(
      """
      input x: float[batch]
      input y: class(2)[batch]
      output p = x
      metric share = 2 * total(sum(x)) / (total(size(x)) + 1)
      metric plain = mean(x)
      """)
    #expect(model.metrics.map(\.name) == ["share", "plain"])
    guard case .total(let accumulated, let finish) = model.metrics[0].combination else {
      Issue.record("no totals")
      return
    }
    #expect(accumulated == ["share#0", "share#1"])
    #expect(finish.graph.results.count == 1)
    #expect(model.evaluation.results(.metric).map(\.name) == ["share#0", "share#1", "plain"])
  }
}
