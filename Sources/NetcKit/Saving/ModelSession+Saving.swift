import NetcCore
import NetcRuntime
import NetcSemantics

extension ModelSession {
  /// All parameters and states as they are.
  var entries: [SavedModel.Entry] {
    executor.layout.entries.compactMap { entry in
      read(entry.name).map { SavedModel.Entry(entry.name, $0) }
    }
  }

  /// Takes parameters and states from a saved model: the kept ones, or the last ones to continue a
  /// run.
  ///
  /// A statistic or optimizer state that the file lacks keeps its first value; a missing parameter
  /// is an error.
  /// - Throws: `NetcError.checkpoint` when a parameter is missing or a shape differs.
  func load(_ saved: SavedModel, path: String, resuming: Bool = false) throws(NetcError) {
    let optional = Set(compiled.model.states.filter { $0.kind == .optimizer }.map(\.name))
    for entry in executor.layout.entries {
      let last = resuming ? saved.last.first { $0.name == entry.name } : nil
      guard let tensor = last?.tensor ?? saved[entry.name] else {
        if optional.contains(entry.name), !resuming { continue }
        throw .checkpoint(path: path, reason: missing(entry.name, saved))
      }
      guard tensor.shape == entry.shape else {
        throw .checkpoint(
          path: path,
          reason: "`\(entry.name)` is \(tensor.shape) in the file, \(entry.shape) in the program")
      }
      try load(entry.name, tensor)
    }
  }

  private func missing(_ name: String, _ saved: SavedModel) -> String {
    let near = suggestion(for: name, among: saved.tensors.map(\.name))
    return "holds no `\(name)`" + (near.map { "; did you mean its `\($0)`?" } ?? "")
  }
}
