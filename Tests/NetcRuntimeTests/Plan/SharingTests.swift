import CNetc
import NetcCore
import NetcGraph
import NetcRuntime
import Testing

/// Sharing among threads: no races, the same bits.
@Suite struct SharingTests {
  @Test(arguments: 0..<40)
  func anyNumberOfThreadsGivesTheSameBits(seed: Int) throws {
    let made = RandomGraph(seed: UInt64(seed), nodeCount: 40)
    var rig = PlanRig(made.graph, made.context)
    rig.dividesAll = true
    let alone = try rig.outputs()
    let plan = try rig.plan(.once, try rig.executor().layout)
    for threads in [2, 3] {
      #expect(RaceSimulation.firstRace(in: plan, threads: threads) == nil, "seed \(seed)")
      rig.threads = threads
      let shared = try rig.outputs()
      for result in made.graph.results where result.role != .update {
        let (a, b) = (alone[result.role, result.name], shared[result.role, result.name])
        #expect(a?.bits == b?.bits, "seed \(seed), \(threads) threads, \(result.name)")
      }
    }
  }

  /// Rows of a chain of products depend on no other rows: threads meet only at its end.
  @Test func chainsOfRowsNeedNoMeetings() throws {
    let plan = try Self.chain(batch: 64)
    #expect(plan.code.filter { $0.parts == 4 }.count >= 4)
    #expect(RaceSimulation.firstRace(in: plan, threads: 2) == nil)
    let meetings = plan.code.count { $0.flags & UInt8(NETC_SYNC | NETC_SYNC_BEFORE) != 0 }
    #expect(meetings <= 3, "\(meetings)")
  }

  /// A short step is not shared.
  @Test func shortStepsStayWhole() throws {
    var rig = Self.chainRig(batch: 1)
    rig.dividesAll = false
    let plan = try rig.plan(.once, try rig.executor().layout)
    #expect(!plan.isParallel)
  }

  /// Without meetings threads race, and the simulation sees it.
  @Test func plantedRacesAreFound() throws {
    let found = try (0..<20).filter { seed in
      let made = RandomGraph(seed: UInt64(seed), nodeCount: 40)
      var rig = PlanRig(made.graph, made.context)
      rig.dividesAll = true
      let plan = try rig.plan(.once, try rig.executor().layout)
      return RaceSimulation.firstRace(in: plan.withoutMeetings, threads: 2) != nil
    }
    #expect(found.count >= 10, "\(found)")
  }

  private static func chainRig(batch: Int) -> PlanRig {
    var b = GraphBuilder()
    let shape: Shape = [Dim(batch), 64]
    var h = b.input("x", TensorType(.float, shape))
    var context = EvaluationContext()
    context.inputs["x"] = Self.tensor([batch, 64], 1)
    for layer in 0..<4 {
      let w = b.parameter("w\(layer)", TensorType(.float, [64, 64]))
      context.parameters["w\(layer)"] = Self.tensor([64, 64], 2 + layer)
      h = b.tanh(b.dot(h, w))
    }
    b.graph.results.append(GraphResult(.output, "h", h))
    var rig = PlanRig(b.graph, context)
    rig.dividesAll = true
    return rig
  }

  private static func chain(batch: Int) throws -> Plan {
    let rig = chainRig(batch: batch)
    return try rig.plan(.once, try rig.executor().layout)
  }

  private static func tensor(_ shape: [Int], _ seed: Int) -> Tensor {
    let numbers = Philox(seed: UInt64(seed), site: "chain")
      .uniforms(count: shape.reduce(1, *), step: 0).map { Double($0) - 0.5 }
    return Tensor(shape: shape, .double(numbers)) ?? Tensor(scalar: 0)
  }
}

extension Tensor {
  /// The numbers as they are stored.
  fileprivate var bits: [UInt64] { doubles.map(\.bitPattern) }
}
