package import NetcCore

/// The parameters and results of a `fn`, `layer` or `rule`.
package struct Signature: Hashable, Sendable {
  /// What it takes, in order.
  package let parameters: [Parameter]
  /// The types after `->`; empty when there is none.
  package let results: [TypeExpression]
  /// From `(` to the last result.
  package let range: SourceRange

  /// A signature at a place.
  package init(parameters: [Parameter], results: [TypeExpression], range: SourceRange) {
    self.parameters = parameters
    self.results = results
    self.range = range
  }
}

/// One parameter of a signature: `padding: same or valid or int = valid`.
package struct Parameter: Hashable, Sendable {
  /// Its name, which is its label too.
  package let name: Name
  /// The types joined by `or`; at least one unless the text could not be read.
  package let types: [TypeExpression]
  /// The expression after `=`.
  package let defaultValue: Expression?

  /// A parameter.
  package init(name: Name, types: [TypeExpression], defaultValue: Expression?) {
    self.name = name
    self.types = types
    self.defaultValue = defaultValue
  }

  /// From the name to the default.
  package var range: SourceRange {
    let typed = types.last.map { name.range.joined(with: $0.range) } ?? name.range
    return defaultValue.map { typed.joined(with: $0.range) } ?? typed
  }
}
