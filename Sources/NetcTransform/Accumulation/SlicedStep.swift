import NetcCore
import NetcGraph

/// A training step under construction in which a loop over slices of the batch computes losses,
/// gradients and states.
struct SlicedStep {
  private let source: Graph
  private let plan: SlicePlan
  private let slices: Int
  private let batch: String
  private var transfer: GraphTransfer
  /// The leaves inside: those of one name once.
  private var carried: [Leaf] = []
  private var sequences: [Leaf] = []
  private var captured: [Leaf] = []

  /// A leaf that the loop reads.
  private struct Leaf {
    let op: OpID
    let name: String
    let value: ValueID
  }

  init(_ source: Graph, _ plan: SlicePlan, slices: Int, batch: String) {
    self.source = source
    self.plan = plan
    self.slices = slices
    self.batch = batch
    transfer = GraphTransfer(from: source)
  }

  mutating func graph() -> Graph {
    copyLeaves()
    let results = addLoop()
    let count = plan.losses.count
    var means: [ValueID] = []
    for sum in results.prefix(count + plan.gradients.count) { means.append(mean(sum)) }
    for node in source.nodeIDs {
      let value = source[node].hasResults ? source.result(of: node) : nil
      if let value, let place = plan.losses.firstIndex(of: value) {
        transfer.replace(value, by: means[place])
      } else if let value, let place = plan.gradients.firstIndex(of: node) {
        transfer.replace(value, by: means[count + place])
      } else if value.flatMap({ transfer.copy(of: $0) }) == nil {
        transfer.copy(node)
      }
    }
    var graph = transfer.finish()
    for (place, state) in plan.states.enumerated() {
      guard let result = graph.results.firstIndex(where: { $0.isUpdate(of: state.name) }) else {
        continue
      }
      graph.results[result].value = results[count + plan.gradients.count + place]
    }
    return graph
  }

  /// Copies the leaves inside to the front and sorts them by how the loop reads them.
  private mutating func copyLeaves() {
    for node in source.nodeIDs where plan.isInside[node.index] {
      let op = source.op(of: node)
      guard op == .input || op == .parameter || op == .state else { continue }
      transfer.copy(node)
      let value = source.result(of: node)
      let name = source.attributes(of: node).text("name")
      let known = (carried + sequences + captured).contains { $0.op == op && $0.name == name }
      if known { continue }
      let leaf = Leaf(op: op, name: name, value: value)
      if op == .state, plan.states.contains(where: { $0.name == name }) {
        carried.append(leaf)
      } else if op == .input, source.type(of: value).shape.mentions(batch) {
        sequences.append(leaf)
      } else {
        captured.append(leaf)
      }
    }
  }

  private mutating func addLoop() -> [ValueID] {
    if let loss = plan.losses.first {
      transfer.builder.origin = source.origin(of: source.node(of: loss))
    }
    let sums =
      plan.losses.map { source.type(of: $0) }
      + plan.gradients.map { source.type(of: source.result(of: $0)) }
    let states = plan.states.map { state in
      carried.first { $0.name == state.name }?.value ?? state.value
    }
    var initial: [ValueID] = []
    for type in sums { initial.append(transfer.builder.zeros(type.shape)) }
    var rows: [ValueID] = []
    for leaf in sequences {
      let shape = source.type(of: leaf.value).shape
      let cut = Shape([Dim(slices), part(shape[0])] + shape.dims.dropFirst())
      rows.append(transfer.builder.reshape(transfer[leaf.value], to: cut))
    }
    var parts = ScanParts(
      carried: initial + states.map { transfer[$0] }, sequences: rows,
      captured: captured.map { transfer[$0.value] }, length: Dim(slices),
      body: body(sums, states))
    parts.isApart = true
    return transfer.builder.scan(parts)
  }

  private func part(_ dim: Dim) -> Dim {
    guard let part = dim.part(of: slices) else {
      internalError("accumulation: \(dim) has no \(slices) parts")
    }
    return part
  }

  /// From (sums, states; slices of the inputs; other leaves; position) to the next sums and states.
  private func body(_ sums: [TensorType], _ states: [ValueID]) -> GraphBody {
    var copy = SliceCopy(source, batch: batch, slices: slices, keeping: plan.isInside)
    var arguments: [ValueID] = []
    func add(_ type: TensorType) {
      arguments.append(copy.builder.argument(arguments.count, type))
    }
    for type in sums { add(type) }
    let leaves = states + sequences.map(\.value) + captured.map(\.value)
    for value in leaves { add(copy.sliced(source.type(of: value))) }
    add(TensorType(.int, .scalar))
    for node in source.nodeIDs where plan.isInside[node.index] {
      let op = source.op(of: node)
      guard op == .input || op == .parameter || op == .state else { continue }
      let name = source.attributes(of: node).text("name")
      guard let place = leaves.firstIndex(where: { isLeaf($0, op, name) }) else { continue }
      copy.replace(source.result(of: node), by: arguments[sums.count + place])
    }
    copy.run(slice: arguments[arguments.count - 1])
    var results: [ValueID] = []
    for (place, loss) in plan.losses.enumerated() {
      results.append(copy.builder.add(arguments[place], copy[loss]))
    }
    for (place, node) in plan.gradients.enumerated() {
      let operands = source.operands(of: node).map { copy[$0] }
      copy.builder.origin = source.origin(of: node)
      let gradient = copy.builder.grad(of: operands[0], wrt: operands[1])
      results.append(copy.builder.add(arguments[plan.losses.count + place], gradient))
    }
    results += plan.states.map { copy[$0.value] }
    var graph = copy.builder.graph
    graph.results = results.enumerated().map { GraphResult(.result, String($0), $1) }
    return GraphBody(graph)
  }

  private func isLeaf(_ value: ValueID, _ op: OpID, _ name: String) -> Bool {
    let node = source.node(of: value)
    return source.op(of: node) == op && source.attributes(of: node).text("name") == name
  }

  private mutating func mean(_ sum: ValueID) -> ValueID {
    transfer.builder.scaled(sum, 1 / Double(slices))
  }
}

extension GraphResult {
  fileprivate func isUpdate(of name: String) -> Bool { role == .update && self.name == name }
}
