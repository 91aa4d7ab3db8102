package import NetcCore

/// Everything that can be wrong with what a program means.
package enum SemanticDiagnostics {
  /// All kinds, by code within each family.
  package static let kinds: [DiagnosticKind] =
    DiagnosticKind.ofShapes + DiagnosticKind.ofTypes + DiagnosticKind.ofNames
    + DiagnosticKind.ofCalls + DiagnosticKind.ofImports + DiagnosticKind.ofPrograms
    + DiagnosticKind.ofDeclarations
    + DiagnosticKind.ofScans + DiagnosticKind.ofWarnings
}
