import NetcCore
import NetcGraph
import NetcSyntax

/// What a metric gathers while it is lowered: the values it sums over the pass.
struct MetricContext: Sendable {
  /// The nodes that stand for totals, in order.
  var marks: [ValueID] = []
}

extension Lowering {
  /// `metric e`, `metric name = e`: lowered for evaluation only.
  mutating func declareMetric(_ name: Name?, _ expression: Expression, at statement: Statement) {
    guard !isTraining, let name = resultName(name, expression, word: "metric") else { return }
    if model.metrics.contains(where: { $0.name == name.text }) {
      fail(
        .resultTwice, "there are two metrics named `\(name.text)`", at: name.range,
        help: ["name them: `metric top5 = …`"])
      return
    }
    metric = MetricContext()
    let value = evaluate(expression)
    let marks = metric?.marks ?? []
    metric = nil
    guard let found = tensorValue(value, at: expression.range) else { return }
    let isFixed = marks.isEmpty ? found.shape.rank == 0 : found.shape.sizes != nil
    guard isFixed, found.kind != .bool else {
      fail(
        .metricNotScalar, "a metric is a number, this is \(found.typeText)", at: expression.range,
        help: ["take its mean: `mean(…)`"])
      return
    }
    let result = convert(found, to: .float)
    if marks.isEmpty {
      b.graph.results.append(GraphResult(.metric, name.text, result.id))
      model.metrics.append(ModelMetric(name: name.text, combination: .mean))
      return
    }
    guard let finish = finish(result.id, over: marks, at: expression.range) else { return }
    var accumulated: [String] = []
    for (place, mark) in marks.enumerated() {
      let part = "\(name.text)#\(place)"
      accumulated.append(part)
      let summed = b.graph.operands(of: b.graph.node(of: mark))
      for value in summed { b.graph.results.append(GraphResult(.metric, part, value)) }
    }
    model.metrics.append(
      ModelMetric(
        name: name.text, combination: .total(accumulated: accumulated, finish: finish),
        shape: found.shape.sizes ?? []))
  }

  /// `total(e)`: the sum of what has one shape in every batch over the whole pass, marked by a node
  /// of its own.
  mutating func total(_ call: BuiltinCall) -> Value {
    guard metric != nil else {
      return fail(
        .totalOutsideMetric, "`total` sums over the data and belongs in a `metric`", at: call.range,
        help: ["`sum(…)` sums over the batch"])
    }
    if isInScan {
      return fail(
        .scanPlace, "`total` stands outside a scan", at: call.range,
        help: ["yield what is to be summed, and sum it after the scan"])
    }
    guard let found = tensorValue(call[0].value, at: call[0].range) else { return .poison }
    guard found.shape.sizes != nil, found.kind != .bool else {
      return fail(
        .totalNotScalar, "`total` sums what every batch has alike, this is \(found.typeText)",
        at: call[0].range,
        help: ["sum over the batch first: `total(sum(…))`"])
    }
    let mark = b.identity(convert(found, to: .float).id)
    metric?.marks.append(mark)
    return .tensor(tensor(mark))
  }

  /// The part of the graph above the marks as a body whose arguments they are; nil after reporting
  /// that it needs values of a batch.
  private mutating func finish(
    _ result: ValueID, over marks: [ValueID], at range: SourceRange
  ) -> GraphBody? {
    let graph = b.graph
    var needed: Set<NodeID> = []
    var pending = [result]
    while let value = pending.popLast() {
      if marks.contains(value) { continue }
      let node = graph.node(of: value)
      if !needed.insert(node).inserted { continue }
      if graph.operands(of: node).isEmpty, graph.op(of: node) != .constant {
        fail(
          .metricMixesBatch, "this metric mixes totals with values of one batch", at: range,
          label: "above `total` only totals and numbers may stand",
          help: ["put the other part inside a `total` too"])
        return nil
      }
      pending.append(contentsOf: graph.operands(of: node))
    }
    var transfer = GraphTransfer(from: graph)
    for (place, mark) in marks.enumerated() {
      transfer[mark] = transfer.builder.argument(place, graph.type(of: mark))
    }
    for node in needed.sorted(by: { $0.index < $1.index }) { transfer.copy(node) }
    transfer.builder.graph.results = [GraphResult(.result, "0", transfer[result])]
    return GraphBody(transfer.builder.graph)
  }
}
