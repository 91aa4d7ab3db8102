import NetcCore
import NetcGraph

extension Selector {
  /// Adds what becomes of the results: sums, checks, new values of persistent tensors, outputs to
  /// read.
  mutating func selectResults() throws(PlanError) {
    var accumulators = 0
    let written = Set(analysis.accumulated.values.map(\.name))
    for result in analysis.results {
      let value = analysis.source[result.value.index]
      switch (options.purpose, result.role) {
      case (.once, _):
        try selectOutput(result, value)
      case (_, .loss), (_, .metric):
        try selectFigure(result, value, &accumulators)
      case (_, .update):
        if !written.contains(result.name) { try selectUpdate(result, value) }
      default:
        draft.outputs.append(
          DraftOutput(result: result, element: element(value), shape: [], location: location(value))
        )
      }
    }
    if options.purpose != .once {
      emit(NextInstruction(batch: batch), to: [], from: [], kind: .next)
    }
  }

  private mutating func selectOutput(_ result: GraphResult, _ value: ValueID) throws(PlanError) {
    var place = location(value)
    if case .view = place {
      let operand = try dense(value)
      draft.buffers[operand.buffer].isOutput = true
      place = .view(BufferView(buffer: operand.buffer, start: operand.start, strides: []))
    } else if case .iota = place {
      let operand = try dense(value)
      draft.buffers[operand.buffer].isOutput = true
      place = .view(BufferView(buffer: operand.buffer, start: operand.start, strides: []))
    }
    draft.outputs.append(
      DraftOutput(result: result, element: element(value), shape: shape(value), location: place))
  }

  private mutating func selectFigure(
    _ result: GraphResult, _ value: ValueID, _ accumulators: inout Int
  ) throws(PlanError) {
    node = graph.node(of: value)
    let operand = try dense(value)
    let count = count(value)
    let isTotal = result.role == .metric && options.totals.contains(result.name)
    if result.role == .loss, options.purpose == .training, element(value) == .float {
      emit(CheckInstruction(count: count), to: [], from: [operand], kind: .check)
    }
    emit(
      AccumulateInstruction(
        index: accumulators, count: count, type: element(value),
        weight: isTotal ? 1 : Double(batch)), to: [], from: [operand], kind: .accumulate)
    draft.figures.append(
      PlanFigure(
        role: result.role, name: result.name, shape: shape(value), index: accumulators,
        isTotal: isTotal))
    accumulators += count
  }

  private mutating func selectUpdate(_ result: GraphResult, _ value: ValueID) throws(PlanError) {
    guard let entry = layout.index(of: result.name) else {
      internalError("plan: update of `\(result.name)`, which is not in the persistent layout")
    }
    let place = layout.entries[entry]
    guard place.shape == shape(value), place.element == element(value) else {
      internalError("plan: update of `\(result.name)` has shape \(shape(value))")
    }
    node = graph.node(of: value)
    let operand = try dense(value)
    if case .persistent(entry) = draft.buffers[operand.buffer].place { return }
    draft.updates.append(
      DraftUpdate(
        entry: entry, buffer: operand.buffer, start: operand.start, count: place.count, node: node))
  }
}
