import NetcCore
import NetcData
import NetcSemantics

extension CompiledModel {
  /// Some rows of a column as one tensor of its input's type, in the order given.
  func tensor(_ column: DataColumn, rows: [Int32]) -> Tensor? {
    let element = model.inputs.first { $0.name == column.name }?.type.element
    return column.tensor(rows: rows, as: element ?? .float)
  }
}

extension DataColumn {
  /// Some rows as one tensor of an element, in the order given.
  fileprivate func tensor(rows: [Int32], as element: ElementType) -> Tensor? {
    let stored: Tensor.Storage =
      switch storage {
      case .floats(let values): .float(gather(values, rows))
      case .doubles(let values): .double(gather(values, rows))
      case .ints(let values): .int(gather(values, rows))
      case .bytes(let values, let scale):
        switch element {
        case .float: .float(gather(values, rows).map { Float($0) * Float(scale) })
        case .int: .int(gather(values, rows).map { Int32($0) })
        case .bool: .bool(gather(values, rows).map { $0 != 0 })
        }
      }
    return Tensor(shape: [rows.count] + rowShape, stored)
  }

  private func gather<T>(_ values: [T], _ rows: [Int32]) -> [T] {
    var result: [T] = []
    result.reserveCapacity(rows.count * rowSize)
    for row in rows {
      let first = start(ofRow: Int(row))
      result += values[first..<first + rowSize]
    }
    return result
  }
}
