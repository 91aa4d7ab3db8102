import NetcCore
import NetcGraph

extension Pass {
  /// Multiplies tables before their rows are read, where there are fewer rows than reads.
  package static let exchangeGathers = Pass(
    name: "products-of-tables",
    summary: """
      a product with rows read from a table is read from the table's product where the table has \
      fewer rows than are read, its derivatives likewise; transposes of rows become those of indices
      """,
    keeps: .rounding, isIdempotent: false
  ) { graph in
    if graph.operations.isDisjoint(with: [.gather, .scatterAdd]) { return nil }
    return Rewriter.rewrite(graph, [.transpose, .dotGeneral, .scatterAdd]) { rewriter, node in
      switch node.op {
      case .transpose: rewriter.transposedIndices(node)
      case .dotGeneral: rewriter.productOfTable(node) ?? rewriter.tableTimesSums(node)
      case .scatterAdd: rewriter.sumsTimesMatrix(node)
      default: nil
      }
    }
  }
}

/// Rows of a table `[n, d]`: gather(table, indices) is `[i…, d]`.
private struct TableRows {
  let table: ValueID
  let indices: ValueID
  /// How many axes the indices have.
  let rank: Int
}

extension Rewriter {
  private mutating func rows(_ value: ValueID) -> TableRows? {
    guard let node = definition(of: value, .gather) else { return nil }
    let attributes = builder.graph.attributes(of: node)
    let operands = Array(builder.graph.operands(of: node))
    guard attributes.int("axis") == 0, attributes.int("batch_dims") == 0,
      type(of: operands[0]).shape.rank == 2, type(of: operands[0]).element == .float
    else { return nil }
    let rank = type(of: operands[1]).shape.rank
    return rank == 0 ? nil : TableRows(table: operands[0], indices: operands[1], rank: rank)
  }

  /// Whether a table has fewer rows than are read; sizes not known yet count as 16.
  private func isSmall(_ table: ValueID, _ indices: ValueID) -> Bool {
    let count = type(of: indices).shape.count
    let sizes = Dictionary(uniqueKeysWithValues: count.symbols.map { ($0, 16) })
    guard let rows = type(of: table).shape[0].constant, let reads = count.value(sizes) else {
      return false
    }
    return rows < reads
  }

  /// transpose(gather(E, i)) = gather(E, transpose(i)) where the rows stay whole.
  fileprivate mutating func transposedIndices(_ node: Candidate) -> Replacement? {
    let permutation = node.attributes.ints("permutation")
    guard let rows = rows(node.operands[0]), permutation.last == rows.rank else { return nil }
    let indices = builder.transpose(rows.indices, Array(permutation.dropLast()))
    return .value(builder.gather(rows.table, indices, axis: 0))
  }

  /// gather(E, i) @ W = gather(E @ W, i).
  fileprivate mutating func productOfTable(_ node: Candidate) -> Replacement? {
    let axes = DotDimensions(node.attributes)
    guard axes.lhsBatch.isEmpty, let rows = rows(node.operands[0]),
      axes.lhsContracting == [rows.rank], isSmall(rows.table, rows.indices)
    else { return nil }
    let product = builder.dot(
      rows.table, node.operands[1],
      DotDimensions(lhsContracting: [1], rhsContracting: axes.rhsContracting))
    return .value(builder.gather(product, rows.indices, axis: 0))
  }

  /// The product of gather(E, i) and D over all rows, EᵀS with S the sums of D by index.
  fileprivate mutating func tableTimesSums(_ node: Candidate) -> Replacement? {
    let axes = DotDimensions(node.attributes)
    if let rows = rows(node.operands[0]),
      let sums = sums(
        of: node.operands[1], rows, own: axes.lhsContracting, paired: axes.rhsContracting)
    {
      return .node(
        node.with(
          .dotGeneral, [rows.table, sums],
          DotDimensions(lhsContracting: [0], rhsContracting: [0]).attributes))
    }
    if let rows = rows(node.operands[1]),
      let sums = sums(
        of: node.operands[0], rows, own: axes.rhsContracting, paired: axes.lhsContracting)
    {
      return .node(
        node.with(
          .dotGeneral, [sums, rows.table],
          DotDimensions(lhsContracting: [0], rhsContracting: [0]).attributes))
    }
    return nil
  }

  /// The sums of the rows of `values` by index, where the product sums over all of them.
  private mutating func sums(
    of values: ValueID, _ rows: TableRows, own: [Int], paired: [Int]
  ) -> ValueID? {
    let shape = type(of: values).shape
    guard own.sorted() == Array(0..<rows.rank), shape.rank == rows.rank + 1,
      paired.sorted() == Array(0..<rows.rank), isSmall(rows.table, rows.indices)
    else { return nil }
    var order = paired
    for (axis, other) in zip(own, paired) { order[other] = axis }
    let indices = builder.transpose(rows.indices, order)
    let zeros = builder.zeros([type(of: rows.table).shape[0], shape[rows.rank]])
    return builder.scatterAdd(zeros, indices, values, axis: 0)
  }

  /// scatter_add(0, i, D @ W) = scatter_add(0, i, D) @ W; a transpose of the rows becomes one of
  /// the indices.
  fileprivate mutating func sumsTimesMatrix(_ node: Candidate) -> Replacement? {
    let (base, indices, updates) = (node.operands[0], node.operands[1], node.operands[2])
    guard constant(base) == 0, node.type.element == .float, node.type.shape.rank == 2,
      node.attributes.int("axis") == 0, node.attributes.int("batch_dims") == 0
    else { return nil }
    let rank = type(of: indices).shape.rank
    if let turned = definition(of: updates, .transpose),
      let source = builder.graph.operands(of: turned).first
    {
      let permutation = builder.graph.attributes(of: turned).ints("permutation")
      guard permutation.last == rank else { return nil }
      var order = permutation
      for (place, axis) in permutation.enumerated() { order[axis] = place }
      let moved = builder.transpose(indices, Array(order.dropLast()))
      var next = node.with(.scatterAdd, [base, moved, source], node.attributes)
      next.node = node.node
      return .node(next)
    }
    guard isOnlyUse(ofOperand: 2, node), isSmall(base, indices),
      let dot = definition(of: updates, .dotGeneral)
    else { return nil }
    let axes = DotDimensions(builder.graph.attributes(of: dot))
    let operands = Array(builder.graph.operands(of: dot))
    guard axes.lhsBatch.isEmpty, axes.lhsContracting == [rank],
      type(of: operands[0]).shape.rank == rank + 1
    else { return nil }
    let zeros = builder.zeros([node.type.shape[0], type(of: operands[0]).shape[rank]])
    let sums = builder.scatterAdd(zeros, indices, operands[0], axis: 0)
    return .node(
      node.with(
        .dotGeneral, [sums, operands[1]],
        DotDimensions(lhsContracting: [1], rhsContracting: axes.rhsContracting).attributes))
  }
}
