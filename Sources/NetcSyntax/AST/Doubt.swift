package import NetcCore

/// What could not be read of a file, so that nothing is said about what may follow from it.
package struct Doubt: Hashable, Sendable {
  /// The names that unreadable statements may have declared or rebound.
  package var names: Set<String> = []
  /// The statements, or their headers, that hold an error.
  package var places: [SourceRange] = []
  /// Whether blocks are not where they seem, as after a missing brace.
  package var isEverywhere = false

  /// Whether there is any.
  package var isEmpty: Bool { places.isEmpty && !isEverywhere }

  /// No doubt.
  package init() {}

  /// Whether a place lies in a statement with an error.
  package func covers(_ range: SourceRange) -> Bool {
    places.contains { $0.file == range.file && $0.start <= range.start && range.start < $0.end }
  }
}
