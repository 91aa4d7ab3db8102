import Foundation
import NetcCore
import NetcKit
import Testing

/// Whole programs with mistakes, each with the report `netc check` prints stored beside it.
///
/// `NETC_UPDATE_GOLDEN=1` stores the reports anew.
@Suite struct DiagnosticReportTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .appendingPathComponent("NetcSemanticsTests/Diagnostics/Programs")

  /// The programs, by path below `Programs`; those in `parts` are imported.
  static let programs: [String] = {
    let found = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (found ?? []).filter { $0.hasSuffix(".net") && !$0.contains("/parts/") }.sorted()
  }()

  static func text(_ program: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(program), encoding: .utf8)
  }

  static func compile(_ text: String, _ program: String) -> Compilation {
    let place = folder.appendingPathComponent(program)
    return Compiler().compile(
      text, name: place.lastPathComponent, directory: place.deletingLastPathComponent().path)
  }

  @Test func `there are programs of every sort`() {
    let sorts = Set(Self.programs.map { String($0.prefix { $0 != "/" }) })
    #expect(sorts == ["Mixed", "Names", "Provenance", "Several"])
  }

  @Test(arguments: programs) func `a report is as stored`(program: String) throws {
    let compilation = Self.compile(try Self.text(program), program)
    let report = compilation.renderedDiagnostics()
      .replacing(Self.folder.path + "/", with: "")
    let stored = Self.folder.appendingPathComponent(program.dropLast(4) + ".expected")
    if ProcessInfo.processInfo.environment["NETC_UPDATE_GOLDEN"] != nil {
      try report.write(to: stored, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: stored, encoding: .utf8) == report)
    #expect(compilation.hasErrors)
  }

  @Test(arguments: programs.filter { !$0.hasPrefix("Provenance") })
  func `one run reports every independent error`(program: String) throws {
    let text = try Self.text(program)
    let errors = Self.compile(text, program).diagnostics.filter { $0.severity == .error }
    #expect(errors.count >= 5)
    let places = errors.compactMap { $0.primary?.range.start }
    #expect(Set(places).count == places.count, "two errors at one place")
  }
}
