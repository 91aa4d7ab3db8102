import NetcCore

/// The derivative of a loop is a loop in the other direction.
///
/// A turn from c to c' = f(c, x, k), with output y, has the adjoints dc = ∂s/∂c, dx = ∂s/∂x and
/// dk += ∂s/∂k of the scalar s = Σ dc'·c' + Σ dy·y, the body computed again from the stacked c.
/// The derivatives stand in the new body as `grad` nodes, so that they are themselves
/// differentiable.
extension Scan {
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?] {
    var adjoint = ScanAdjoint(call, b)
    return adjoint.append(to: &b)
  }
}

/// The operands and the body of the reversed loop under construction.
private struct ScanAdjoint {
  private let call: PrimalCall
  private let primal: ScanParts<ValueID>
  /// Which carried values, sequences and unchanged operands have an adjoint, by place among them.
  private let realCarried: [Int]
  private let wantedSequences: [Int]
  private let wantedCaptured: [Int]
  /// Which outputs, and which stacked carried values, something flows back from.
  private let flowingOutputs: [Int]
  private let flowingStacks: [Int]

  init(_ call: PrimalCall, _ b: GraphBuilder) {
    self.call = call
    let parts = ScanParts(call.attributes, operands: call.operands)
    primal = parts
    let (carried, sequences) = (parts.carried.count, parts.sequences.count)
    func isReal(_ value: ValueID) -> Bool { b.type(of: value).element == .float }
    realCarried = parts.carried.indices.filter { isReal(parts.carried[$0]) }
    wantedSequences = parts.sequences.indices.filter {
      call.wanted[carried + $0] && isReal(parts.sequences[$0])
    }
    wantedCaptured = parts.captured.indices.filter {
      call.wanted[carried + sequences + $0] && isReal(parts.captured[$0])
    }
    let outputs = parts.outputCount
    flowingOutputs = (0..<outputs).filter { call.adjoints[carried + $0] != nil }
    flowingStacks = realCarried.filter { call.adjoints[carried + outputs + $0] != nil }
  }

  mutating func append(to b: inout GraphBuilder) -> [ValueID?] {
    let carried = primal.carried.count
    let outputs = primal.outputCount
    let adjoints = realCarried.map { place in
      call.adjoints[place] ?? b.zeros(b.shape(of: primal.carried[place]))
    }
    let sums = wantedCaptured.map { b.zeros(b.shape(of: primal.captured[$0])) }
    let stacks = (0..<carried).map { call.results[carried + outputs + $0] }
    let flowing =
      flowingOutputs.compactMap { call.adjoints[carried + $0] }
      + flowingStacks.compactMap { call.adjoints[carried + outputs + $0] }
    var parts = ScanParts(
      carried: adjoints + sums, sequences: stacks + primal.sequences + flowing,
      captured: primal.captured, length: primal.length, isReversed: !primal.isReversed,
      body: primal.body)
    parts.body = body(of: parts, b)
    let results = b.scan(parts)
    var flow = [ValueID?](repeating: nil, count: call.operands.count)
    for (order, place) in realCarried.enumerated() { flow[place] = results[order] }
    for (order, place) in wantedCaptured.enumerated() {
      flow[carried + primal.sequences.count + place] = results[realCarried.count + order]
    }
    for (order, place) in wantedSequences.enumerated() {
      flow[carried + place] = results[parts.carried.count + order]
    }
    return flow
  }

  /// From (dc, dk; c, x, dy, dc of the stacks; k; position) to (dc, dk; dx).
  private func body(of parts: ScanParts<ValueID>, _ outer: GraphBuilder) -> GraphBody {
    var b = GraphBuilder()
    var arguments: [ValueID] = []
    for operand in parts.carried {
      arguments.append(b.argument(arguments.count, outer.type(of: operand)))
    }
    for operand in parts.sequences {
      var type = outer.type(of: operand)
      type.shape.dims.removeFirst()
      arguments.append(b.argument(arguments.count, type))
    }
    for operand in parts.captured {
      arguments.append(b.argument(arguments.count, outer.type(of: operand)))
    }
    arguments.append(b.argument(arguments.count, TensorType(.int, .scalar)))
    let rows = Array(arguments[parts.carried.count...])
    let own = Array(rows[..<(primal.carried.count + primal.sequences.count)])
    let flowing = Array(rows[own.count..<parts.sequences.count])
    let captured = Array(rows[parts.sequences.count...])
    let given = GraphTransfer.inline(primal.body, operands: own + captured, into: &b)
    let scalar = scalar(given, Array(arguments[..<realCarried.count]), flowing, &b)
    var results = realCarried.map { b.grad(of: scalar, wrt: own[$0]) }
    for (order, place) in flowingStacks.enumerated() {
      guard let target = realCarried.firstIndex(of: place) else { continue }
      results[target] = b.add(results[target], flowing[flowingOutputs.count + order])
    }
    for (order, place) in wantedCaptured.enumerated() {
      results.append(
        b.add(arguments[realCarried.count + order], b.grad(of: scalar, wrt: captured[place])))
    }
    results += wantedSequences.map { b.grad(of: scalar, wrt: own[primal.carried.count + $0]) }
    b.graph.results = results.enumerated().map { GraphResult(.result, String($0), $1) }
    return GraphBody(b.graph)
  }

  /// s = Σ dc'·c' + Σ dy·y.
  private func scalar(
    _ given: [ValueID], _ adjoints: [ValueID], _ flowing: [ValueID], _ b: inout GraphBuilder
  ) -> ValueID {
    var terms: [ValueID] = []
    for (order, place) in realCarried.enumerated() {
      terms.append(b.reduceSum(b.multiply(adjoints[order], given[place])))
    }
    for (order, place) in flowingOutputs.enumerated() {
      let output = given[primal.carried.count + place]
      terms.append(b.reduceSum(b.multiply(flowing[order], output)))
    }
    guard let first = terms.first else { return b.constant(0) }
    return terms.dropFirst().reduce(first) { b.add($0, $1) }
  }
}
