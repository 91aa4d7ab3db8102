import Foundation
import NetcCore
import NetcSemantics
import Testing

/// Each kind of diagnostic has a program `Diagnostics/CODE.net` that draws it and a stored report
/// beside it.
///
/// `NETC_UPDATE_GOLDEN=1` stores the reports anew. A first line `// --set NAME=VALUE` is handed to
/// the compiler.
@Suite struct DiagnosticTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Diagnostics")
  static let codes = SemanticDiagnostics.kinds.map(\.code)

  @Test func `codes are used once and have pages of narrow lines`() {
    #expect(Set(Self.codes).count == Self.codes.count)
    for kind in SemanticDiagnostics.kinds {
      #expect(!kind.title.isEmpty && kind.page.count > 40, "\(kind.code) has no page")
      let wide = kind.page.split(separator: "\n").filter { $0.count > 92 }
      #expect(wide.isEmpty, "\(kind.code) has wide lines")
    }
  }

  @Test func `every stored program belongs to a kind`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    let stored = names.filter { $0.hasSuffix(".net") }.map { String($0.dropLast(4)) }
    #expect(stored.sorted() == Self.codes.sorted())
  }

  @Test(arguments: codes) func `a program draws it as stored`(code: String) throws {
    let source = Self.folder.appendingPathComponent("\(code).net")
    let text = try String(contentsOf: source, encoding: .utf8)
    let report = Analyzed(text, name: "\(code).net", settings: settings(text)).report
    #expect(report.contains("[\(code)]"))
    let stored = Self.folder.appendingPathComponent("\(code).expected")
    if ProcessInfo.processInfo.environment["NETC_UPDATE_GOLDEN"] != nil {
      try report.write(to: stored, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: stored, encoding: .utf8) == report)
  }

  private func settings(_ text: String) -> [(String, String)] {
    guard text.hasPrefix("// --set ") else { return [] }
    let line = text.prefix { $0 != "\n" }.dropFirst(9)
    let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
    return parts.count == 2 ? [(parts[0], parts[1])] : []
  }
}
