import Foundation
import NetcCore
import NetcSemantics
import NetcSyntax
import Testing

/// Every definition of the standard library has reference values, at three shapes each where shapes
/// are what it is about.
@Suite struct ReferenceAuditTests {
  /// Files whose definitions are held at three shapes.
  private static let shaped: Set = [
    "activations.net", "attention.net", "convolution.net", "embedding.net", "layers.net",
    "likelihoods.net", "losses.net", "normalization.net", "order.net", "pooling.net",
    "recurrent.net", "similarity.net",
  ]
  /// What is random, which other tests hold to its distribution.
  private static let random: Set = ["random_normal"]
  private static let randomFiles: Set = ["initializers.net", "augmentation.net"]

  /// A definition of the library.
  struct Definition: Sendable, CustomTestStringConvertible {
    let name: String
    let file: String
    let isLayer: Bool
    var testDescription: String { name }
  }

  private static let definitions: [Definition] = {
    var sources = SourceMap()
    var found: [Definition] = []
    for file in StandardLibrary.files where !randomFiles.contains(file.name) {
      for statement in parse(sources.add(name: file.name, text: file.text), in: sources).unit
        .statements
      {
        switch statement.kind {
        case .layer(let definition):
          found.append(Definition(name: definition.name.text, file: file.name, isLayer: true))
        case .function(let definition), .rule(let definition):
          found.append(Definition(name: definition.name.text, file: file.name, isLayer: false))
        default: continue
        }
      }
    }
    return found
  }()

  /// The words of each case's program, and the shapes it is given.
  private static let cases: [(words: Set<String>, shapes: String)] = ReferenceCase.all.map { item in
    let given = item.parameters.merging(item.inputs.first ?? [:]) { first, _ in first }
    let shapes = given.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value.shape)" }
    return (words(of: item.program), shapes.joined())
  }

  private static func words(of text: String) -> Set<String> {
    Set(text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
  }

  /// A line without the name it defines.
  private static func withoutHead(_ line: Substring) -> Substring {
    let heads = ["fn ", "layer ", "rule ", "gradient "]
    guard heads.contains(where: { line.hasPrefix($0) }) else { return line }
    return line.drop { $0 != "(" }
  }

  @Test func `every definition has reference values`() {
    // A part that only the library itself calls is held by what calls it.
    let called = StandardLibrary.files.map(\.text).joined(separator: "\n").split(separator: "\n")
      .filter { !$0.hasPrefix("//") }.map(Self.withoutHead)
    let parts = Self.words(of: called.joined(separator: "\n"))
    #expect(Self.definitions.count > 100)
    for definition in Self.definitions where !Self.random.contains(definition.name) {
      let mine = Self.cases.filter { $0.words.contains(definition.name) }
      if mine.isEmpty, !definition.isLayer, parts.contains(definition.name) { continue }
      let least = Self.shaped.contains(definition.file) ? 3 : 1
      let shapes = Set(mine.map(\.shapes)).count
      #expect(shapes >= least, "\(definition.name) in \(definition.file): \(shapes) shapes")
    }
  }
}
