import Foundation
import NetcCore
import NetcSemantics
import NetcSyntax

/// A program parsed and analysed, with what was said about it as text.
struct Analyzed {
  let model: Model?
  let diagnostics: [Diagnostic]
  let sources: SourceMap

  /// Parses and analyses a text.
  init(_ text: String, name: String = "test.net", settings: [(String, String)] = []) {
    var sources = SourceMap()
    let file = sources.add(name: name, text: text)
    let parsed = parse(file, in: sources)
    var options = AnalysisOptions()
    options.settings = settings.map { (name: $0.0, expression: $0.1) }
    options.resolveImport = { path, _ in
      let file = Self.imports.appendingPathComponent(path)
      guard let text = try? String(contentsOf: file, encoding: .utf8) else {
        return .missing(reason: "no such file")
      }
      return .found(name: path, text: text)
    }
    let analyzed = analyze(parsed.unit, sources: &sources, options: options)
    model = parsed.diagnostics.contains { $0.severity == .error } ? nil : analyzed.model
    diagnostics = parsed.diagnostics + analyzed.diagnostics
    self.sources = sources
  }

  /// The diagnostics as a terminal without colours shows them.
  var report: String {
    diagnostics.map { DiagnosticRenderer(sources: sources).render($0) }.joined(separator: "\n")
  }

  /// The files that stored programs import.
  static let imports = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Diagnostics/Imports")

  /// The project's folder.
  static let project = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The example programs, by path below `examples`.
  static let examples: [String] = {
    let folder = project.appendingPathComponent("examples")
    let found =
      FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return found.filter { $0.hasSuffix(".net") }.sorted()
  }()

  /// The text of an example.
  static func example(_ name: String) throws -> String {
    try String(contentsOf: project.appendingPathComponent("examples/\(name)"), encoding: .utf8)
  }
}
