import NetcCore
import NetcGraph
import NetcKit
import NetcRuntime
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

  /// One product a turn stays, the recurrent one; the derivative carries only what it hands back,
  /// and sums that do not grow with the batch, and computes no transcendental function.
  @Test(arguments: [("rnn(16)", 1), ("gru(16)", 1), ("lstm(16)", 2)])
  func onlyRecurrentProductsStay(layer: String, carried: Int) throws {
    let graph = try model(text(layer)).training
    let loops = loops(graph)
    try #require(loops.count == 2)
    for loop in loops {
      #expect(count([.dotGeneral], in: loop.body.graph) == 1)
      let states = loop.carried.filter { graph.type(of: $0).shape.count.constant == nil }
      #expect(states.count == carried)
    }
    let costly: [OpID] = [.tanh, .logistic, .exponential, .gather]
    #expect(count(costly, in: loops[1].body.graph) == 0)
    #expect(count([.pad], in: loops[1].body.graph) == 0, "gates' derivatives are put side by side")
  }

  /// A cell is one pass over memory each way: beside its product a turn has one program, which
  /// stores all that the derivative reads; a turn reads its rows of the table itself.
  @Test(arguments: [
    ("rnn(16)", ["gather", "gemm", "map"], ["map", "gemm"]),
    ("gru(16)", ["gemm", "map"], ["map", "gemm", "scatter_add", "reduce", "map"]),
    ("lstm(16)", ["gather", "gemm", "map"], ["map", "gemm"]),
  ])
  func aCellIsOneProgram(layer: String, forward: [String], backward: [String]) throws {
    let plan = try model(text(layer)).plan(isEvaluation: false, dimensions: [:])
    var loops: [[String]] = []
    for site in plan.sites.map(\.instruction) {
      if site == "loop" { loops.append([]) }
      if let last = loops.indices.last { loops[last].append(site) }
    }
    let turns = loops.map { Array($0.dropFirst().prefix { $0 != "end loop" }).sorted() }
    #expect(turns == [forward.sorted(), backward.sorted()])
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
