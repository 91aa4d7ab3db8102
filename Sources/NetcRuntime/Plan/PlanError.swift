package import NetcCore

/// Why a graph cannot become a plan: what a user can meet, in words fit for them.
package struct PlanError: Error, Hashable, Sendable {
  /// What is wrong: lower case, no full stop.
  package let message: String
  /// The text the node at fault comes from.
  package let range: SourceRange?
  /// What to change, if that can be said.
  package let help: String?

  package init(_ message: String, at range: SourceRange? = nil, help: String? = nil) {
    self.message = message
    self.range = range
    self.help = help
  }

  /// A step that does not fit into so many bytes, with the smallest plan found.
  static func memory(_ bytes: Int, found: MemoryReport) -> PlanError {
    let values = found.peakValues.prefix(3).map { "`\($0.name)` \($0.shape) of \($0.bytes) bytes" }
    let largest = values.isEmpty ? "" : "; most of the rest is \(values.joined(separator: ", "))"
    return PlanError(
      "a training step does not fit into \(bytes) bytes: the smallest plan found takes"
        + " \(found.total), \(found.persistent) of them for parameters and states\(largest)",
      help: "take a smaller batch, or at least `--memory \(found.total)`")
  }

  /// A size that is too large for the machine's addressing, or a symbol that nothing binds.
  static func size(_ shape: Shape, _ bindings: DimBindings, at range: SourceRange?) -> PlanError {
    let open = shape.dims.flatMap(\.symbols).filter { bindings[$0] == nil }
    if let name = open.first {
      return PlanError("the dimension `\(name)` of \(shape) has no size", at: range)
    }
    return PlanError("a tensor of shape \(shape) is too large", at: range)
  }
}
