import NetcCore
import NetcEmit
import NetcGraph
import NetcSemantics
import NetcSyntax
import NetcTransform

/// What a definition of the standard library is, in its own words: formula, source in the language,
/// derivative, and how other systems differ.
public struct LibrarySpecification: Hashable, Sendable {
  /// The name.
  public let name: String
  /// `fn`, `layer` or `rule`.
  public let sort: String
  /// Formula, shapes, defaults and where it comes from.
  public let documentation: String
  /// The definition.
  public let source: String
  /// The derivative: the library's own, or the derived one as text; nil for layers and rules.
  public let derivative: String?
  /// How other systems differ; nil where they agree.
  public let elsewhere: String?

  /// Every name the library defines, sorted.
  public static var names: [String] { LibraryText.definitions.keys.sorted() }

  /// The specification of a name; nil when the library does not define it.
  public init?(of name: String) {
    guard let found = LibraryText.definitions[name] else { return nil }
    self.name = name
    sort = found.sort
    documentation = found.documentation
    source = found.text
    elsewhere = LibraryDifferences.texts[name]
    derivative =
      LibraryText.gradients[name] ?? (found.sort == "fn" ? derivedText(name, found) : nil)
  }
}

/// The library's definitions as text.
private enum LibraryText {
  struct Entry: Sendable {
    let sort: String
    let documentation: String
    let text: String
    let signature: Signature
  }

  static let definitions: [String: Entry] = units.reduce(into: [:]) { entries, unit in
    for statement in unit.statements {
      let found: (sort: String, definition: Definition)
      switch statement.kind {
      case .function(let definition): found = ("fn", definition)
      case .layer(let definition): found = ("layer", definition)
      case .rule(let definition): found = ("rule", definition)
      default: continue
      }
      entries[found.definition.name.text] = Entry(
        sort: found.sort, documentation: statement.documentation ?? "",
        text: unit.sources.text(statement.range), signature: found.definition.signature)
    }
  }

  static let gradients: [String: String] = units.reduce(into: [:]) { texts, unit in
    for statement in unit.statements {
      if case .gradient(let name, _, _) = statement.kind {
        texts[name.text] = unit.sources.text(statement.range)
      }
    }
  }

  private static let units: [(statements: [Statement], sources: SourceMap)] =
    StandardLibrary.files.map { file in
      var sources = SourceMap()
      let id = sources.add(name: "std/\(file.name)", text: file.text)
      return (parse(id, in: sources).unit.statements, sources)
    }
}

/// The derivative of the sum of a function of real tensors, as derived; nil when it takes anything
/// else.
private func derivedText(_ name: String, _ entry: LibraryText.Entry) -> String? {
  let required = entry.signature.parameters.filter { $0.defaultValue == nil }
  let isReal = required.allSatisfy { parameter in
    guard parameter.types.count == 1, case .named(let element) = parameter.types[0].element else {
      return false
    }
    return element.text == "float" && parameter.types[0].dimensions != nil
  }
  guard isReal, !required.isEmpty else { return nil }
  let names = required.map(\.name.text)
  var lines = names.map { "input \($0): float[n, m]" }
  lines.append("let out = sum(\(name)(\(names.joined(separator: ", "))))")
  lines += names.map { "output d_\($0) = grad(out, \($0))" }
  let compilation = Compiler().compile(lines.joined(separator: "\n"), name: name)
  guard let compiled = compilation.model else { return nil }
  var graph = PassPipeline.derivation.run(compiled.model.evaluation).graph
  graph.results = graph.results(.output)
  var emitter = TextEmitter(
    Pass.eliminateDeadCode.apply(graph), sources: SourceMap(), withNotes: false)
  return emitter.text()
}
