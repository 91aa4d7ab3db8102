import CNetc
import NetcCore

/// The columns of a feed in the order in which a plan numbers them.
final class FeedBinding {
  let columns: UnsafeMutablePointer<netc_column>

  /// - Throws: when an input has no data or rows of another size.
  init(_ plan: Plan, _ feed: DataFeed) throws(PlanError) {
    let fed = plan.inputs.filter { $0.column != nil }
    var found: [netc_column] = []
    for input in fed {
      guard let place = feed.names.firstIndex(of: input.name) else {
        throw PlanError("no data for the input `\(input.name)`")
      }
      let size = input.shape.dropFirst().reduce(1, *)
      guard feed.rowSizes[place] == size else {
        throw PlanError(
          "the input `\(input.name)` takes \(size) numbers an example, "
            + "the data has \(feed.rowSizes[place])"
        )
      }
      found.append(feed.columns[place])
    }
    columns = .allocate(capacity: max(1, found.count))
    columns.initialize(from: found, count: found.count)
  }

  deinit { columns.deallocate() }
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
