import NetcCore
import NetcGraph

extension Pass {
  /// Takes sums over time out of loops: weight gradients become one product.
  package static let sinkSums = Pass(
    name: "sums-after-loops",
    summary: """
      a carried sum of products, reductions or scattered rows becomes one such operation over all \
      turns, after the loop
      """,
    keeps: .rounding, isIdempotent: true
  ) { graph in
    graph.rewritingLoops(sink)
  }
}

private func sink(_ node: NodeID, _ uses: [Int32], _ transfer: inout GraphTransfer) {
  var loop = Loop(node, of: transfer)
  let original = loop
  PassMeter.add(4 * loop.graph.nodeCount)
  let kinds = LoopKinds(loop)
  let sums = LoopSums(loop, kinds)
  let old = LoopResults(transfer.source.results(of: node), carried: loop.carried.count)
  let found = Accumulators(loop).found.filter { uses[old.stacks[$0.place].index] == 0 }
    .compactMap { SunkSum($0, sums) }
  if found.isEmpty || loop.isApart {
    transfer.copy(node)
    return
  }
  for sum in found {
    for value in sum.stacks where !loop.isAtHand(value) { _ = loop.output(value) }
    loop.keepTerms(of: sum)
  }
  let gone = Set(found.filter(\.rest.isEmpty).map(\.accumulator.place))
  loop.carried.removeAll { gone.contains($0.place) }
  let results = loop.emit(inPlaceOf: node, &transfer)
  var lift = LoopLift(original, kinds, GraphBuilder())
  swap(&lift.builder, &transfer.builder)
  lift.know(results, of: loop)
  var totals: [(old: ValueID, new: ValueID)] = []
  for sum in found {
    let place = sum.accumulator.place
    var total = original.carried[place].initial
    if let kept = loop.carried.firstIndex(where: { $0.place == place }) {
      total = results.finals[kept]
    }
    for term in sum.sunk {
      let made = sums.sum(term.value, &lift)
      total =
        term.isNegative ? lift.builder.subtract(total, made) : lift.builder.add(total, made)
    }
    totals.append((old.finals[place], total))
  }
  swap(&lift.builder, &transfer.builder)
  for (old, new) in totals { transfer.replace(old, by: new) }
}

/// A carried value to which each turn adds terms that nothing else of the loop reads.
private struct Accumulator {
  struct Term {
    let value: ValueID
    let isNegative: Bool
  }

  /// Its place among the carried values.
  let place: Int
  let terms: [Term]
}

/// A sum with the terms that can be taken out of the loop and those that cannot.
private struct SunkSum {
  let accumulator: Accumulator
  let sunk: [Accumulator.Term]
  let rest: [Accumulator.Term]
  /// What must be stacked for the sunk terms.
  let stacks: [ValueID]

  /// Nil when no term can be taken out.
  init?(_ accumulator: Accumulator, _ sums: LoopSums) {
    var sunk: [Accumulator.Term] = []
    var rest: [Accumulator.Term] = []
    var stacks: [ValueID] = []
    for term in accumulator.terms {
      if let needed = sums.stacks(for: term.value) {
        sunk.append(term)
        stacks += needed
      } else {
        rest.append(term)
      }
    }
    if sunk.isEmpty { return nil }
    self.accumulator = accumulator
    self.sunk = sunk
    self.rest = rest
    self.stacks = stacks
  }
}

/// The accumulators of a loop.
private struct Accumulators {
  private(set) var found: [Accumulator] = []

  /// - Complexity: O(nodes of the body).
  init(_ loop: Loop) {
    let uses = LoopUses(loop)
    for (place, value) in loop.carried.enumerated() {
      guard loop.graph.type(of: value.argument).element == .float,
        let terms = Self.terms(of: value, loop.graph, uses)
      else { continue }
      found.append(Accumulator(place: place, terms: terms))
    }
  }

  /// What is added on the way from the argument to the next value, each sum read once.
  private static func terms(
    of carried: Loop.Carried, _ graph: Graph, _ uses: LoopUses
  ) -> [Accumulator.Term]? {
    var terms: [Accumulator.Term] = []
    var current = carried.argument
    while current != carried.next {
      guard let user = uses.onlyUser(of: current) else { return nil }
      let operands = Array(graph.operands(of: user))
      let result = graph.result(of: user)
      switch graph.op(of: result) {
      case .add:
        let other = operands[operands[0] == current ? 1 : 0]
        terms.append(Accumulator.Term(value: other, isNegative: false))
      case .subtract where operands[0] == current:
        terms.append(Accumulator.Term(value: operands[1], isNegative: true))
      default: return nil
      }
      current = result
    }
    return uses.isOnlyResult(current) ? terms : nil
  }
}

/// Who reads the values of a loop's body.
private struct LoopUses {
  private var counts: [Int32]
  private var users: [NodeID?]

  /// - Complexity: O(nodes of the body).
  init(_ loop: Loop) {
    counts = [Int32](repeating: 0, count: loop.graph.valueCount)
    users = [NodeID?](repeating: nil, count: loop.graph.valueCount)
    let needed = loop.neededNodes()
    for node in loop.graph.nodeIDs where needed[node.index] {
      for operand in loop.graph.operands(of: node) {
        counts[operand.index] += 1
        users[operand.index] = node
      }
    }
    for result in loop.results { counts[result.index] += 1 }
  }

  /// The node that reads a value once when nothing else does.
  func onlyUser(of value: ValueID) -> NodeID? {
    counts[value.index] == 1 ? users[value.index] : nil
  }

  /// Whether a value is one result of the body and read by no node.
  func isOnlyResult(_ value: ValueID) -> Bool {
    counts[value.index] == 1 && users[value.index] == nil
  }
}

extension Loop {
  /// Leaves of a sum only the terms that stay in the loop.
  fileprivate mutating func keepTerms(of sum: SunkSum) {
    guard let place = carried.firstIndex(where: { $0.place == sum.accumulator.place }) else {
      return
    }
    var total = carried[place].argument
    for term in sum.rest {
      total = term.isNegative ? difference(total, term.value) : self.sum(total, term.value)
    }
    carried[place].next = total
  }
}
