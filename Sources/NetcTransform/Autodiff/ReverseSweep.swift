import NetcCore
import NetcGraph

/// One reverse sweep over a graph: the adjoints of a scalar in several values, appended to the
/// graph.
///
/// Contributions to a value are summed once, when the sweep reaches it, users later in the graph
/// first. Only values between a `wrt` and the scalar get adjoints.
struct ReverseSweep {
  /// A contribution to a value's adjoint and the one that came before it (-1 for none).
  private struct Contribution {
    let value: ValueID
    let previous: Int32
  }

  /// The graph, its forward part unchanged.
  private(set) var builder: GraphBuilder
  /// Which forward values lie on a path from a `wrt` to the scalar.
  private let active: [Bool]
  /// The nodes whose rules gave nothing for an operand that was asked for.
  private(set) var refusing: [NodeID] = []

  private let scalar: ValueID
  private var last: [Int32]
  private var contributions: [Contribution] = []
  private var adjoints: [ValueID?]
  private var names: GradientNames
  private let forwardCount: Int

  /// A sweep over `builder`'s graph along the paths of `paths`.
  init(_ paths: DerivativePaths, builder: GraphBuilder, names: GradientNames) {
    self.builder = builder
    self.names = names
    scalar = paths.scalar
    active = paths.active
    forwardCount = builder.graph.valueCount
    last = Array(repeating: -1, count: forwardCount)
    adjoints = Array(repeating: nil, count: forwardCount)
  }

  /// The adjoint of a forward value after `run`, if one flows.
  func adjoint(of value: ValueID) -> ValueID? { adjoints[value.index] }

  /// The graph with the adjoints and the names used.
  consuming func finish() -> (builder: GraphBuilder, names: GradientNames) { (builder, names) }

  /// Appends all adjoints; `requested` names those of some values.
  /// - Complexity: O(nodes) beside the rules' own work.
  mutating func run(requested: [ValueID: String]) {
    guard active[scalar.index] else { return }
    let top = builder.graph.node(of: scalar)
    builder.origin = origin(of: scalar, rule: "seed")
    contribute(builder.ones(.scalar), to: scalar)
    for index in (0...top.index).reversed() {
      let node = NodeID(index)
      guard settle(node, requested: requested) else { continue }
      differentiate(node)
    }
  }

  /// Sums the contributions to a node's results; whether there were any.
  private mutating func settle(_ node: NodeID, requested: [ValueID: String]) -> Bool {
    var flows = false
    for value in builder.graph.results(of: node) where last[value.index] >= 0 {
      flows = true
      let sum = sumContributions(to: value)
      adjoints[value.index] = sum
      guard sum.index >= forwardCount, builder.graph.name(of: sum) == nil else { continue }
      if let name = requested[value] {
        builder.graph.setName(name, of: sum)
      } else if let name = builder.graph.name(of: value) {
        builder.graph.setName(names.adjointName(of: name), of: sum)
      }
    }
    return flows
  }

  private mutating func sumContributions(to value: ValueID) -> ValueID {
    var order: [ValueID] = []
    var place = last[value.index]
    while place >= 0 {
      order.append(contributions[Int(place)].value)
      place = contributions[Int(place)].previous
    }
    var sum = order[order.count - 1]
    if order.count > 1 { builder.origin = origin(of: value, rule: "sum") }
    for term in order.dropLast().reversed() { sum = builder.add(sum, term) }
    return sum
  }

  private mutating func differentiate(_ node: NodeID) {
    let operands = Array(builder.graph.operands(of: node))
    let results = builder.graph.resultIndices(of: node).map { ValueID($0) }
    let wanted = operands.map { active[$0.index] }
    guard wanted.contains(true), results.contains(where: { builder.graph.carriesDerivative($0) })
    else { return }
    let call = PrimalCall(
      operands: operands, results: results, attributes: builder.graph.attributes(of: node),
      adjoints: results.map { adjoints[$0.index] }, wanted: wanted)
    if wanted.count == 1 || OperationFlow.isDifferentiatedWhole(builder.graph.op(of: node)) {
      apply(node, call, naming: 0)
      return
    }
    for operand in operands.indices where wanted[operand] {
      var only = [Bool](repeating: false, count: operands.count)
      only[operand] = true
      apply(
        node,
        PrimalCall(
          operands: operands, results: results, attributes: call.attributes,
          adjoints: call.adjoints,
          wanted: only), naming: operand)
    }
  }

  private mutating func apply(_ node: NodeID, _ call: PrimalCall, naming operand: Int) {
    let op = builder.graph.op(of: node)
    builder.origin = origin(of: call.results[0], rule: OperationFlow.ruleText(op, operand: operand))
    let flowing = op.operation.gradient(call, &builder)
    for (index, isWanted) in call.wanted.enumerated() where isWanted {
      guard index < flowing.count, let value = flowing[index] else {
        refusing.append(node)
        continue
      }
      let target = call.operands[index]
      guard builder.graph.typeNumber(of: value) == builder.graph.typeNumber(of: target) else {
        internalError(
          "operation \(op.operation.name), node \(node.index): adjoint of operand \(index) is "
            + "\(builder.type(of: value)), not \(builder.type(of: target))")
      }
      contribute(value, to: target)
    }
  }

  private mutating func contribute(_ value: ValueID, to target: ValueID) {
    contributions.append(Contribution(value: value, previous: last[target.index]))
    last[target.index] = Int32(truncatingIfNeeded: contributions.count - 1)
  }

  private func origin(of value: ValueID, rule: String) -> Origin {
    let node = builder.graph.node(of: value)
    return Origin(
      range: builder.graph.origin(of: node).range,
      primal: builder.graph.name(of: value) ?? builder.graph.op(of: node).operation.name, rule: rule
    )
  }
}
