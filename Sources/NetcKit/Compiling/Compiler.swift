import NetcCore
import NetcData
import NetcSemantics
import NetcSyntax

/// Compiles `.net` programs: text to graphs, with the backward pass derived and everything
/// optimised.
public struct Compiler: Sendable {
  /// The settings.
  public let options: CompilerOptions

  /// A compiler with these settings.
  public init(options: CompilerOptions = CompilerOptions()) { self.options = options }

  /// Compiles a program given as text. Relative data paths start from `directory`.
  /// - Complexity: O(nodes of the graphs).
  public func compile(
    _ text: String, name: String = "<string>", directory: String = ""
  ) -> Compilation {
    var sources = SourceMap()
    let file = sources.add(name: name, text: text)
    let parsed = parse(file, in: sources)
    var analysis = AnalysisOptions()
    analysis.settings = options.settings.map { (name: $0.name, expression: $0.expression) }
    let files = ImportResolver(
      main: name, directory: directory, allowsOutside: options.allowsOutsideImports)
    analysis.resolveImport = files.resolve
    let analyzed = analyze(parsed.unit, sources: &sources, options: analysis)
    let diagnostics = Compilation.sorted(
      parsed.diagnostics + analyzed.diagnostics + (analyzed.model?.dataMistakes() ?? []))
    guard let model = analyzed.model, !diagnostics.contains(where: { $0.severity == .error }) else {
      return Compilation(sources: sources, diagnostics: diagnostics, model: nil)
    }
    let compiled = CompiledModel(
      model, sources: sources, name: name, text: text, directory: directory, options: options,
      warnings: diagnostics)
    return Compilation(sources: sources, diagnostics: diagnostics, model: compiled)
  }

  /// Compiles a file. Relative data paths start from its folder.
  /// - Throws: `NetcError.file` when it cannot be read or is not UTF-8.
  public func compile(fileAt path: String) throws(NetcError) -> Compilation {
    guard let bytes = contents(ofFile: path) else {
      throw .file(path: path, reason: "cannot be read: no such file, or no permission")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .file(path: path, reason: "is not UTF-8 text")
    }
    let directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return compile(text, name: path, directory: directory.joined(separator: "/"))
  }
}

extension Compilation {
  /// Errors and warnings by place, those of one place in the order they were found.
  static func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    let keyed = diagnostics.enumerated().map { index, diagnostic in
      (
        file: diagnostic.primary?.range.file.rawValue ?? 0,
        start: diagnostic.primary?.range.start ?? 0,
        index: index, diagnostic: diagnostic
      )
    }
    return keyed.sorted { ($0.file, $0.start, $0.index) < ($1.file, $1.start, $1.index) }
      .map(\.diagnostic)
  }
}
