public import NetcCore

/// What became of a program: its diagnostics and, when none is an error, the compiled model.
public struct Compilation: Sendable {
  /// The files the diagnostics point into.
  public let sources: SourceMap
  /// Errors and warnings in the order of their places.
  public let diagnostics: [Diagnostic]
  /// The model; nil when there are errors.
  public let model: CompiledModel?

  /// Whether the program has errors.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  /// The diagnostics as text with carets.
  public func renderedDiagnostics(color: Bool = false) -> String {
    let renderer = DiagnosticRenderer(sources: sources, color: color)
    return diagnostics.map { renderer.render($0) }.joined(separator: "\n")
  }

  /// The model.
  /// - Throws: `NetcError.program` when the program has errors.
  public func get() throws(NetcError) -> CompiledModel {
    guard let model else { throw .program(diagnostics) }
    return model
  }
}
