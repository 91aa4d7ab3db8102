import NetcCore
import NetcGraph

extension LoopSelection {
  /// Gives the arguments of the body their places.
  func bind(
    _ inner: inout Selector, _ sequences: [Location], _ position: DraftOperand?, _ s: Selector
  ) {
    for node in body.nodeIDs where body.op(of: node) == .argument {
      let value = body.result(of: node)
      let index = body.attributes(of: node).int("index")
      let rows = index - parts.carried.count
      let captured = rows - sequences.count
      if rows < 0 {
        inner.locations[value.index] = .view(dense(carried[index].source, inner.shape(value)))
      } else if captured < 0 {
        inner.locations[value.index] = sequences[rows]
      } else if captured < parts.captured.count {
        let location = s.location(parts.captured[captured])
        inner.locations[value.index] = location
        if case .view(let view) = location { inner.invariant.insert(view.buffer) }
      } else if let position {
        inner.locations[value.index] = .view(dense(position, []))
      }
    }
  }

  private func dense(_ operand: DraftOperand, _ shape: [Int]) -> BufferView {
    BufferView(
      buffer: operand.buffer, start: operand.start, strides: MapBuilder.denseStrides(shape))
  }

  /// Copies what the body did not write where it belongs: outputs first, which may be the old
  /// carried values, then those. The steps of the turn begin with `first`.
  func finishTurn(
    _ inner: inout Selector, _ outputs: [(value: ValueID, target: DraftOperand)],
    _ position: DraftOperand?, since first: Int
  ) throws(PlanError) {
    inner.node = nil
    for output in outputs { try move(&inner, output.value, to: output.target) }
    for (place, value) in carried.enumerated() where value.isStack {
      try move(&inner, new(place, inner.analysis), to: value.target)
    }
    let memories = Set(carried.lazy.filter { !$0.isStack }.map(\.memory.buffer))
    var moves: [(place: Int, location: Location)] = []
    for (place, value) in carried.enumerated() where !value.isStack {
      let result = new(place, inner.analysis)
      var location = inner.location(result)
      let shape = inner.shape(result)
      if isPlaced(location, shape, value.target) { continue }
      if case .view(let view) = location, memories.contains(view.buffer) {
        let copy = inner.temporary(
          inner.element(result), shape, symbolic: body.type(of: result).shape)
        try inner.fill(copy, shape, inner.element(result), from: location)
        location = .view(dense(copy, shape))
      }
      moves.append((place, location))
    }
    var moved: [Int: Int] = [:]
    for (place, location) in moves {
      let result = new(place, inner.analysis)
      let shape = inner.shape(result)
      let target = carried[place].target
      var location = location
      if case .view(var view) = location {
        if view.isDense(shape), inner.draft.redirect(view, to: target.buffer, since: first) {
          moved[view.buffer] = target.buffer
          continue
        }
        view.buffer = moved[view.buffer] ?? view.buffer
        location = .view(view)
      }
      try inner.fill(target, shape, inner.element(result), from: location)
    }
    if let position { try count(&inner, position) }
  }

  private func move(
    _ inner: inout Selector, _ value: ValueID, to target: DraftOperand
  ) throws(PlanError) {
    let shape = inner.shape(value)
    let location = inner.location(value)
    if isPlaced(location, shape, target) { return }
    try inner.fill(target, shape, inner.element(value), from: location)
  }

  private func isPlaced(_ location: Location, _ shape: [Int], _ target: DraftOperand) -> Bool {
    guard case .view(let view) = location else { return false }
    return view.buffer == target.buffer && view.start == target.start && view.isDense(shape)
  }

  /// Moves the position on.
  private func count(_ inner: inout Selector, _ position: DraftOperand) throws(PlanError) {
    var builder = MapBuilder(shape: [])
    let old = builder.input(.int, strides: [])
    let step = builder.scalar(.int, parts.isReversed ? -1 : 1, slot: nil)
    builder.output(builder.apply(.intAdd, old, step))
    let instruction = try inner.built(builder)
    inner.emit(
      instruction.code(inner.precision), name: MapInstruction.name, to: [position],
      from: [position], sharing: [[1]])
  }

  /// Adds the loop; `hoisted` are the steps made for it before it.
  func emitLoop(
    _ s: inout Selector, _ steps: [DraftStep], _ bufferMark: Int, hoisted: [DraftStep]
  ) {
    if length == 0 { return }
    var written: Set<Int> = []
    var read = Set(carried.map { s.draft.root(of: $0.memory.buffer) })
    func note(_ steps: [DraftStep]) {
      for step in steps {
        for (place, operand) in step.operands.enumerated() {
          let root = s.draft.root(of: operand.buffer)
          guard root < bufferMark else { continue }
          if place < step.outputs { written.insert(root) } else { read.insert(root) }
        }
      }
    }
    note(steps)
    for step in hoisted { read.formUnion(step.written.map(\.buffer)) }
    for window in windows { read.insert(s.draft.root(of: window.base)) }
    let outputs = written.sorted()
    let inputs = read.subtracting(written).sorted()
    s.draft.steps.append(
      DraftStep(
        kind: .loop, name: "loop", code: InstructionCode.loop,
        operands: (outputs + inputs).map { DraftOperand(buffer: $0) }, outputs: outputs.count,
        node: s.loopNode ?? node,
        loop: DraftLoop(count: length, windows: windows, fresh: fresh.sorted(), steps: steps)))
  }
}

extension Draft {
  /// Lets the steps from `first` on that compute a value write it to another buffer, which holds
  /// the old value until then; false where that is read too late, or the value's memory is not its
  /// own.
  fileprivate mutating func redirect(
    _ view: BufferView, to target: Int, since first: Int
  ) -> Bool {
    let buffer = buffers[view.buffer]
    guard view.start == 0, buffer.place == .temporary, !buffer.isInput, !buffer.isOutput,
      buffer.count == buffers[target].count, buffer.element == buffers[target].element,
      let writer = steps[first...].firstIndex(where: { step in
        step.written.contains { $0.buffer == view.buffer }
      })
    else { return false }
    for (index, step) in steps.enumerated().dropFirst(first) {
      for (place, operand) in step.operands.enumerated() {
        let isWritten = place < step.outputs
        if operand.buffer == view.buffer, step.loop != nil { return false }
        guard operand.buffer == target else { continue }
        if step.loop != nil || isWritten || index > writer { return false }
        if index == writer, !mayOverwrite(step, place, with: view.buffer) { return false }
      }
    }
    for index in steps.indices.dropFirst(first) {
      for place in steps[index].operands.indices
      where steps[index].operands[place].buffer == view.buffer {
        steps[index].operands[place].buffer = target
      }
    }
    return true
  }

  /// Whether a step may write a buffer where its input lies.
  private func mayOverwrite(_ step: DraftStep, _ input: Int, with buffer: Int) -> Bool {
    let output = step.written.firstIndex { $0.buffer == buffer }
    guard let output, step.operands[input].start == 0 else { return false }
    return step.shared(by: output).contains(input)
  }
}
