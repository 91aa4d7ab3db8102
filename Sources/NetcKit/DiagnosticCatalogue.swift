public import NetcCore
import NetcSemantics
import NetcSyntax

/// Every kind of diagnostic, sorted by code.
public enum DiagnosticCatalogue {
  /// The kinds of all stages.
  public static let kinds: [DiagnosticKind] =
    (SyntaxDiagnostics.kinds + SemanticDiagnostics.kinds + [.dataRefused]).sorted {
      $0.code < $1.code
    }
}
