import Foundation
import NetcCore
import NetcSyntax
import Testing

@Suite("Diagnostics of a program's text")
struct DiagnosticTests {
  static let names = TestFiles.programs(in: "Diagnostics")

  @Test("what is reported reads as stored", arguments: names)
  func matchesGolden(_ name: String) throws {
    let reading = Reading(try TestFiles.text("Diagnostics", name), name: name)
    try Golden.check(
      Self.abridged(reading), against: "Diagnostics/" + name.dropLast(4) + ".expected")
  }

  /// What was reported as a user sees it; of very many only the first and the last two.
  static func abridged(_ reading: Reading) -> String {
    let renderer = DiagnosticRenderer(sources: reading.sources)
    let texts = reading.diagnostics.map { renderer.render($0) }
    if texts.count <= 40 { return texts.joined(separator: "\n") }
    let left = "… \(texts.count - 3) more …\n"
    return (texts.prefix(1) + [left] + texts.suffix(2)).joined(separator: "\n")
  }

  @Test("applying a fix mends what was reported", arguments: names)
  func fixesMend(_ name: String) throws {
    let text = try TestFiles.text("Diagnostics", name)
    let reading = Reading(text, name: name)
    for diagnostic in reading.diagnostics where !diagnostic.fixes.isEmpty {
      let mended = Reading(Self.apply(diagnostic.fixes, to: text), name: name)
      let before = reading.codes.filter { $0 == diagnostic.code }.count
      let after = mended.codes.filter { $0 == diagnostic.code }.count
      #expect(after < before, "\(diagnostic.message)")
      #expect(mended.diagnostics.count < reading.diagnostics.count, "\(diagnostic.message)")
    }
  }

  private static func apply(_ fixes: [Diagnostic.Fix], to text: String) -> String {
    var bytes = Array(text.utf8)
    for fix in fixes.sorted(by: { $0.range.start > $1.range.start }) {
      bytes.replaceSubrange(
        Int(fix.range.start)..<Int(fix.range.end), with: Array(fix.replacement.utf8))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("every kind is shown in a stored text", arguments: SyntaxDiagnostics.kinds)
  func isShown(_ kind: DiagnosticKind) throws {
    let isShown = try Self.names.contains { name in
      Reading(try TestFiles.text("Diagnostics", name)).codes.contains(kind.code)
    }
    #expect(isShown, "\(kind.code) appears in no file of Diagnostics/")
  }

  @Test("every kind has a page that shows how to mend it", arguments: SyntaxDiagnostics.kinds)
  func hasPage(_ kind: DiagnosticKind) {
    #expect(kind.page.count > 100)
    #expect(kind.title.first?.isUppercase == false)
    #expect(!kind.title.hasSuffix("."))
    for line in kind.page.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test("codes are in order and used once")
  func codesAreOrdered() {
    let codes = SyntaxDiagnostics.kinds.map {
      (rank: "ENW".firstIndex(of: $0.code.first ?? "?"), $0.code)
    }
    let sorted = codes.sorted { ($0.rank ?? "".endIndex, $0.1) < ($1.rank ?? "".endIndex, $1.1) }
    #expect(codes.map(\.1) == sorted.map(\.1))
    #expect(Set(codes.map(\.1)).count == codes.count)
  }

  @Test("messages begin small and end without a full stop", arguments: names)
  func messagesHaveOneVoice(_ name: String) throws {
    for diagnostic in Reading(try TestFiles.text("Diagnostics", name)).diagnostics {
      #expect(diagnostic.message.first?.isUppercase == false, "\(diagnostic.message)")
      #expect(!diagnostic.message.hasSuffix("."), "\(diagnostic.message)")
    }
  }
}
