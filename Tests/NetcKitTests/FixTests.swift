import Foundation
import NetcCore
import NetcKit
import Testing

/// Fix-its: each mends what drew it, and `SourceFixer` applies those that can stand together.
@Suite struct FixTests {
  /// Every stored program that draws diagnostics, with its text.
  static let programs: [URL] = {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    return ["NetcSemanticsTests", "NetcSyntaxTests"].flatMap { module -> [URL] in
      let folder = tests.appendingPathComponent("\(module)/Diagnostics")
      let found = FileManager.default.enumerator(atPath: folder.path)
      let names = (found?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".net") }
      return names.sorted().map { folder.appendingPathComponent($0) }
    }
  }()

  private func compile(_ text: String, _ program: URL) -> Compilation {
    Compiler().compile(
      text, name: program.lastPathComponent, directory: program.deletingLastPathComponent().path)
  }

  private func replaced(_ text: String, _ fixes: [Diagnostic.Fix]) -> String {
    var bytes = Array(text.utf8)
    for fix in fixes.sorted(by: { $0.range.start > $1.range.start }) {
      bytes.replaceSubrange(Int(fix.range.start)..<Int(fix.range.end), with: fix.replacement.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: programs) func `a fix-it mends what drew it`(program: URL) throws {
    let text = try String(contentsOf: program, encoding: .utf8)
    let before = compile(text, program).diagnostics
    for diagnostic in before where !diagnostic.fixes.isEmpty {
      guard diagnostic.fixes.allSatisfy({ $0.range.file.rawValue == 0 }) else { continue }
      func same(_ list: [Diagnostic]) -> Int {
        list.filter { $0.code == diagnostic.code && $0.message == diagnostic.message }.count
      }
      let after = compile(replaced(text, diagnostic.fixes), program).diagnostics
      #expect(
        same(after) < same(before),
        "\(diagnostic.code) \(diagnostic.message): \(diagnostic.fixes.map(\.replacement))")
    }
  }

  @Test(arguments: programs) func `fixing again changes nothing`(program: URL) throws {
    let text = try String(contentsOf: program, encoding: .utf8)
    let folder = program.deletingLastPathComponent().path
    let fixer = SourceFixer()
    let first = fixer.fix(text, name: program.lastPathComponent, directory: folder)
    let second = fixer.fix(first.text, name: program.lastPathComponent, directory: folder)
    #expect(second.text == first.text && second.applied.isEmpty)
    #expect((first.text == text) == first.applied.isEmpty)
    for line in text.split(separator: "\n") where line.hasPrefix("//") && line.allSatisfy(\.isASCII)
    {
      #expect(first.text.contains(line), "a comment is lost")
    }
  }

  @Test func `a program is mended until it compiles`() {
    let text = """
      // numbers
      input x: float32[batch, 4] // what is measured
      input y: clas(3)[batch]
      let unused = x * 2
      param W: float[7, 3] = glorot_unifrom()
      let h = x @ W |> ReLU |> Dense(3)
      loss CrossEntropyLoss(softmax(h), y)
      metric acuracy(h, y)
      optimizer Adam(learning_rate: 1e-3)

      """
    let outcome = SourceFixer().fix(text)
    #expect(outcome.left.diagnostics.isEmpty, "\(outcome.left.renderedDiagnostics())")
    #expect(
      outcome.text == """
        // numbers
        input x: float[batch, 4] // what is measured
        input y: class(3)[batch]
        param W: float[4, 3] = glorot_uniform()
        let h = x @ W |> relu |> dense(3)
        loss cross_entropy(h, y)
        metric accuracy(h, y)
        optimizer adam(lr: 1e-3)

        """)
    #expect(outcome.applied.count == 12)
    #expect(outcome.applied.first?.line == 2)
  }

  @Test func `differing lines are numbered`() {
    let lines = LineDifference.lines(from: "a\nb\nc\nd\n", to: "a\nB\nc\n", name: "f")
    #expect(lines == ["--- f", "+++ f, fixed", "@@ -2 +2 @@", "-b", "+B", "@@ -4 +3,0 @@", "-d"])
    #expect(LineDifference.lines(from: "a", to: "a", name: "f").isEmpty)
  }

  @Test func `a file is written only when asked for`() throws {
    let folder = try TemporaryFolder()
    let text = "input x: float[batch, 4]\noutput y = rleu(x)\n"
    let path = try folder.write(text, to: "a.net")
    let dry = try SourceFixer().fix(fileAt: path, writes: false)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    let wet = try SourceFixer().fix(fileAt: path, writes: true)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == wet.outcome.text)
    #expect(dry.outcome.text == wet.outcome.text && dry.before == text)
    #expect(wet.outcome.text == "input x: float[batch, 4]\noutput y = relu(x)\n")
  }
}
