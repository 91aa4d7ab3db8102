import NetcCore
import NetcGraph
import NetcKit
import Testing

/// What of a recurrent network is left in its loops.
@Suite struct RecurrentPlanTests {
  private func text(_ layer: String, steps: Int = 32) -> String {
    """
    input tokens: class(65)[batch, \(steps)]
    input next: class(65)[batch, \(steps)]
    let logits = embedding(tokens, 65, 24) |> \(layer) |> dense(65)
    loss cross_entropy(logits, next)
    optimizer adam(lr: 3e-4)
    train(batch: 8, seed: 1)
    """
  }

  private func loops(_ graph: Graph) -> [ScanParts<ValueID>] {
    graph.nodeIDs.filter { graph.op(of: $0) == .scan }.map {
      ScanParts(graph.attributes(of: $0), operands: graph.operands(of: $0))
    }
  }

  private func count(_ ops: [OpID], in graph: Graph) -> Int {
    graph.nodeIDs.count { ops.contains(graph.op(of: $0)) }
  }

  /// One product a turn stays, the recurrent one; the derivative carries only what it hands back
  /// and computes no transcendental function.
  @Test(arguments: [("rnn(16)", 1), ("gru(16)", 1), ("lstm(16)", 2)])
  func onlyRecurrentProductsStay(layer: String, carried: Int) throws {
    let loops = loops(try model(text(layer)).training)
    try #require(loops.count == 2)
    for loop in loops {
      #expect(count([.dotGeneral], in: loop.body.graph) == 1)
      #expect(loop.carried.count == carried)
    }
    let costly: [OpID] = [.tanh, .logistic, .exponential, .reduceSum, .scatterAdd, .gather]
    #expect(count(costly, in: loops[1].body.graph) == 0)
    #expect(count([.pad], in: loops[1].body.graph) == 0, "gates' derivatives are put side by side")
  }

  /// The input weights multiply the table of the embedding, not each row read from it.
  @Test func inputProductsAreThoseOfTheTable() throws {
    let graph = try model(text("gru(16)")).training
    let turns = graph.nodeIDs.filter { node in
      graph.op(of: node) == .dotGeneral
        && graph.operands(of: node).contains { graph.type(of: $0).shape.dims.last == 24 }
    }
    #expect(!turns.isEmpty)
    for node in turns {
      #expect(graph.operands(of: node).allSatisfy { graph.type(of: $0).shape.rank == 2 })
    }
  }

  @Test(arguments: ["gru(16)", "lstm(16)"]) func aThousandStepsTakeTheInstructionsOfTen(
    layer: String
  ) throws {
    let reports = try [10, 1000].map { try model(text(layer, steps: $0)).report() }
    #expect(reports[0].trainingInstructions == reports[1].trainingInstructions)
    #expect(reports[0].evaluationInstructions == reports[1].evaluationInstructions)
  }
}
