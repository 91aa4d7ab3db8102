import NetcCore
import NetcGraph

extension Pass {
  /// Takes out of loops what nothing needs to enter or leave them.
  package static let tidyLoops = Pass(
    name: "loop-operands",
    summary: """
      drops carried values, operands and outputs of loops that nothing needs, reads equal ones once, \
      and carries nothing that does not change; keeps bits
      """,
    keeps: .bits, isIdempotent: true
  ) { graph in
    graph.rewritingLoops(tidy)
  }
}

private func tidy(_ node: NodeID, _ uses: [Int32], _ transfer: inout GraphTransfer) {
  let old = transfer.source.results(of: node)
  guard old.contains(where: { uses[$0.index] > 0 }) else { return }
  var loop = Loop(node, of: transfer)
  PassMeter.add(3 * loop.graph.nodeCount)
  let results = LoopResults(old, carried: loop.carried.count)
  func isUsed(_ value: ValueID) -> Bool { uses[value.index] > 0 }
  let unchanged = loop.carried.filter { $0.next == $0.argument }
  for value in unchanged {
    transfer.replace(results.finals[value.place], by: value.initial)
    let stack = results.stacks[value.place]
    if isUsed(stack) {
      transfer.replace(stack, by: transfer.builder.repeated(value.initial, loop.length))
    }
    loop.captured.append(Loop.Operand(outer: value.initial, argument: value.argument))
  }
  loop.carried.removeAll { $0.next == $0.argument }
  loop.outputs.removeAll { output in
    output.place.map { !isUsed(results.outputs[$0]) } ?? true
  }
  loop.joinEqualOperands()
  let outside = loop.carried.map {
    isUsed(results.finals[$0.place]) || isUsed(results.stacks[$0.place])
  }
  loop.dropUnneeded(isUsedOutside: outside)
  let equal = loop.joinEqualOutputs()
  let made = loop.emit(inPlaceOf: node, &transfer)
  for (place, first) in equal { transfer.replace(results.outputs[place], by: made.outputs[first]) }
}

extension Loop {
  /// Lets equal operands enter once.
  fileprivate mutating func joinEqualOperands() {
    func join(_ operands: [Operand], _ substitutes: inout [ValueID: ValueID]) -> [Operand] {
      var first: [ValueID: ValueID] = [:]
      return operands.filter { operand in
        if let known = first[operand.outer] {
          substitutes[operand.argument] = known
          return false
        }
        first[operand.outer] = operand.argument
        return true
      }
    }
    sequences = join(sequences, &substitutes)
    captured = join(captured, &substitutes)
  }

  /// Lets equal outputs leave once: the places in the node of those dropped, with the place of the
  /// one that stays.
  fileprivate mutating func joinEqualOutputs() -> [(place: Int, first: Int)] {
    var first: [ValueID: Int] = [:]
    var kept: [Output] = []
    var dropped: [(place: Int, first: Int)] = []
    for output in outputs {
      if let known = first[output.value], let place = output.place {
        dropped.append((place, known))
      } else {
        first[output.value] = kept.count
        kept.append(output)
      }
    }
    outputs = kept
    return dropped
  }

  /// Drops carried values that only themselves need, and operands that nothing reads.
  fileprivate mutating func dropUnneeded(isUsedOutside: [Bool]) {
    var isRead = [Bool](repeating: false, count: graph.valueCount)
    var pending = outputs.map(\.value)
    var next: [ValueID: ValueID] = [:]
    for (value, isUsed) in zip(carried, isUsedOutside) {
      next[value.argument] = value.next
      if isUsed { pending += [value.argument, value.next] }
    }
    while let found = pending.popLast() {
      let value = substitutes[found] ?? found
      if isRead[value.index] { continue }
      isRead[value.index] = true
      if let after = next[value] { pending.append(after) }
      pending += graph.operands(of: graph.node(of: value))
    }
    carried = carried.filter { isRead[$0.argument.index] }
    sequences = sequences.filter { isRead[$0.argument.index] }
    captured = captured.filter { isRead[$0.argument.index] }
  }
}
