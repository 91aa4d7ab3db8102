import CNetc
import NetcCore
import NetcGraph

/// Writes scheduled steps as machine instructions.
struct Encoder {
  private let draft: Draft
  private let order: [Int]
  private let offsets: [Int]
  private let graph: Graph
  private let layout: PersistentLayout

  init(_ attempt: PlanAttempt, layout: PersistentLayout) {
    draft = attempt.draft
    order = attempt.order
    offsets = attempt.memory.offsets
    graph = attempt.graph
    self.layout = layout
  }

  func fill(_ plan: inout Plan) {
    var pool = InstructionPool()
    plan.code.reserveCapacity(order.count + 1)
    var loops: [Int] = []
    for index in order {
      let step = draft.steps[index]
      var instruction = placed(step, &pool)
      instruction.depth = UInt16(truncatingIfNeeded: loops.count)
      if step.kind == .loop { loops.append(plan.code.count) }
      if step.kind == .endLoop, let start = loops.popLast() {
        instruction.depth -= 1
        instruction.jump = UInt32(truncatingIfNeeded: start + 1)
        plan.code[start].jump = UInt32(truncatingIfNeeded: plan.code.count + 1)
      }
      instruction.site = UInt32(truncatingIfNeeded: plan.sites.count)
      if step.kind == .check { instruction.flags |= UInt8(NETC_CONTROL) }
      if writesState(step) { instruction.flags |= UInt8(NETC_STATE) }
      plan.code.append(instruction)
      plan.sites.append(site(step))
    }
    var end = netc_instr()
    end.op = UInt16(NETC_END)
    end.parts = 1
    end.site = UInt32(truncatingIfNeeded: plan.sites.count)
    plan.code.append(end)
    for step in draft.preparation {
      var instruction = placed(step, &pool)
      instruction.parts = 1
      plan.preparation.append(instruction)
    }
    plan.pool = pool.words
    plan.constants = draft.constants
    plan.scalars = draft.scalars
    plan.figures = draft.figures
    record(&plan)
    BarrierPlacement.place(&plan)
    finish(&plan)
  }

  private func placed(
    _ step: DraftStep, _ pool: inout InstructionPool
  ) -> netc_instr {
    guard let loop = step.loop else {
      return step.code.placed(at: step.operands.map { address($0) }, in: &pool)
    }
    let windows = loop.windows.map { window in
      let base = place(window.base)
      return LoopWindow(
        register: UInt8(truncatingIfNeeded: window.register), base: base.register,
        start: base.byte + window.start, stride: window.stride)
    }
    var code = step.code
    code.words =
      step.kind == .loop
      ? LoopWindow.begin(count: loop.count, windows) : LoopWindow.end(windows)
    return code.placed(at: [], in: &pool)
  }

  private func writesState(_ step: DraftStep) -> Bool {
    step.written.contains { operand in
      if case .updated = draft.buffers[operand.buffer].place { true } else { false }
    }
  }

  private func site(_ step: DraftStep) -> PlanSite {
    let isLoop = step.kind == .loop || step.kind == .endLoop
    let operands = isLoop ? [] : step.operands + step.merged.joined()
    let bytes = operands.reduce(0) { $0 + draft.buffers[$1.buffer].bytes }
    guard let node = step.node else {
      return PlanSite(
        instruction: step.name, node: nil, name: nil, origin: .unknown, bytes: bytes)
    }
    let written = step.outputs > 0 ? draft.buffers[step.operands[0].buffer].value : nil
    return PlanSite(
      instruction: step.name, node: node, name: written.flatMap { graph.name(of: $0) },
      origin: graph.origin(of: node), operations: step.code.operations, bytes: bytes)
  }

  /// The register and first byte of a buffer.
  private func place(_ buffer: Int) -> (register: UInt8, byte: Int) {
    switch draft.buffers[buffer].place {
    case .persistent(let entry), .updated(let entry): (0, layout.entries[entry].offset)
    case .temporary: (1, max(0, offsets[buffer]))
    case .constant(let byte): (2, byte)
    case .kept(let byte): (3, byte)
    case .window(_, let register): (UInt8(truncatingIfNeeded: register), 0)
    case .part(let whole, let byte): (1, max(0, offsets[whole]) + byte)
    }
  }

  private func address(_ operand: DraftOperand) -> Address {
    let place = place(operand.buffer)
    let byte =
      place.byte + operand.start * draft.buffers[operand.buffer].element.bytes(in: layout.precision)
    return Address(register: place.register, offset: UInt32(truncatingIfNeeded: byte / 4))
  }

  /// Notes which bytes each instruction touches: -1 stands for before the run, the last for after
  /// it.
  private func record(_ plan: inout Plan) {
    var windows: [Int: DraftLoop.Window] = [:]
    plan.accesses.reserveCapacity(
      order.reduce(3 * draft.buffers.count) { $0 + draft.steps[$1].operands.count })
    for (position, index) in order.enumerated() {
      let step = draft.steps[index]
      for window in step.loop?.windows ?? [] { windows[window.register] = window }
      for (k, operand) in step.operands.enumerated() {
        var access = access(
          draft.root(of: operand.buffer), position, isWrite: k < step.outputs)
        if let slices = step.code.slices, k < slices.operands.count, let unit = slices.operands[k],
          step.merged.isEmpty
        {
          access.share = share(operand, slices.units, unit, windows)
        }
        plan.accesses.append(access)
        for other in step.merged where other[k] != operand {
          access = self.access(other[k].buffer, position, isWrite: k < step.outputs)
          access.continues = true
          plan.accesses.append(access)
        }
      }
    }
    for (index, buffer) in draft.buffers.enumerated() where buffer.isInput || buffer.isOutput {
      if buffer.isInput { plan.accesses.append(access(index, -1, isWrite: true)) }
      plan.accesses.append(access(index, order.count, isWrite: false))
    }
    for (index, buffer) in draft.buffers.enumerated() {
      switch buffer.place {
      case .persistent, .kept: plan.accesses.append(access(index, -1, isWrite: true))
      default: break
      }
    }
  }

  /// How an operand's parts lie; nil in the window of a window.
  private func share(
    _ operand: DraftOperand, _ units: Int, _ unit: PartSlices.Unit,
    _ windows: [Int: DraftLoop.Window]
  ) -> PlanShare? {
    let buffer = draft.buffers[operand.buffer]
    var first = operand.start * buffer.element.bytes(in: layout.precision) + unit.start
    var turn = 0
    if case .window(let base, let register) = buffer.place {
      guard draft.root(of: base) == base, let window = windows[register] else { return nil }
      first += place(base).byte + window.start
      turn = window.stride
    } else {
      first += place(operand.buffer).byte
    }
    return PlanShare(units: units, unit: unit.stride, gap: unit.gap, first: first, turn: turn)
  }

  private func access(
    _ buffer: Int, _ position: Int, isWrite: Bool
  ) -> PlanAccess {
    let place = place(buffer)
    return PlanAccess(
      instruction: position, buffer: buffer, register: place.register,
      bytes: place.byte..<place.byte + draft.buffers[buffer].bytes, isWrite: isWrite)
  }

  private func finish(_ plan: inout Plan) {
    plan.inputs = draft.inputs.map { input in
      PlanInput(
        name: input.name, element: input.element, shape: input.shape, column: input.column,
        offset: max(0, offsets[input.buffer]))
    }
    plan.outputs = draft.outputs.map { output in
      let place: PlanOutput.Place =
        switch output.location {
        case .number(let number): .number(number)
        case .slot(let slot): .slot(slot)
        case .iota: .number(0)
        case .view(let view): memory(view)
        }
      return PlanOutput(
        role: output.result.role, name: output.result.name, element: output.element,
        shape: output.shape, place: place)
    }
  }

  private func memory(_ view: BufferView) -> PlanOutput.Place {
    let place = place(view.buffer)
    let size = draft.buffers[view.buffer].element.bytes(in: layout.precision)
    return .memory(register: place.register, offset: place.byte + view.start * size)
  }
}
