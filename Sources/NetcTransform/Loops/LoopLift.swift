import NetcCore
import NetcGraph

/// Values of a loop's body computed around it: one value where turns do not differ, all turns'
/// values along a new first axis where they do.
struct LoopLift {
  private let loop: Loop
  private let kinds: LoopKinds
  private var fixed: [ValueID: ValueID] = [:]
  private var stacks: [ValueID: ValueID] = [:]
  /// The graph around the loop.
  var builder: GraphBuilder

  /// What is known before the loop.
  init(_ loop: Loop, _ kinds: LoopKinds, _ builder: GraphBuilder) {
    self.loop = loop
    self.kinds = kinds
    self.builder = builder
    for operand in loop.captured { fixed[operand.argument] = operand.outer }
    for operand in loop.sequences { stacks[operand.argument] = operand.outer }
  }

  /// Takes over the results of the loop.
  mutating func know(_ results: LoopResults, of loop: Loop) {
    for (value, stack) in zip(loop.carried, results.stacks) { stacks[value.argument] = stack }
    for (value, stack) in zip(loop.outputs, results.outputs) { stacks[value.value] = stack }
  }

  /// Whether a value's stack is at hand.
  func knows(_ value: ValueID) -> Bool { stacks[value] != nil || kinds[value] == .fixed }

  /// A value that is the same in every turn.
  mutating func one(_ value: ValueID) -> ValueID {
    if let known = fixed[value] { return known }
    for step in order(from: value, until: { fixed[$0] != nil }) where fixed[step] == nil {
      let node = loop.graph.node(of: step)
      builder.origin = loop.graph.origin(of: node)
      let operands = loop.graph.operands(of: node).compactMap { fixed[$0] }
      let results = builder.graph.appendUnchecked(
        loop.graph.op(of: node), operands, loop.graph.attributes(of: node),
        resultTypes: loop.graph.results(of: node).map { loop.graph.type(of: $0) },
        origin: builder.origin)
      for (inner, outer) in zip(loop.graph.results(of: node), results) { keep(inner, outer) }
    }
    guard let made = fixed[value] else {
      internalError("loop: value \(value.index) of the body has no value before the loop")
    }
    return made
  }

  /// The values of all turns, computed outside from what is known there.
  mutating func all(_ value: ValueID) -> ValueID {
    if kinds[value] == .fixed { return builder.repeated(one(value), loop.length) }
    let kinds = kinds
    let known = stacks
    let steps = order(from: value) { kinds[$0] == .fixed || known[$0] != nil }
    for step in steps where stacks[step] == nil { lift(step) }
    guard let made = stacks[value] else {
      internalError("loop: value \(value.index) of the body has no stack")
    }
    return made
  }

  private mutating func lift(_ value: ValueID) {
    if value == loop.position {
      stacks[value] = builder.iota(Shape([loop.length]), axis: 0)
      return
    }
    let node = loop.graph.node(of: value)
    var operands: [LiftedCall.Operand] = []
    for operand in loop.graph.operands(of: node) {
      operands.append(self.operand(operand))
    }
    builder.origin = loop.graph.origin(of: node)
    let call = LiftedCall(
      op: loop.graph.op(of: node), attributes: loop.graph.attributes(of: node), operands: operands,
      length: loop.length, type: loop.graph.type(of: value))
    let made = call.append(to: &builder)
    if let name = loop.graph.name(of: value), builder.graph.name(of: made) == nil {
      builder.graph.setName(name, of: made)
    }
    stacks[value] = made
  }

  /// A value as an operand of an operation done for all turns.
  mutating func operand(_ value: ValueID) -> LiftedCall.Operand {
    kinds[value] == .fixed ? .fixed(one(value)) : .rows(all(value))
  }

  private mutating func keep(_ inner: ValueID, _ outer: ValueID) {
    fixed[inner] = outer
    if let name = loop.graph.name(of: inner), builder.graph.name(of: outer) == nil {
      builder.graph.setName(name, of: outer)
    }
  }

  /// What a value needs and itself, operands first, without what is known.
  private func order(from value: ValueID, until isKnown: (ValueID) -> Bool) -> [ValueID] {
    var seen: Set<ValueID> = []
    var pending = [value]
    while let next = pending.popLast() {
      if isKnown(next) || !seen.insert(next).inserted { continue }
      pending += loop.graph.operands(of: loop.graph.node(of: next))
    }
    return seen.sorted()
  }
}
