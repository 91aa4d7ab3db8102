import Foundation
import NetcCore
import NetcSyntax

/// The files that tests read, found beside the test sources.
enum TestFiles {
  /// The folder of the test sources.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  /// The `.net` files of a folder, by name.
  static func programs(in folder: String) -> [String] {
    let url = root.appendingPathComponent(folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasSuffix(".net") }.sorted()
  }

  /// The text of a file.
  static func text(_ folder: String, _ name: String) throws -> String {
    let url = root.appendingPathComponent(folder).appendingPathComponent(name)
    return String(decoding: try Data(contentsOf: url), as: UTF8.self)
  }
}

/// A text with what reading it gave.
struct Reading {
  let unit: SourceUnit
  let diagnostics: [Diagnostic]
  let sources: SourceMap

  init(_ text: String, name: String = "test.net") {
    var sources = SourceMap()
    let file = sources.add(name: name, text: text)
    (unit, diagnostics) = parse(file, in: sources)
    self.sources = sources
  }

  /// The tree without its ranges.
  var tree: String { treeText(of: unit) }

  /// The codes of what was reported.
  var codes: [String] { diagnostics.map(\.code) }

  /// Everything reported, as a user sees it.
  var rendered: String {
    let renderer = DiagnosticRenderer(sources: sources)
    return diagnostics.map { renderer.render($0) }.joined(separator: "\n")
  }
}
