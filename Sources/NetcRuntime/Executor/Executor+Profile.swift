import CNetc

/// What one instruction of a plan took, on average over steps.
package struct InstructionProfile: Sendable {
  package let site: PlanSite
  /// The instruction's place in the plan.
  package let place: Int
  /// Parts its work is divided into.
  package let parts: Int
  /// Nanoseconds in a step, all its turns together.
  package let nanoseconds: Double
  /// How often a step runs it.
  package let turns: Double

  /// Floating-point operations of products in a step.
  package var operations: Double { site.operations * turns }
  /// Bytes of operands in a step.
  package var bytes: Double { Double(site.bytes) * turns }
}

extension Executor {
  /// Trains for some steps with the clock read after each instruction.
  /// - Returns: an entry for each instruction, in the order of the plan.
  /// - Throws: as `runTraining`.
  package func profileTraining(
    _ plans: PlanCache, feed: DataFeed, steps: Int
  ) throws(PlanError) -> [InstructionProfile] {
    let plan = try plans.plan(batch: feed.batch)
    engine.times = Array(repeating: InstructionTime(), count: plan.code.count)
    defer { engine.times = [] }
    let before = step
    while step - before < steps {
      let status = try runTraining(plans, feed: feed, steps: steps - (step - before))
      if case .nonFinite = status { break }
    }
    return engine.profile(of: plan, steps: max(1, step - before))
  }
}

extension PreparedRun {
  /// Runs some calls with the clock read after each instruction.
  /// - Returns: an entry for each instruction, in the order of the plan.
  package func profile(calls: Int) -> [InstructionProfile] {
    engine.times = Array(repeating: InstructionTime(), count: plan.code.count)
    defer { engine.times = [] }
    for _ in 0..<calls { run() }
    return engine.profile(of: plan, steps: max(1, calls))
  }
}

extension Engine {
  /// The times of the plan's instructions on average over steps, less what reading the clock takes.
  fileprivate func profile(of plan: Plan, steps: Int) -> [InstructionProfile] {
    let clock = StepLoop.clockCost
    return plan.code.indices.dropLast().map { place in
      let time = times[place]
      let nanoseconds = max(0, time.nanoseconds - clock * Double(time.count))
      return InstructionProfile(
        site: plan.sites[Int(plan.code[place].site)], place: place,
        parts: Int(plan.code[place].parts), nanoseconds: nanoseconds / Double(steps),
        turns: Double(time.count) / Double(steps))
    }
  }
}
