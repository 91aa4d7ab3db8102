import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// Lowers the `gradient` of a function for certain arguments: from operands, results and the
  /// results' adjoints to the adjoints of the real operands. Nil after a mistake was reported.
  mutating func lowerAdjoint(
    of place: Int, _ callee: Frame, results: [TensorValue], _ site: CallSite
  ) -> GraphBody? {
    guard let record = definitions[place].gradient else { return nil }
    let own = definitions[place].parameters.map(\.name)
    let extra = record.parameters.dropFirst(own.count).map(\.text)
    let realCount = results.filter { $0.kind == .float }.count
    guard record.parameters.prefix(own.count).map(\.text) == own,
      extra.count == realCount || extra.count == results.count + realCount
    else {
      reportGradientParameters(record, own, results.count)
      return nil
    }
    let errors = report.errorCount
    let lowered = inGraph(GraphBuilder(), number: newGraphNumber()) { lowering in
      var inner = callee
      inner.body = .gradient
      inner.differentiated = record.differentiated
      let operands = lowering.bindBodyArguments(of: place, &inner)
      lowering.bindResults(results, record, own.count, after: operands.count, &inner)
      return lowering.inFrame(inner) { lowering in
        lowering.run(record.body.statements)
        return lowering.adjoints(record, operands, own)
      }.result
    }
    guard let adjoints = lowered.result, report.errorCount == errors else { return nil }
    var built = lowered.builder.graph
    built.results = adjoints.enumerated().map { GraphResult(.result, String($0), $1.id) }
    return GraphBody(built)
  }

  /// Declares `out` and `d_out` of a derivative as arguments that follow the operands.
  private mutating func bindResults(
    _ results: [TensorValue], _ record: GradientRecord, _ ownCount: Int, after operands: Int,
    _ inner: inout Frame
  ) {
    let extra = Array(record.parameters.dropFirst(ownCount))
    let real = results.filter { $0.kind == .float }
    let outs = extra.count - real.count
    var index = operands
    for (order, result) in results.enumerated() {
      let value = argument(index, result)
      index += 1
      if order < outs { declare(extra[order], value, &inner) }
    }
    for (order, result) in real.enumerated() {
      declare(extra[outs + order], argument(index, result), &inner)
      index += 1
    }
  }

  private mutating func argument(_ index: Int, _ like: TensorValue) -> TensorValue {
    tensor(b.argument(index, TensorType(like.kind.element, like.shape)), like.kind)
  }

  private mutating func declare(_ name: Name, _ value: TensorValue, _ inner: inout Frame) {
    b.graph.setName(name.text, of: value.id)
    inner.declare(name.text, Binding(role: .argument, value: .tensor(value), range: name.range))
  }

  /// What the derivative's body returned, one adjoint for each real operand.
  private mutating func adjoints(
    _ record: GradientRecord, _ operands: [TensorValue], _ own: [String]
  ) -> [TensorValue]? {
    let returned = frame.returned ?? []
    if returned.contains(where: { $0.isPoison }) { return nil }
    let real = operands.filter { $0.kind == .float }
    let open = real.filter { isOpenOperand($0) }
    guard returned.count == real.count || returned.count == open.count else {
      fail(
        .gradientCount,
        "`gradient \(record.name.text)` returns \(returned.count) values for \(open.count) tensors",
        at: record.name.range, help: ["return one derivative for each tensor parameter, in order"])
      return nil
    }
    var given = returned[...]
    var result: [TensorValue] = []
    for operand in real {
      if returned.count == open.count, !isOpenOperand(operand) {
        result.append(tensor(b.zeros(operand.shape)))
        continue
      }
      guard let value = given.popFirst(), let adjoint = tensorValue(value, at: record.name.range)
      else {
        return nil
      }
      if adjoint.shape.rank == 0, operand.shape.rank > 0, case .number = value {
        result.append(broadcast(adjoint, to: operand.shape))
        continue
      }
      guard adjoint.shape == operand.shape, adjoint.kind == .float else {
        let name = b.graph.name(of: operand.id) ?? "the operand"
        fail(
          .gradientShape,
          "`gradient \(record.name.text)` gives \(adjoint.typeText) for `\(name)`, which is "
            + operand.typeText, at: record.name.range)
        return nil
      }
      result.append(adjoint)
    }
    return result
  }

  private func isOpenOperand(_ operand: TensorValue) -> Bool {
    guard let name = b.graph.name(of: operand.id) else { return true }
    return frame.binding(name)?.role != .setting
  }

  private mutating func reportGradientParameters(
    _ record: GradientRecord, _ own: [String], _ resultCount: Int
  ) {
    let outs = resultCount == 1 ? ["out", "d_out"] : (1...max(1, resultCount)).map { "out\($0)" }
    let wanted = (own + outs).joined(separator: ", ")
    fail(
      .gradientParameters,
      "`gradient \(record.name.text)` does not have the parameters of its function",
      at: record.name.range,
      help: ["write `gradient \(record.name.text)(\(wanted))`"])
  }
}
