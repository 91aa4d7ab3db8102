import NetcCore
import NetcSyntax
import Testing

@Suite("The canonical form")
struct FormatTests {
  private func format(_ text: String) -> String? {
    var sources = SourceMap()
    let file = sources.add(name: "test.net", text: text)
    return formatted(file, in: sources)
  }

  private func tree(_ text: String) -> String {
    var sources = SourceMap()
    let file = sources.add(name: "test.net", text: text)
    return treeText(of: parse(file, in: sources).unit)
  }

  /// The comments of a text, in order, without their place.
  private func comments(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      line.firstRange(of: "//").map { range in
        String(line[range.lowerBound...].reversed().drop { $0 == " " }.reversed())
      }
    }
  }

  @Test(
    "formatting keeps the tree and the comments and is done after once", arguments: ProgramTests.all
  )
  func isFaithful(_ program: ProgramTests.Program) throws {
    let text = try program.text()
    let once = try #require(format(text))
    #expect(tree(once) == tree(text))
    #expect(comments(once) == comments(text))
    #expect(format(once) == once)
  }

  @Test(
    "a text with all its blanks gone or doubled takes the same form", arguments: ProgramTests.all)
  func ignoresBlanks(_ program: ProgramTests.Program) throws {
    let once = try #require(format(try program.text()))
    let lines = once.split(separator: "\n", omittingEmptySubsequences: false)
    let shaken = lines.map { line in
      line.contains("//") || line.contains("\"") ? "   " + line : line.replacingRuns()
    }
    #expect(format(shaken.joined(separator: "\n")) == once)
  }

  @Test(
    "spaces, indentation and empty lines",
    arguments: [
      ("let  y=-x^2@W+b[ 0 , : ]\n", "let y = -x^2 @ W + b[0, :]\n"),
      (
        "let y = x\n|> dense( 4,bias:false )\n|> relu\n",
        "let y = x\n  |> dense(4, bias: false)\n  |> relu\n"
      ),
      ("\n\nlet a = 1\n\n\n\nlet b = 2\n\n", "let a = 1\n\nlet b = 2\n"),
      (
        "fn f(x: float[...a]) -> float[...a] {\n\n// why\nreturn x // so\n\n}\n",
        "fn f(x: float[...a]) -> float[...a] {\n  // why\n  return x  // so\n}\n"
      ),
      (
        "for i in [1,2] {\nh = f(h[1:3, ..., ::2])\n}\n",
        "for i in [1, 2] {\n  h = f(h[1:3, ..., ::2])\n}\n"
      ),
      ("for i in 0 ..< n-1 { h = g(h) }\n", "for i in 0..<n - 1 { h = g(h) }\n"),
      ("loss (a + b) * 2\n", "loss (a + b) * 2\n"),
    ])
  func form(_ text: String, _ wanted: String) {
    #expect(format(text) == wanted)
  }

  @Test("a file with syntax errors is left alone")
  func refusesErrors() { #expect(format("let = 3\n") == nil) }
}

extension Substring {
  /// Each run of blanks inside the line doubled, and three blanks before it.
  fileprivate func replacingRuns() -> String {
    isEmpty ? "" : "   " + split(separator: " ").joined(separator: "  ")
  }
}
