import NetcCore
import NetcGraph

extension Pass {
  /// Reads rows of small tables, and adds rows up into them, turn by turn instead of by a stack.
  package static let keepRowsInLoops = Pass(
    name: "rows-in-loops",
    summary: """
      a turn reads its rows of a small table itself, and adds the rows that only sums over all \
      turns read to small carried sums, so that no stack of them passes through memory
      """,
    keeps: .rounding, isIdempotent: true
  ) { graph in
    guard graph.hasScans else { return nil }
    PassMeter.add(graph.nodeCount)
    var rewriting = RowsInLoops(graph)
    return rewriting.run()
  }
}

private struct RowsInLoops {
  private let graph: Graph
  private let uses: [Int32]
  private var transfer: GraphTransfer
  /// The nodes that read the results of loops, by `ValueID.index`.
  private var users: [Int: [NodeID]] = [:]
  /// Sums that a loop gives now.
  private var gone: Set<NodeID> = []

  /// Elements of the largest table or sum that a loop keeps: it stays in a core's own cache.
  private static let mostElements = 1 << 17

  init(_ graph: Graph) {
    self.graph = graph
    uses = graph.useCounts()
    transfer = GraphTransfer(from: graph)
    for node in graph.nodeIDs {
      for operand in graph.operands(of: node) where graph.op(of: operand) == .scan {
        users[operand.index, default: []].append(node)
      }
    }
  }

  mutating func run() -> Graph {
    for node in graph.nodeIDs where !gone.contains(node) {
      if graph.op(of: node) == .scan { rewrite(node) } else { transfer.copy(node) }
    }
    return transfer.finish()
  }

  private mutating func rewrite(_ node: NodeID) {
    let parts = ScanParts(graph.attributes(of: node), operands: graph.operands(of: node))
    var made = LoopRows(parts, graph)
    for (place, sequence) in parts.sequences.enumerated() where !parts.isApart {
      if let read = rows(sequence) { made.tables[place] = read }
    }
    let old = LoopResults(graph.results(of: node), carried: parts.carried.count)
    for (place, stack) in old.outputs.enumerated() where !parts.isApart {
      made.sums += sums(of: stack, place, before: node)
    }
    if made.tables.isEmpty && made.sums.isEmpty {
      transfer.copy(node)
      return
    }
    PassMeter.add(parts.body.graph.nodeCount)
    transfer.builder.origin = graph.origin(of: node)
    let results = made.emit(&transfer)
    for (place, value) in old.finals.enumerated() {
      transfer.replace(value, by: results.finals[place])
      transfer.replace(old.stacks[place], by: results.stacks[place])
    }
    for (place, output) in made.keptOutputs.enumerated() {
      transfer.replace(old.outputs[output], by: results.outputs[place])
    }
    for (place, sum) in made.sums.enumerated() {
      transfer.replace(graph.result(of: sum.node), by: results.finals[old.finals.count + place])
      gone.insert(sum.node)
    }
  }

  /// The table and indices of a sequence that is read from a small table for the loop alone.
  private func rows(_ value: ValueID) -> LoopRows.Table? {
    let node = graph.node(of: value)
    guard graph.op(of: node) == .gather, uses[value.index] == 1, isWhole(node) else { return nil }
    let operands = Array(graph.operands(of: node))
    guard graph.type(of: operands[0]).shape.rank == 2, isSmall(operands[0]),
      graph.type(of: operands[1]).shape.rank > 1
    else { return nil }
    return LoopRows.Table(table: operands[0], indices: operands[1])
  }

  /// The sums over all turns that are all that reads a stack; none when others do.
  private func sums(of stack: ValueID, _ place: Int, before loop: NodeID) -> [LoopRows.Sum] {
    guard let users = users[stack.index], Int(uses[stack.index]) == users.count,
      graph.type(of: stack).element == .float
    else { return [] }
    var sums: [LoopRows.Sum] = []
    for user in users {
      guard isSmall(graph.result(of: user)) else { return [] }
      switch graph.op(of: user) {
      case .reduceSum:
        let axes = graph.attributes(of: user).ints("axes")
        guard axes.contains(0) else { return [] }
        sums.append(LoopRows.Sum(node: user, output: place, indices: nil, axes: axes))
      case .scatterAdd:
        let operands = Array(graph.operands(of: user))
        guard operands[2] == stack, operands[1] != stack, isWhole(user), isZero(operands[0]),
          graph.node(of: operands[1]) < loop, graph.type(of: operands[1]).shape.rank > 1,
          graph.type(of: operands[0]).shape.rank == 2
        else { return [] }
        sums.append(LoopRows.Sum(node: user, output: place, indices: operands[1], axes: []))
      default: return []
      }
    }
    return sums
  }

  /// Whether a node reads or adds whole rows of a table.
  private func isWhole(_ node: NodeID) -> Bool {
    let attributes = graph.attributes(of: node)
    return attributes.int("axis") == 0 && attributes.int("batch_dims") == 0
  }

  private func isSmall(_ value: ValueID) -> Bool {
    guard let count = graph.type(of: value).shape.count.constant else { return false }
    return count <= Self.mostElements
  }

  private func isZero(_ value: ValueID) -> Bool {
    guard graph.op(of: value) == .constant else { return false }
    return graph.attributes(of: graph.node(of: value)).numbers("values").allSatisfy { $0 == 0 }
  }
}

/// A loop with tables that it reads and sums that it makes itself; values outside are the source's.
private struct LoopRows {
  struct Table {
    let table: ValueID
    let indices: ValueID
  }

  /// A sum of one output over all turns: of rows by indices, or over axes of the stack.
  struct Sum {
    let node: NodeID
    let output: Int
    let indices: ValueID?
    let axes: [Int]
  }

  /// By the place of the sequence that is no longer stacked.
  var tables: [Int: Table] = [:]
  var sums: [Sum] = []
  private let parts: ScanParts<ValueID>
  private let graph: Graph

  init(_ parts: ScanParts<ValueID>, _ graph: Graph) {
    self.parts = parts
    self.graph = graph
  }

  /// The places of the outputs that are still stacked.
  var keptOutputs: [Int] {
    let summed = Set(sums.map(\.output))
    let count = parts.body.graph.results.count - parts.carried.count
    return (0..<count).filter { !summed.contains($0) }
  }

  func emit(_ transfer: inout GraphTransfer) -> LoopResults {
    let sequences =
      parts.sequences.enumerated().map { tables[$0]?.indices ?? $1 } + sums.compactMap(\.indices)
    let captured = parts.captured + tables.keys.sorted().compactMap { tables[$0]?.table }
    let totals = sums.map { graph.type(of: graph.result(of: $0.node)) }
    var made = parts
    made.carried = parts.carried.map { transfer[$0] }
    for total in totals { made.carried.append(transfer.builder.zeros(total.shape)) }
    made.sequences = sequences.map { transfer[$0] }
    made.captured = captured.map { transfer[$0] }
    made.body = GraphBody(
      body(
        parts.carried.map { graph.type(of: $0) } + totals, sequences.map { graph.type(of: $0) },
        captured.map { graph.type(of: $0) }))
    return LoopResults(transfer.builder.scan(made), carried: made.carried.count)
  }

  private func body(
    _ carried: [TensorType], _ sequences: [TensorType], _ captured: [TensorType]
  ) -> Graph {
    let source = parts.body.graph
    var transfer = GraphTransfer(from: source)
    let rows = sequences.map { type in
      TensorType(type.element, Shape(Array(type.shape.dims.dropFirst())))
    }
    let types = carried + rows + captured + [TensorType(.int, .scalar)]
    let arguments = types.enumerated().map { transfer.builder.argument($0, $1) }
    let (first, second) = (carried.count, carried.count + sequences.count)
    var values = Array(arguments[..<parts.carried.count])
    var table = second + parts.captured.count
    for place in parts.sequences.indices {
      let row = arguments[first + place]
      if tables[place] == nil {
        values.append(row)
      } else {
        values.append(transfer.builder.gather(arguments[table], row, axis: 0))
        table += 1
      }
    }
    values += arguments[second..<second + parts.captured.count]
    values.append(arguments[arguments.count - 1])
    for node in source.nodeIDs {
      if source.op(of: node) == .argument {
        let index = source.attributes(of: node).int("index")
        transfer.replace(source.result(of: node), by: values[index])
      } else {
        transfer.copy(node)
      }
    }
    let given = source.results.map { transfer[$0.value] }
    var results = Array(given[..<parts.carried.count])
    var indices = first + parts.sequences.count
    for (place, sum) in sums.enumerated() {
      let total = arguments[parts.carried.count + place]
      let rows = given[parts.carried.count + sum.output]
      if sum.indices == nil {
        let axes = sum.axes.filter { $0 > 0 }.map { $0 - 1 }
        results.append(
          transfer.builder.add(total, transfer.builder.reduceSum(rows, axes: axes)))
      } else {
        results.append(transfer.builder.scatterAdd(total, arguments[indices], rows, axis: 0))
        indices += 1
      }
    }
    results += keptOutputs.map { given[parts.carried.count + $0] }
    var graph = transfer.builder.graph
    graph.results = results.enumerated().map { GraphResult(.result, String($0), $1) }
    return graph
  }
}
