import NetcCore
import NetcGraph

/// Fits a step into a number of bytes: values that live across the peak of memory are dropped there
/// and computed again where they are read, first those that need no product; so are stacks of loops
/// by the loops that walk through them.
///
/// Greedy, one peak after another, by bytes gained for what computing them again costs (compare
/// Chen, Xu, Zhang, Guestrin: Training deep nets with sublinear memory cost, 2016); a choice stands
/// only if the plan made of it takes less. The operations and the numbers stay the same; in loops
/// the bits do, too.
struct MemoryBudget {
  /// Makes a plan of a graph with its fences.
  typealias Making = (Graph, [Int]) throws(PlanError) -> PlanAttempt

  /// The bytes that a step may take.
  let bytes: Int
  /// The sizes of symbols.
  let bindings: DimBindings
  /// The smallest plan so far.
  private(set) var best: PlanAttempt
  /// How many operations loops do again in their turns.
  private(set) var recomputedInLoops = 0
  /// Nodes, steps and buffers looked at.
  private(set) var visits = 0

  private let make: Making
  private let mostAttempts: Int
  private var attempts = 0
  private var refused: Set<ValueID> = []

  /// - Complexity: O(n log n) in the nodes for each of at most 160 attempts.
  init(
    _ bytes: Int, from first: PlanAttempt, bindings: DimBindings, make: @escaping Making
  ) throws(PlanError) {
    self.bytes = bytes
    self.bindings = bindings
    self.make = make
    best = first
    // Plans of large graphs take long.
    mostAttempts = min(160, max(24, 400_000 / max(1, first.graph.nodeCount)))
    for reach in [RecomputedChain.Reach.cheap, .products] {
      refused = []
      while best.total > bytes, attempts < mostAttempts, try progress(reach) {}
    }
  }

  /// A choice aims at this part of the temporaries, whatever the budget is: the smallest size found
  /// for a budget that cannot be met is then found again when it is asked for.
  private static let share = 16

  /// Drops values, or stacks of loops when there are none left; false when nothing is.
  private mutating func progress(_ reach: RecomputedChain.Reach) throws(PlanError) -> Bool {
    if try step(reach) { return true }
    return best.graph.hasScans && stepInLoops(reach)
  }

  /// Lets loops compute again what earlier ones stacked; false where no such choice takes less.
  private mutating func stepInLoops(_ reach: RecomputedChain.Reach) -> Bool {
    let choices = RowChoices(best, KeptValues(best), bindings, reach)
    for choice in choices.all where attempts < mostAttempts {
      attempts += 1
      // A loop that walks through more tensors than a plan has addresses for is no choice.
      guard let graph = choices.graph(choice), let next = try? make(graph, best.fences) else {
        continue
      }
      visits += next.visits
      guard isBetter(next) else { continue }
      recomputedInLoops += choice.count
      best = next
      refused = []
      return true
    }
    return false
  }

  /// Drops more values; false when there are none left.
  private mutating func step(_ reach: RecomputedChain.Reach) throws(PlanError) -> Bool {
    let kept = KeptValues(best)
    var chosen = choice(kept, reach)
    while !chosen.isEmpty, attempts < mostAttempts {
      attempts += 1
      let copies = LateCopies(best, kept, chosen)
      let next = try make(copies.graph, copies.fences)
      visits += next.visits
      if isBetter(next) {
        best = next
        refused = []
        return true
      }
      if chosen.count == 1 {
        refused.insert(chosen[0].value)
        return true
      }
      chosen = Array(chosen.prefix(chosen.count / 2))
    }
    return false
  }

  /// The chains that gain most for what they cost, a part of the memory together; none begins with
  /// the value of another.
  private func choice(_ kept: KeptValues, _ reach: RecomputedChain.Reach) -> [RecomputedChain] {
    let summed = summedValues
    let chains = kept.crossing.filter { !refused.contains($0) && !summed.contains($0) }
      .compactMap { RecomputedChain(of: $0, best.graph, kept, bindings, reach) }
      .sorted { ($0.gain, $1.value) > ($1.gain, $0.value) }
    var chosen: [RecomputedChain] = []
    var dropped: Set<ValueID> = []
    var begun: Set<ValueID> = []
    var missing = max(1, best.memory.report.temporaries / Self.share)
    for chain in chains where missing > 0 {
      guard !begun.contains(chain.value), chain.leaves.isDisjoint(with: dropped) else { continue }
      chosen.append(chain)
      dropped.insert(chain.value)
      begun.formUnion(chain.leaves)
      missing -= chain.saved
    }
    return chosen
  }

  /// The values that sums read from memory: over numbers as they are computed a sum would have
  /// another order.
  private var summedValues: Set<ValueID> {
    var values: Set<ValueID> = []
    for node in best.graph.nodeIDs where RecomputedChain.sums.contains(best.graph.op(of: node)) {
      values.formUnion(best.graph.operands(of: node))
    }
    return values
  }

  private func isBetter(_ next: PlanAttempt) -> Bool {
    if next.total != best.total { return next.total < best.total }
    return excess(next) < excess(best)
  }

  /// How far the live bytes are above what the next choice aims at, summed over the steps.
  private func excess(_ attempt: PlanAttempt) -> Int {
    let top = best.memory.report.temporaries
    return attempt.memory.live.reduce(0) { $0 + max(0, $1 - (top - top / Self.share)) }
  }
}
