import NetcCore
import NetcGraph

extension Selector {
  /// A value as dense memory, copied there once if it is not.
  mutating func dense(_ value: ValueID) throws(PlanError) -> DraftOperand {
    let value = analysis.source[value.index]
    if let copy = denseCopies[value.index] { return copy }
    let location = location(value)
    if case .view(let view) = location, view.isDense(shape(value)), isAligned(view) {
      return DraftOperand(buffer: view.buffer, start: view.start)
    }
    let target = temporary(
      element(value), shape(value), symbolic: graph.type(of: value).shape, value: value)
    try fill(target, shape(value), element(value), from: location)
    denseCopies[value.index] = target
    return target
  }

  /// A value as memory with strides that are not negative.
  mutating func strided(_ value: ValueID) throws(PlanError) -> BufferView {
    if case .view(let view) = location(value), view.isForward, isAligned(view) { return view }
    let operand = try dense(value)
    return BufferView(
      buffer: operand.buffer, start: operand.start,
      strides: denseStrides(value))
  }

  /// Writes a value's numbers into dense memory.
  mutating func fill(
    _ target: DraftOperand, _ shape: [Int], _ element: ElementType, from location: Location
  ) throws(PlanError) {
    let count = shape.reduce(1, *)
    switch location {
    case .number(let number):
      emit(FillInstruction(type: element, count: count, value: number), to: [target], from: [])
    case .slot(let slot):
      emit(
        FillInstruction(type: element, count: count, value: 1, slot: slot), to: [target], from: [])
    case .iota(let axis):
      var builder = MapBuilder(shape: shape)
      builder.output(builder.iota(element, axis: axis))
      emit(try built(builder), to: [target], from: [])
    case .view(let view):
      try copy(
        element, shape, from: view,
        to: BufferView(
          buffer: target.buffer, start: target.start, strides: MapBuilder.denseStrides(shape)))
    }
  }

  /// Copies the elements of one view to another.
  mutating func copy(
    _ element: ElementType, _ shape: [Int], from source: BufferView, to target: BufferView
  ) throws(PlanError) {
    if shape.contains(0) { return }
    guard
      let instruction = CopyInstruction(
        type: element, shape: shape,
        output: CopyInstruction.View(start: target.start, strides: target.strides),
        input: CopyInstruction.View(start: source.start, strides: source.strides))
    else {
      throw PlanError(
        "a rearrangement of \(shape.count) axes is beyond the 8 that are supported",
        at: node.flatMap { range($0) })
    }
    emit(
      instruction, to: [DraftOperand(buffer: target.buffer)],
      from: [DraftOperand(buffer: source.buffer)])
  }

  /// A finished map program, which is small enough by construction.
  func built(_ builder: MapBuilder) throws(PlanError) -> MapInstruction {
    do {
      return try builder.build()
    } catch {
      throw PlanError(
        "an elementwise operation is beyond one instruction (\(error))",
        at: node.flatMap { range($0) })
    }
  }
}
