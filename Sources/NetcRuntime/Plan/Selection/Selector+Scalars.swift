import NetcCore
import NetcGraph

extension Selector {
  /// A host scalar: a number when it does not depend on `step`, else a slot of the scalar program.
  mutating func hostScalar(_ node: NodeID) throws(PlanError) -> Location {
    let value = graph.result(of: node)
    let op = graph.op(of: node)
    let attributes = graph.attributes(of: node)
    if op == .constant {
      return .number(Selector.number(attributes.numbers("values").first ?? 0, element(value)))
    }
    if op == .dimension { try checkBinding(node) }
    let places = operands(node).map { location($0) }
    let numbers = places.compactMap { if case .number(let number) = $0 { number } else { nil } }
    if numbers.count == places.count, op != .step {
      return .number(evaluate(node, op, attributes, numbers))
    }
    let slots = places.map { place in
      switch place {
      case .slot(let slot): slot
      case .number(let number): draft.scalars.constant(number)
      case .iota, .view: internalError("plan: a host scalar reads memory, node \(node.index)")
      }
    }
    let types = graph.operands(of: node).map { graph.type(of: $0).element }
    guard
      let slot = draft.scalars.append(
        op.operation.name, attributes, operands: slots, types, result: element(value))
    else {
      internalError("plan: host scalar `\(op.operation.name)` has no bytecode")
    }
    return .slot(slot)
  }

  /// One host scalar by its operation's own reference semantics.
  private func evaluate(
    _ node: NodeID, _ op: OpID, _ attributes: Attributes, _ numbers: [Double]
  ) -> Double {
    let tensors = zip(graph.operands(of: node), numbers).map { operand, number in
      let storage: ReferenceTensor<Double>.Storage =
        switch element(operand) {
        case .float: .float([number])
        case .int: .int([Int32(clampedFrom: number)])
        case .bool: .bool([number != 0])
        }
      return ReferenceTensor<Double>([], storage)
    }
    let call = EvaluationCall(
      operands: tensors, attributes: attributes, resultShapes: [[]],
      context: EvaluationContext(bindings: bindings))
    return op.operation.evaluate(call).first?.tensor.doubles.first ?? 0
  }
}
