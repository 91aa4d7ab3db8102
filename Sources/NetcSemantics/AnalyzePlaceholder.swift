package import NetcCore
package import NetcSyntax
package func analyze(_ unit: SourceUnit, sources: inout SourceMap, options: AnalysisOptions) -> (model: Model?, diagnostics: [Diagnostic]) { (nil, []) }
package enum SemanticDiagnostics { package static let kinds: [DiagnosticKind] = [] }
