import CNetc
import NetcCore

/// The columns of a feed in the order in which a plan numbers them.
struct FeedBinding {
  private let columns: [DataFeed.Column]

  /// - Throws: when an input has no data or rows of another size.
  init(_ plan: Plan, _ feed: DataFeed) throws(PlanError) {
    columns = try plan.inputs.filter { $0.column != nil }.map { input throws(PlanError) in
      guard let column = feed.columns.first(where: { $0.name == input.name }) else {
        throw PlanError("no data for the input `\(input.name)`")
      }
      let size = input.shape.dropFirst().reduce(1, *)
      guard column.rowSize == size else {
        throw PlanError(
          "the input `\(input.name)` takes \(size) numbers an example, "
            + "the data has \(column.rowSize)"
        )
      }
      return column
    }
  }

  /// Calls `body` with the columns as kernels know them; their numbers are read where they are.
  func withColumns<R>(_ body: (UnsafePointer<netc_column>) -> R) -> R {
    var found = Array(repeating: netc_column(), count: max(1, columns.count))
    return pin(0, &found, body)
  }

  /// Holds the numbers of the columns from a place on in memory for the duration of `body`.
  private func pin<R>(
    _ place: Int, _ found: inout [netc_column], _ body: (UnsafePointer<netc_column>) -> R
  ) -> R {
    guard place < columns.count else {
      return found.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { internalError("feed: no memory for columns") }
        return body(base)
      }
    }
    return columns[place].withKernelColumn { column in
      found[place] = column
      return pin(place + 1, &found, body)
    }
  }
}

extension DataFeed.Column {
  /// Calls `body` with the column as kernels know it, valid for the duration of the call.
  fileprivate func withKernelColumn<R>(_ body: (netc_column) -> R) -> R {
    func column(_ bytes: UnsafeRawBufferPointer, _ kind: Int, scale: Double = 1) -> netc_column {
      netc_column(
        data: bytes.baseAddress, rows: Int64(rowCount), width: Int64(rowSize),
        offset: Int64(offset), stride: Int64(stride), scale: scale,
        kind: Int32(truncatingIfNeeded: kind))
    }
    switch storage {
    case .floats(let values):
      return values.withUnsafeBytes { body(column($0, Int(NETC_COLUMN_F32))) }
    case .doubles(let values):
      return values.withUnsafeBytes { body(column($0, Int(NETC_COLUMN_F64))) }
    case .ints(let values):
      return values.withUnsafeBytes { body(column($0, Int(NETC_COLUMN_I32))) }
    case .bytes(let values, let scale):
      return values.withUnsafeBytes { body(column($0, Int(NETC_COLUMN_U8), scale: scale)) }
    case .mapped(let file):
      return withExtendedLifetime(file) {
        file.kind == .float
          ? body(column(UnsafeRawBufferPointer(file.floats), Int(NETC_COLUMN_F32)))
          : body(column(UnsafeRawBufferPointer(file.ints), Int(NETC_COLUMN_I32)))
      }
    }
  }
}

extension Executor {
  /// Copies tensors that are fed whole to where a plan reads them.
  func loadWhole(_ plan: Plan, _ tensors: [String: Tensor]) throws(ExecutorError) {
    let memory = engine.memory(for: plan)
    for input in plan.inputs where input.column == nil {
      guard let tensor = tensors[input.name] else {
        throw ExecutorError("no value for the input `\(input.name)`")
      }
      guard tensor.shape == input.shape, tensor.element == input.element else {
        throw ExecutorError(
          "the input `\(input.name)` is \(typeText(input.element, input.shape)), "
            + "found \(typeText(tensor.element, tensor.shape))")
      }
      TensorMemory.write(tensor, to: memory + input.offset, layout.precision)
    }
  }
}
