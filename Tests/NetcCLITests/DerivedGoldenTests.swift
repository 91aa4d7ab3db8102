import Foundation
import NetcCore
import NetcKit
import Testing

/// What the compiler makes of each program before anything is optimised: the graph as lowered and
/// the derived gradient, stored as text under `Golden/derived`.
@Suite struct DerivedGoldenTests {
  struct Program: Sendable, CustomTestStringConvertible {
    let name: String
    let path: URL
    var testDescription: String { name }
  }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The programs that tests of every stage share, without the one that is only long, then the
  /// examples.
  static let programs: [Program] =
    files("Tests/NetcSyntaxTests/Programs", "").filter { $0.name != "W9" }
    + files("examples", "example-") + files("examples/lecture", "lecture-")

  private static func files(_ folder: String, _ prefix: String) -> [Program] {
    let url = root.appendingPathComponent(folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasSuffix(".net") }.sorted().map {
      Program(name: prefix + $0.dropLast(4), path: url.appendingPathComponent($0))
    }
  }

  @Test func `the programs are there`() { #expect(Self.programs.count >= 35) }

  @Test(arguments: programs)
  func `graph and gradient are as stored`(program: Program) throws {
    let text = try String(contentsOf: program.path, encoding: .utf8)
    let model = try Compiler().compile(
      text, name: program.path.lastPathComponent,
      directory: program.path.deletingLastPathComponent().path
    ).get()
    let graph = try model.stageText(StageDump())
    let gradient = try model.gradientText()
    try Golden.check("\(graph)\n\(gradient)", against: "derived/\(program.name)")
  }
}
