package import NetcCore

/// The right side of `|>`: a callable, with its other arguments or without.
package struct Target: Hashable, Sendable {
  /// The callable.
  package let path: Path
  /// The arguments; nil when there are no parentheses.
  package let arguments: [Argument]?
  /// Its place, parentheses included.
  package let range: SourceRange

  /// A target at a place.
  package init(path: Path, arguments: [Argument]?, range: SourceRange) {
    self.path = path
    self.arguments = arguments
    self.range = range
  }
}

/// Callables one after another, input left open: `conv2d(8, kernel: 5) |> relu`.
package struct Chain: Hashable, Sendable {
  /// The targets in order; at least one unless the text could not be read.
  package let targets: [Target]
  /// From the first to the last.
  package let range: SourceRange

  /// A chain at a place.
  package init(targets: [Target], range: SourceRange) {
    self.targets = targets
    self.range = range
  }
}
