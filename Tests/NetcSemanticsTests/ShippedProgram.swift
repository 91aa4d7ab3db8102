import Foundation
import Testing

/// A program that the repository shows to people: an example or a block of `grammar.md`.
struct ShippedProgram: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String

  var testDescription: String { name }

  /// The repository's root.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The files of `examples`, in the order of their paths.
  static let examples: [ShippedProgram] = {
    let folder = root.appendingPathComponent("examples")
    let paths = (FileManager.default.subpaths(atPath: folder.path) ?? [])
      .filter { $0.hasSuffix(".net") && !$0.contains(".build/") }
      .sorted()
    return paths.compactMap { path in
      let url = folder.appendingPathComponent(path)
      return (try? String(contentsOf: url, encoding: .utf8)).map {
        ShippedProgram(name: path, text: $0)
      }
    }
  }()

  /// The blocks of `grammar.md` marked `net`, numbered from 1.
  static let grammarBlocks: [ShippedProgram] = {
    let url = root.appendingPathComponent("grammar.md")
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
    return text.components(separatedBy: "```net\n").dropFirst().enumerated().map { place, rest in
      ShippedProgram(
        name: "grammar.md block \(place + 1)", text: rest.components(separatedBy: "```")[0])
    }
  }()

  static let all = examples + grammarBlocks
}
