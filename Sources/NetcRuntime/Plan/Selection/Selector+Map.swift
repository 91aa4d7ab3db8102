import CNetc
import NetcCore
import NetcGraph

extension Selector {
  /// Emits the map program of a group of nodes, ascending, and what its sums still need.
  mutating func selectMap(_ members: ArraySlice<NodeID>) throws(PlanError) {
    guard let root = members.last else { return }
    let isSum = analysis.isFusedSum[root.index]
    let space = isSum ? operands(root)[0] : graph.result(of: root)
    var program = MapProgram(shape: shape(space), denseStrides: denseStrides(space))
    var outputs: [MapOutput] = []
    var sums: [NodeID] = []
    for member in members {
      visits += 1
      if analysis.isFusedSum[member.index] {
        _ = try argument(operands(member)[0], in: &program)
        sums.append(member)
        continue
      }
      let value = graph.result(of: member)
      _ = try applied(member, in: &program)
      if analysis.isResult[value.index]
        || !analysis.readers(graph, of: value, allSatisfy: { members.contains(NodeID($0)) })
      {
        outputs += self.outputs(of: value)
      }
    }
    outputs += placedViews(
      members, program, room: Int(NETC_MAP_OPERANDS) - outputs.count - sums.count)
    for output in outputs {
      let made = try argument(output.value, in: &program)
      let strides = output.part.map { denseStrides($0.whole) }
      program.builder.output(made, strides: strides, mayShare: output.mayShare)
    }
    for sum in sums {
      guard let fused = analysis.fusedSums[sum.index] else { continue }
      program.builder.tail(
        try argument(operands(sum)[0], in: &program), lastAxes: fused.axes, sumsRows: fused.sumsRows
      )
    }
    try emit(program, outputs: outputs, sums: sums)
  }

  /// Where a program stores a value of its own.
  private func outputs(of value: ValueID) -> [MapOutput] {
    guard let parts = analysis.joined[value.index] else {
      return [MapOutput(value: value, mayShare: placements[value.index] == nil)]
    }
    return parts.map { MapOutput(value: value, part: $0, mayShare: false) }
  }

  /// The views that a program reads of what must lie elsewhere at the end of a turn: it stores them
  /// there while it has them, as far as there is room for operands.
  private func placedViews(
    _ members: ArraySlice<NodeID>, _ program: MapProgram, room: Int
  ) -> [MapOutput] {
    var found: [MapOutput] = []
    if placements.isEmpty { return found }
    for member in members {
      for value in operands(member) {
        guard let place = placements[value.index], case .view(let view)? = locations[value.index],
          view.buffer != place.buffer, program[value] != nil,
          !found.contains(where: { $0.value == value }),
          program.inputs.count + found.count < room
        else { continue }
        found.append(MapOutput(value: value, place: place, mayShare: false))
      }
    }
    return found
  }

  /// Memory for what a program stores.
  private mutating func allocate(_ output: MapOutput) -> DraftOperand {
    if let part = output.part { return allocate(part) }
    guard let place = output.place else { return allocate(output.value) }
    let strides = denseStrides(output.value)
    locations[output.value.index] = .view(
      BufferView(buffer: place.buffer, start: place.start, strides: strides))
    return place
  }

  /// The value of an elementwise node in a program.
  private mutating func applied(
    _ node: NodeID, in program: inout MapProgram
  ) throws(PlanError) -> MapBuilder.Value {
    let value = graph.result(of: node)
    if let known = program[value] { return known }
    var arguments: [MapBuilder.Value] = []
    arguments.reserveCapacity(3)
    for operand in operands(node) { arguments.append(try argument(operand, in: &program)) }
    guard let rule = analysis.mapRule(node) else {
      internalError("plan: node \(node.index) has no micro-operation")
    }
    let made = program.builder.apply(
      rule, graph.attributes(of: node), to: element(value), arguments)
    program.note(value, made)
    return made
  }

  /// An operand of a map program: computed in it, a scalar, an index, or memory.
  private mutating func argument(
    _ value: ValueID, in program: inout MapProgram
  ) throws(PlanError) -> MapBuilder.Value {
    if let known = program[value] { return known }
    let maker = graph.node(of: value)
    if analysis.isRecomputed[maker.index] { return try applied(maker, in: &program) }
    let made: MapBuilder.Value
    switch location(value) {
    case .number(let number):
      made = program.scalar(element(value), number, slot: nil)
    case .slot(let slot):
      made = program.scalar(element(value), 1, slot: slot)
    case .iota(let axis):
      made = program.builder.iota(element(value), axis: axis)
    case .view:
      made = program.input(element(value), try strided(value))
    }
    program.note(value, made)
    return made
  }

  /// Adds the step of a program; its outputs may take over any input laid out alike.
  private mutating func emit(
    _ program: MapProgram, outputs: [MapOutput], sums: [NodeID]
  ) throws(PlanError) {
    let finished = try finished(program.builder)
    let instruction = finished.instruction
    if instruction.count == 0 {
      for output in outputs { _ = allocate(output) }
      return
    }
    var targets = outputs.map { allocate($0) }
    if let adam = program.builder.adam() {
      emit(
        adam.instruction.code(precision), name: AdamInstruction.name,
        to: adam.outputs.map { targets[$0] }, from: adam.inputs.map { program.inputs[$0] },
        sharing: adam.outputs.map { _ in [3, 4, 5, 6] }, instruction: .adam(adam.instruction))
      return
    }
    let operands = instruction.places
    var sharing = targets.indices.map { output -> [Int] in
      if !outputs[output].mayShare { return [] }
      return operands.indices.dropFirst(instruction.outputs)
        .filter { operands[$0] == operands[output] }
    }
    for sum in sums {
      let rows = instruction.count / instruction.length
      targets.append(ReductionSelection.target(&self, sum, rows: rows))
      sharing.append([])
    }
    emit(
      finished.code, name: MapInstruction.name, to: targets, from: program.inputs,
      sharing: sharing, instruction: finished.kept)
    for (place, sum) in sums.enumerated() {
      ReductionSelection.finish(&self, sum, from: targets[outputs.count + place])
    }
  }

  /// A program as an instruction, made once of those that are alike.
  private mutating func finished(_ builder: MapBuilder) throws(PlanError) -> FinishedProgram {
    if let known = programs[builder] { return known }
    let instruction = try built(builder)
    let made = FinishedProgram(
      instruction: instruction, code: instruction.code(precision), kept: .program(instruction))
    programs[builder] = made
    return made
  }
}

/// A map program as an instruction with its code, and as steps keep it.
struct FinishedProgram {
  let instruction: MapInstruction
  let code: InstructionCode
  let kept: DraftInstruction
}

/// What a map program stores.
private struct MapOutput {
  let value: ValueID
  /// Where, if it is a part of a concatenation.
  var part: JoinedPart?
  /// Where, if it is a view.
  var place: DraftOperand?
  /// Whether it may take over an input's memory.
  let mayShare: Bool
}

/// A map program under construction with what its values stand for: few enough to look through.
private struct MapProgram {
  var builder: MapBuilder
  private(set) var inputs: [DraftOperand] = []
  private var values: [(value: ValueID, made: MapBuilder.Value)] = []

  private struct Scalar: Equatable {
    let element: ElementType
    let bits: UInt64
    let slot: Int?
  }

  private var views: [(view: BufferView, value: MapBuilder.Value)] = []
  private var scalars: [(scalar: Scalar, value: MapBuilder.Value)] = []

  init(shape: [Int], denseStrides: [Int]) {
    builder = MapBuilder(shape: shape, denseStrides: denseStrides)
    values.reserveCapacity(8)
  }

  /// What a value of the graph is in the program, if it is there already.
  subscript(value: ValueID) -> MapBuilder.Value? {
    values.first { $0.value == value }?.made
  }

  mutating func note(_ value: ValueID, _ made: MapBuilder.Value) { values.append((value, made)) }

  mutating func scalar(_ element: ElementType, _ number: Double, slot: Int?) -> MapBuilder.Value {
    let key = Scalar(element: element, bits: number.bitPattern, slot: slot)
    if let known = scalars.first(where: { $0.scalar == key }) { return known.value }
    let made = builder.scalar(element, number, slot: slot)
    scalars.append((key, made))
    return made
  }

  mutating func input(_ element: ElementType, _ view: BufferView) -> MapBuilder.Value {
    if let known = views.first(where: { $0.view == view }) { return known.value }
    let made = builder.input(element, strides: view.strides)
    views.append((view, made))
    inputs.append(DraftOperand(buffer: view.buffer, start: view.start))
    return made
  }
}
