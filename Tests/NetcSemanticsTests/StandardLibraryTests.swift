import Foundation
import NetcCore
import NetcGraph
import NetcSemantics
import NetcSyntax
import Testing

@Suite struct StandardLibraryTests {
  /// The folder of the `.net` files that `netc-dev embed` reads.
  private let folder = ShippedProgram.root
    .appendingPathComponent("Sources/NetcSemantics/StandardLibrary/Sources")

  @Test func `embedded text is the text of the files; run netc-dev embed when it is stale`() throws
  {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".net") }
      .sorted()
    #expect(StandardLibrary.files.map(\.name) == names)
    for file in StandardLibrary.files {
      let text = try String(contentsOf: folder.appendingPathComponent(file.name), encoding: .utf8)
      #expect(file.text + "\n" == text, "\(file.name) is stale")
    }
  }

  @Test(arguments: StandardLibrary.files.map(\.name))
  func `every file is read without a complaint`(name: String) throws {
    let text = try #require(StandardLibrary.files.first { $0.name == name }).text
    #expect(complaints(name, text) == [])
  }

  @Test(arguments: StandardLibrary.files.map(\.name))
  func `every definition says what it is`(name: String) throws {
    let text = try #require(StandardLibrary.files.first { $0.name == name }).text
    var sources = SourceMap()
    let file = sources.add(name: name, text: text)
    for statement in parse(file, in: sources).unit.statements {
      switch statement.kind {
      case .function(let definition), .layer(let definition), .rule(let definition):
        #expect(statement.documentation != nil, "`\(definition.name.text)` has no doc comment")
      default: continue
      }
    }
  }

  @Test func `grammar.md names every library definition and every operation`() throws {
    let url = ShippedProgram.root.appendingPathComponent("grammar.md")
    let text = try String(contentsOf: url, encoding: .utf8)
    let words = Set(text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
    var sources = SourceMap()
    for file in StandardLibrary.files {
      let id = sources.add(name: file.name, text: file.text)
      for statement in parse(id, in: sources).unit.statements {
        switch statement.kind {
        case .function(let definition), .layer(let definition), .rule(let definition):
          let name = definition.name.text
          #expect(words.contains(name), "grammar.md does not name `\(name)`")
        default: continue
        }
      }
    }
    // What the language writes as statements and values.
    let silent: Set = ["argument", "composite", "step", "input", "parameter", "state"]
    for operation in OperationCatalogue.operations where !silent.contains(operation.name) {
      #expect(words.contains(operation.netName), "grammar.md does not name `\(operation.netName)`")
    }
  }

  @Test(arguments: ShippedProgram.all)
  func `every program shown to people is read without a complaint`(program: ShippedProgram) {
    #expect(complaints(program.name, program.text) == [])
  }

  private func complaints(_ name: String, _ text: String) -> [String] {
    var sources = SourceMap()
    let file = sources.add(name: name, text: text)
    return parse(file, in: sources).diagnostics.map { diagnostic in
      let place = diagnostic.primary.map { sources.location($0.range) } ?? name
      return "\(place): \(diagnostic.code) \(diagnostic.message)"
    }
  }
}
