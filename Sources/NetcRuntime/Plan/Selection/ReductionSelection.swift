import NetcCore
import NetcGraph

/// Sums and maxima over axes: one instruction for each run of neighbouring axes, the last run
/// first.
enum ReductionSelection {
  static func sum(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    try reduce(&s, node, .sum)
  }

  static func maximum(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    try reduce(&s, node, .maximum)
  }

  /// Neighbouring axes that are all reduced or all kept.
  private struct Run {
    var size: Int
    var symbolic: Dim
    let isReduced: Bool
  }

  /// - Parameter update: the memory that a sum of more than one number is added to.
  static func reduce(
    _ s: inout Selector, _ node: NodeID, _ operation: ReduceInstruction.Operation,
    update: Selector.UpdateTarget? = nil
  ) throws(PlanError) {
    let value = s.graph.result(of: node)
    let operand = s.operands(node)[0]
    let element = s.element(value)
    let runs = runs(s, operand, axes: s.graph.attributes(of: node).ints("axes"))
    let reduced = runs.filter(\.isReduced).reduce(1) { $0 * $1.size }
    if reduced == 0 {
      let empty: Double = operation == .sum ? 0 : element == .float ? -.infinity : -2_147_483_648
      s.locations[value.index] = .number(empty)
      return
    }
    if update == nil, case .number(let number) = s.location(operand) {
      let total = operation == .sum ? number * Double(reduced) : number
      s.locations[value.index] = .number(Selector.number(total, element))
      return
    }
    let source = try s.dense(operand)
    guard runs.contains(where: \.isReduced) else {
      s.locations[value.index] = .view(
        BufferView(
          buffer: source.buffer, start: source.start,
          strides: s.denseStrides(value)))
      return
    }
    addUp(&s, value, runs, from: source, operation, update)
  }

  /// One instruction for each run that is left.
  private static func addUp(
    _ s: inout Selector, _ value: ValueID, _ runs: [Run], from source: DraftOperand,
    _ operation: ReduceInstruction.Operation = .sum, _ update: Selector.UpdateTarget? = nil
  ) {
    let element = s.element(value)
    var (runs, source) = (runs, source)
    while let place = runs.lastIndex(where: \.isReduced) {
      let axes = ThreeAxes(runs.map(\.size), axis: place)
      runs.remove(at: place)
      var instruction = ReduceInstruction(axes: axes, operation: operation, type: element)
      let target: DraftOperand
      if runs.contains(where: \.isReduced) {
        target = s.temporary(element, runs.map(\.size), symbolic: Shape(runs.map(\.symbolic)))
        s.emit(instruction, to: [target], from: [source])
      } else {
        target = update?.memory ?? s.allocate(value)
        instruction.factor = update?.factor ?? GemmInstruction.Factor(1)
        instruction.adds = update != nil
        s.emit(instruction, to: [target], from: [source], accumulates: update != nil)
      }
      source = target
    }
  }

  // MARK: Sums that map programs begin

  /// The memory that a program's sums go to: the value's own, or partial sums.
  /// - Parameter rows: the rows of the program's index space.
  static func target(_ s: inout Selector, _ node: NodeID, rows: Int) -> DraftOperand {
    let runs = left(s, node, rows)
    guard runs.contains(where: \.isReduced) else { return s.allocate(s.graph.result(of: node)) }
    return s.temporary(.float, runs.map(\.size), symbolic: Shape(runs.map(\.symbolic)))
  }

  /// Adds up what a program's sums left.
  static func finish(_ s: inout Selector, _ node: NodeID, from source: DraftOperand) {
    let value = s.graph.result(of: node)
    let count = s.draft.buffers[source.buffer].count
    guard let fused = s.analysis.fusedSums[node.index] else { return }
    let rows = fused.sumsRows ? count / fused.length * MapInstruction.rowGroup : count
    addUp(&s, value, left(s, node, rows), from: source)
  }

  /// Adds up rows of partial sums.
  static func addRows(
    _ s: inout Selector, _ node: NodeID, _ rows: Int, of length: Int, from source: DraftOperand
  ) {
    let runs = [
      Run(size: rows, symbolic: Dim(rows), isReduced: true),
      Run(size: length, symbolic: Dim(length), isReduced: false),
    ]
    addUp(&s, s.graph.result(of: node), runs, from: source)
  }

  /// What remains to be summed after a program's part: the runs before the last and what that has
  /// more than a row, or over rows one for the groups of rows.
  private static func left(_ s: Selector, _ node: NodeID, _ rows: Int) -> [Run] {
    let operand = s.operands(node)[0]
    let runs = runs(s, operand, axes: s.graph.attributes(of: node).ints("axes"))
    guard let last = runs.last, let fused = s.analysis.fusedSums[node.index] else { return runs }
    guard fused.sumsRows else {
      let more = last.size / fused.length
      let rest = Run(size: more, symbolic: Dim(more), isReduced: true)
      return Array(runs.dropLast()) + (more > 1 ? [rest] : [])
    }
    let groups = (rows + MapInstruction.rowGroup - 1) / MapInstruction.rowGroup
    if groups == 1 { return [last] }
    return [Run(size: groups, symbolic: Dim(groups), isReduced: true), last]
  }

  private static func runs(_ s: Selector, _ operand: ValueID, axes: [Int]) -> [Run] {
    let shape = s.shape(operand)
    let symbolic = s.graph.type(of: operand).shape
    var runs: [Run] = []
    for axis in shape.indices where shape[axis] != 1 {
      let isReduced = axes.contains(axis)
      if let last = runs.last, last.isReduced == isReduced {
        runs[runs.count - 1].size *= shape[axis]
        runs[runs.count - 1].symbolic = last.symbolic * symbolic[axis]
      } else {
        runs.append(Run(size: shape[axis], symbolic: symbolic[axis], isReduced: isReduced))
      }
    }
    return runs
  }
}
