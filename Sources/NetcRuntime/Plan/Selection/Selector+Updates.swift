import NetcCore
import NetcGraph

extension Selector {
  /// Memory of a persistent tensor that an instruction adds to.
  struct UpdateTarget {
    let memory: DraftOperand
    /// What multiplies the numbers added.
    let factor: GemmInstruction.Factor
  }

  /// Emits the sum of an update, which adds it to the tensor.
  mutating func select(_ update: AccumulatedUpdate) throws(PlanError) {
    let value = graph.result(of: update.step)
    guard let entry = layout.index(of: update.name) else {
      internalError("plan: update of `\(update.name)`, which is not in the persistent layout")
    }
    let place = layout.entries[entry]
    guard place.shape == shape(value), place.element == element(value) else {
      internalError("plan: update of `\(update.name)` has shape \(shape(value))")
    }
    let buffer = draft.add(
      DraftBuffer(
        place: .updated(entry), element: place.element, count: place.count, bytes: place.bytes,
        shape: graph.type(of: value).shape, value: value))
    let target = UpdateTarget(memory: DraftOperand(buffer: buffer), factor: factor(of: update))
    try ReductionSelection.reduce(&self, update.step, .sum, update: target)
  }

  private func factor(of update: AccumulatedUpdate) -> GemmInstruction.Factor {
    guard let factor = update.factor else { return GemmInstruction.Factor(update.sign) }
    switch location(factor) {
    case .number(let number): return GemmInstruction.Factor(update.sign * number)
    case .slot(let slot): return GemmInstruction.Factor(update.sign, slot: slot)
    case .iota, .view:
      internalError("plan: the factor of an update is in memory, node \(update.step.index)")
    }
  }
}
