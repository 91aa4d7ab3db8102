import NetcCore
import NetcSyntax
import Testing

@Suite("Hostile and damaged files")
struct HostileTests {
  /// A text built by repeating a part.
  struct Repeated: CustomTestStringConvertible, Sendable {
    let before: String
    let part: String
    var testDescription: String { before + part }

    init(_ before: String, _ part: String) {
      self.before = before
      self.part = part
    }

    func text(_ count: Int) -> String { before + String(repeating: part, count: count) }
  }

  static let repeated = [
    Repeated("let a = ", "("), Repeated("let a = ", "["), Repeated("", "{"),
    Repeated("let a = ", "-"),
    Repeated("let a = ", "not "), Repeated("", "if "), Repeated("let a = ", "if "),
    Repeated("let a = ", "if c then "), Repeated("let a = ", "if c then x else "),
    Repeated("", "if a { "), Repeated("", "if a { } else "), Repeated("", "for i in a { "),
    Repeated("let a = x", " + x"), Repeated("let a = x", "^x"), Repeated("let a = x", "^-x"),
    Repeated("let a = x", " |> f"), Repeated("layer a = x", " |> f"), Repeated("let a = x", "[0]"),
    Repeated("let a = ", "f("), Repeated("let a = ", "f(k: "), Repeated("let a = x", " and x"),
    Repeated("let a = ", "scan t in x { yield "), Repeated("let a = ", "x["),
    Repeated("let a = ", "(f + "), Repeated("let a", ".b"), Repeated("input a: ", "class("),
    Repeated("fn f(a: ", "float["), Repeated("", ")"), Repeated("", "}"), Repeated("", "]"),
    Repeated("", "let "), Repeated("", "let a = (\n"), Repeated("", "f(x, "),
    Repeated("", "a = f(\n"),
    Repeated("let a = ", "1.5."), Repeated("let a = 1", "0"), Repeated("", "\""), Repeated("", "'"),
    Repeated("", "\\"), Repeated("", "²"), Repeated("let a = x", "²"), Repeated("", "/*"),
    Repeated("", "fn f("), Repeated("", "///\n"), Repeated("let a = [", "1, "), Repeated("", "\0"),
    Repeated("let a = \"", "\\u{"), Repeated("", "x\n"), Repeated("", "scan t in "),
    Repeated("let a = (((x", ")\n+ ("), Repeated("layer f(x: float) ", "{ return "),
    Repeated("let a = (x + (", "x + x * x) + ("), Repeated("let a = 1", "..<1"),
  ]

  @Test("deep and long texts are read to their end", arguments: repeated)
  func readsToTheEnd(_ repeated: Repeated) {
    #if DEBUG
      let count = 3_000
    #else
      let count = 200_000
    #endif
    let reading = Reading(repeated.text(count))
    #expect(reading.diagnostics.count <= 2 * ParserLimits.errors + 1)
    // Walks over whatever tree there is must be safe too.
    _ = sourceText(of: reading.unit)
    #expect(reading.unit == reading.unit)
  }

  @Test("trees stay within the bound by which later walks are safe")
  func treesAreBounded() {
    let sum = Array(repeating: "x", count: ParserLimits.height).joined(separator: " + ")
    #expect(Reading("let a = \(sum)").codes == [])
    #expect(Reading("let a = \(sum) + x").codes == ["E0221"])
    let open = String(repeating: "(", count: ParserLimits.nesting - 1)
    let close = String(repeating: ")", count: ParserLimits.nesting - 1)
    #expect(Reading("let a = \(open)x\(close)").codes == [])
    #expect(Reading("let a = (\(open)x\(close))").codes == ["E0221"])
    // Chains inside parentheses add up: a hundred times a hundred terms is too deep.
    var nested = "x"
    for _ in 0..<100 { nested = "(\(nested))" + String(repeating: " + x", count: 100) }
    #expect(Reading("let a = \(nested)").codes == ["E0221"])
    // Breadth is not depth.
    let wide = Array(repeating: "f(x + x)", count: 5_000).joined(separator: ", ")
    #expect(Reading("let a = [\(wide)]").codes == [])
  }

  @Test("bytes of every value, line endings and tabs are read")
  func readsEveryByte() {
    for byte in UInt8.min...UInt8.max {
      let text = String(decoding: [0x78, byte, 0x79], as: UTF8.self)
      _ = Reading("let a = " + text).diagnostics
      _ = Reading("let a = \"" + text).diagnostics
      _ = Reading(text + "let a = 1").diagnostics
    }
    #expect(Reading("let a = 1\r\nlet b =\t2\rlet c = 3 // x\rlet d = 4").rendered == "")
    #expect(Reading("\u{FEFF}let a = 1").rendered == "")
    #expect(Reading("").rendered == "" && Reading("\n\n// only\n").unit.statements.isEmpty)
  }

  /// Programs with one or a few tokens deleted, doubled, swapped or replaced.
  @Test("mutants of every program are read without a crash", arguments: ProgramTests.all)
  func readsMutants(_ program: ProgramTests.Program) throws {
    #if DEBUG
      let count = 20
    #else
      let count = 1_000
    #endif
    let tokens = Tokens.withoutComments(try program.text())
    var random = SplitMix(seed: 11)
    for _ in 0..<count {
      var mutant = tokens
      for _ in 0...random.next(upperBound: 3 as UInt64) { mutate(&mutant, &random) }
      let text = mutant.map { $0 + (random.next() % 8 == 0 ? "\n" : " ") }.joined()
      let reading = Reading(text)
      if reading.diagnostics.allSatisfy({ $0.severity != .error }) {
        // What was read without an error prints and reads to the same tree.
        let printed = Reading(sourceText(of: reading.unit))
        #expect(printed.tree == reading.tree, "\(text)")
        #expect(printed.diagnostics.allSatisfy { $0.severity != .error }, "\(text)")
      }
      _ = reading.rendered
    }
  }

  private func mutate(_ tokens: inout [String], _ random: inout SplitMix) {
    guard !tokens.isEmpty else { return }
    let at = Int(random.next(upperBound: UInt64(tokens.count)))
    let other = Int(random.next(upperBound: UInt64(tokens.count)))
    switch random.next() % 5 {
    case 0: tokens.remove(at: at)
    case 1: tokens.insert(tokens[other], at: at)
    case 2: tokens.swapAt(at, other)
    case 3: tokens[at] = tokens[other]
    default:
      let noise = [
        "(", ")", "{", "}", "[", "]", "if", "scan", ",", ":", "=", "|>", "for", "not", "…", "\"",
        "1.", "@",
      ]
      tokens.insert(noise[Int(random.next(upperBound: UInt64(noise.count)))], at: at)
    }
  }

  @Test("many errors are reported in one run")
  func reportsManyErrors() {
    let text = """
      let a = f(x
      let b = ,
      ouput y
      layer g(x: float[batch) { let c = * 2  return c }
      loss = a
      let d = 1 + if c then 2 else 3
      param w = 3
      let e = x |> f + 1
      metric (a, b)
      """
    #expect(
      Reading(text).codes == [
        "E0203", "E0202", "E0216", "E0204", "E0202", "E0215", "E0207", "E0223", "E0206", "E0214",
      ])
  }

  @Test("what could be read stays in the tree, so that later stages do not miss names")
  func keepsWhatItReads() {
    let reading = Reading(
      "let a = f(x +)\nlet b = * 2\nlayer g(x: ) { let c = 1 ) return c }\nlet d = 1")
    #expect(
      reading.tree == """
        (let (names a) (call f (+ x <invalid>)))
        (let (names b) <invalid>)
        (layer g (signature (x: )) {
          (let (names c) 1)
          (return c)
        })
        (let (names d) 1)

        """)
  }
}

extension SplitMix {
  /// A number below `upperBound`.
  fileprivate mutating func next(upperBound: UInt64) -> UInt64 { next() % upperBound }
}
