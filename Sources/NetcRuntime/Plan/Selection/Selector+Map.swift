import NetcCore
import NetcGraph

extension Selector {
  /// Emits the map program of a group of nodes, ascending.
  mutating func selectMap(_ members: [NodeID]) throws(PlanError) {
    guard let root = members.last else { return }
    let shape = shape(graph.result(of: root))
    let inside = Set(members.map { UInt32($0.index) })
    var program = MapProgram(shape: shape)
    var outputs: [ValueID] = []
    for member in members {
      visits += 1
      let value = graph.result(of: member)
      var arguments: [MapBuilder.Value] = []
      for operand in graph.operands(of: member) {
        arguments.append(try argument(analysis.source[operand.index], in: &program))
      }
      guard let rule = analysis.mapRule(member) else {
        internalError("plan: node \(member.index) has no micro-operation")
      }
      program.values[value] = program.builder.apply(
        rule, graph.attributes(of: member), to: element(value), arguments)
      if analysis.isResult[value.index]
        || analysis.users.of(value).contains(where: { !inside.contains($0) })
      {
        outputs.append(value)
      }
    }
    for value in outputs {
      if let made = program.values[value] { program.builder.output(made) }
    }
    try emit(program, outputs: outputs)
  }

  /// An operand of a map program: computed in it, a scalar, an index, or memory.
  private mutating func argument(
    _ value: ValueID, in program: inout MapProgram
  ) throws(PlanError) -> MapBuilder.Value {
    if let known = program.values[value] { return known }
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
  private mutating func emit(_ program: MapProgram, outputs: [ValueID]) throws(PlanError) {
    let instruction = try built(program.builder)
    if instruction.count == 0 {
      for value in outputs { _ = allocate(value) }
      return
    }
    let targets = outputs.map { allocate($0) }
    let operands = instruction.places
    let sharing = targets.indices.map { output in
      operands.indices.dropFirst(targets.count).filter { operands[$0] == operands[output] }
    }
    emit(
      instruction.code(precision), name: MapInstruction.name, to: targets, from: program.inputs,
      sharing: sharing)
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
