import NetcCore

/// What `gather` and `scatter_add` share: a table `[b…, p…, n, r…]` read at `[b…, i…]` gives `[b…,
/// p…, i…, r…]`.
enum IndexedAxis {
  /// The type of what is read from (or added to) a table at integer indices.
  static func rowsType(
    _ table: TensorType, _ indices: TensorType, _ attributes: Attributes
  ) throws(OperationTypeError) -> TensorType {
    let axis = try attributes.checkedAxis(rank: table.shape.rank)
    let batch = try attributes.checkedInt("batch_dims")
    guard indices.element == .int else {
      throw OperationTypeError("whole numbers expected as indices, found \(indices)", operand: 1)
    }
    guard batch >= 0, batch <= axis, batch <= indices.shape.rank else {
      throw OperationTypeError(
        "`batch_dims` is \(batch): at most `axis` (\(axis)) and the indices' rank are possible")
    }
    guard table.shape.dims[..<batch] == indices.shape.dims[..<batch] else {
      throw OperationTypeError(
        "the first \(batch) dimensions of \(table.shape) and \(indices.shape) differ", operand: 1)
    }
    let dims =
      table.shape.dims[..<axis] + indices.shape.dims[batch...] + table.shape.dims[(axis + 1)...]
    return TensorType(table.element, try Shape(Array(dims)).checked())
  }

  /// For each element of `[b…, p…, i…, r…]` its offset in the table; -1 where the index is out of
  /// range.
  static func offsets(table: [Int], indices: [Int], _ numbers: [Int32], axis: Int, batch: Int)
    -> [Int]
  {
    let batches = table[..<batch].reduce(1, *)
    let rows = table[batch..<axis].reduce(1, *)
    let size = table[axis]
    let width = table[(axis + 1)...].reduce(1, *)
    let picks = indices[batch...].reduce(1, *)
    var result: [Int] = []
    result.reserveCapacity(batches * rows * picks * width)
    for b in 0..<batches {
      for row in 0..<rows {
        for pick in 0..<picks {
          let index = Int(numbers[b * picks + pick])
          let isInside = index >= 0 && index < size
          let start = ((b * rows + row) * size + index) * width
          for column in 0..<width { result.append(isInside ? start + column : -1) }
        }
      }
    }
    return result
  }
}
