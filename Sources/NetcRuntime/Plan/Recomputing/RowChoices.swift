import NetcCore
import NetcGraph

/// The stacks of loops that could be given up, those that gain most for what they cost first.
struct RowChoices {
  /// Each alone, and those of a loop together, which share what they are computed from.
  private(set) var all: [RecomputedRows] = []
  private let around: LoopSurroundings

  /// A loop with more stacks gives them up together.
  private static let mostAlone = 32

  /// - Complexity: O(nodes of the graph and of the loops' bodies, those for each stack of a few).
  init(
    _ attempt: PlanAttempt, _ kept: KeptValues, _ bindings: DimBindings,
    _ reach: RecomputedChain.Reach
  ) {
    around = LoopSurroundings(attempt, kept, bindings)
    var alone: [RecomputedRows] = []
    for loop in around.loops where !loop.parts.isApart {
      let places = Self.mayDrop(loop, around)
      if let group = RecomputedRows(loop, dropping: places, around, reach) { all.append(group) }
      guard 1 < places.count, places.count <= Self.mostAlone else { continue }
      alone += places.compactMap { RecomputedRows(loop, dropping: [$0], around, reach) }
    }
    // What needs products is cheap only together: it shares them.
    all =
      reach == .products
      ? Self.sorted(all) + Self.sorted(alone) : Self.sorted(all + alone)
  }

  private static func sorted(_ choices: [RecomputedRows]) -> [RecomputedRows] {
    let order = choices.indices.sorted { (choices[$0].gain, $1) > (choices[$1].gain, $0) }
    return order.map { choices[$0] }
  }

  /// The graph in which that is done; nil where another order of operations or rounding came of it.
  func graph(_ choice: RecomputedRows) -> Graph? { LateRows.graph(choice, around) }

  /// The outputs kept over the peak that only loops walk through, and whose readers, in the loop
  /// and in those, round the same wherever they come from.
  private static func mayDrop(_ loop: StackingLoop, _ around: LoopSurroundings) -> [Int] {
    let candidates = (0..<loop.outputCount).filter { place in
      let stack = loop.stack(ofOutput: place)
      guard let span = around.kept[stack], span.first <= around.kept.peak,
        span.last >= around.kept.peak
      else { return false }
      return !around.readers(of: stack).isEmpty
    }
    if candidates.isEmpty { return [] }
    let bonds = RoundingBonds(loop.body, results: around.wantedResults(of: loop))
    var known: [NodeID: RoundingBonds] = [:]
    return candidates.filter { place in
      let value = loop.value(ofOutput: place)
      let maker = bonds.maker(of: value)
      if maker == .argument || bonds.isTaken(value, madeBy: maker) { return false }
      return around.readers(of: loop.stack(ofOutput: place)).allSatisfy { node in
        let reader = around.loop(of: node)
        let bonds =
          known[node] ?? RoundingBonds(reader.body, results: around.wantedResults(of: reader))
        known[node] = bonds
        return reader.arguments(for: loop.stack(ofOutput: place)).allSatisfy {
          !bonds.isTaken($0, madeBy: maker)
        }
      }
    }
  }
}

extension StackingLoop {
  /// The body's values that are rows of a stack.
  func arguments(for stack: ValueID) -> [ValueID] {
    body.nodeIDs.compactMap { node in
      guard body.op(of: node) == .argument, case .sequence(stack) = argument(node) else {
        return nil
      }
      return body.result(of: node)
    }
  }
}
