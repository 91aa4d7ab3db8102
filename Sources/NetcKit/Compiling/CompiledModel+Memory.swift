import NetcCore
import NetcSemantics

extension CompiledModel {
  /// Checks that a training step fits into the memory asked for, where all its sizes are known
  /// before data is read.
  /// - Throws: `NetcError.tooLarge` with the smallest size found.
  func checkMemory(_ options: RunOptions, batch: Int? = nil) throws(NetcError) {
    guard let memory = options.memory, !losses.isEmpty else { return }
    var sizes = options.dimensions
    if let symbol = batchSymbol, sizes[symbol] == nil {
      if let batch {
        sizes[symbol] = batch
      } else if case .size(let size)? = model.train?.batch {
        sizes[symbol] = size
      }
    }
    guard openSymbols.allSatisfy({ sizes[$0] != nil }) else { return }
    _ = try plan(isEvaluation: false, dimensions: sizes, memory: memory)
  }
}
