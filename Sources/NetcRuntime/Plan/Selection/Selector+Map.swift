import NetcCore
import NetcGraph

extension Selector {
  /// Emits the map program of a group of nodes, ascending, and what its sums still need.
  mutating func selectMap(_ members: [NodeID]) throws(PlanError) {
    guard let root = members.last else { return }
    let isSum = analysis.fusedSums[root.index] != nil
    let shape = shape(isSum ? operands(root)[0] : graph.result(of: root))
    let inside = Set(members.map(\.index))
    var program = MapProgram(shape: shape)
    var outputs: [ValueID] = []
    var sums: [NodeID] = []
    for member in members {
      visits += 1
      if analysis.fusedSums[member.index] != nil {
        _ = try argument(operands(member)[0], in: &program)
        sums.append(member)
        continue
      }
      let value = graph.result(of: member)
      _ = try applied(member, in: &program)
      if analysis.isResult[value.index]
        || !analysis.readers(graph, of: value, allSatisfy: { inside.contains($0) })
      {
        outputs.append(value)
      }
    }
    for value in outputs {
      let made = try argument(value, in: &program)
      program.builder.output(made, strides: joinedStrides(value))
    }
    for sum in sums {
      guard let fused = analysis.fusedSums[sum.index] else { continue }
      program.builder.tail(
        try argument(operands(sum)[0], in: &program), lastAxes: fused.axes, sumsRows: fused.sumsRows
      )
    }
    try emit(program, outputs: outputs, sums: sums)
  }

  /// The value of an elementwise node in a program.
  private mutating func applied(
    _ node: NodeID, in program: inout MapProgram
  ) throws(PlanError) -> MapBuilder.Value {
    let value = graph.result(of: node)
    if let known = program.values[value] { return known }
    var arguments: [MapBuilder.Value] = []
    for operand in operands(node) { arguments.append(try argument(operand, in: &program)) }
    guard let rule = analysis.mapRule(node) else {
      internalError("plan: node \(node.index) has no micro-operation")
    }
    let made = program.builder.apply(
      rule, graph.attributes(of: node), to: element(value), arguments)
    program.values[value] = made
    return made
  }

  /// An operand of a map program: computed in it, a scalar, an index, or memory.
  private mutating func argument(
    _ value: ValueID, in program: inout MapProgram
  ) throws(PlanError) -> MapBuilder.Value {
    if let known = program.values[value] { return known }
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
    program.values[value] = made
    return made
  }

  /// Adds the step of a program; its outputs may take over any input laid out alike.
  private mutating func emit(
    _ program: MapProgram, outputs: [ValueID], sums: [NodeID]
  ) throws(PlanError) {
    let instruction = try built(program.builder)
    if instruction.count == 0 {
      for value in outputs { _ = allocatePart(value) }
      return
    }
    var targets = outputs.map { allocatePart($0) }
    if let adam = program.builder.adam() {
      emit(
        adam.instruction.code(precision), name: AdamInstruction.name,
        to: adam.outputs.map { targets[$0] }, from: adam.inputs.map { program.inputs[$0] },
        sharing: adam.outputs.map { _ in [3, 4, 5, 6] })
      return
    }
    let operands = instruction.places
    var sharing = targets.indices.map { output -> [Int] in
      if analysis.joined[outputs[output].index] != nil { return [] }
      return operands.indices.dropFirst(instruction.outputs)
        .filter { operands[$0] == operands[output] }
    }
    for sum in sums {
      let rows = instruction.count / instruction.length
      targets.append(ReductionSelection.target(&self, sum, rows: rows))
      sharing.append([])
    }
    emit(
      instruction.code(precision), name: MapInstruction.name, to: targets, from: program.inputs,
      sharing: sharing)
    for (place, sum) in sums.enumerated() {
      ReductionSelection.finish(&self, sum, from: targets[outputs.count + place])
    }
  }
}

/// A map program under construction with what its values stand for.
private struct MapProgram {
  var builder: MapBuilder
  var values: [ValueID: MapBuilder.Value] = [:]
  private(set) var inputs: [DraftOperand] = []

  private struct Scalar: Hashable {
    let element: ElementType
    let bits: UInt64
    let slot: Int?
  }

  private var views: [(view: BufferView, value: MapBuilder.Value)] = []
  private var scalars: [Scalar: MapBuilder.Value] = [:]

  init(shape: [Int]) { builder = MapBuilder(shape: shape) }

  mutating func scalar(_ element: ElementType, _ number: Double, slot: Int?) -> MapBuilder.Value {
    let key = Scalar(element: element, bits: number.bitPattern, slot: slot)
    if let known = scalars[key] { return known }
    let made = builder.scalar(element, number, slot: slot)
    scalars[key] = made
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
