import NetcCore
import NetcSyntax

/// Settings of a compilation that come from outside the program.
package struct AnalysisOptions: Sendable {
  /// `--set NAME=EXPRESSION`, in order.
  package var settings: [(name: String, expression: String)] = []

  package init() {}
}
