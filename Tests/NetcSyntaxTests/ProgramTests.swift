import NetcSyntax
import Testing

@Suite("Whole programs")
struct ProgramTests {
  /// A program by its folder and name.
  struct Program: CustomTestStringConvertible, Sendable {
    let folder: String
    let name: String
    var testDescription: String { name }

    func text() throws -> String { try TestFiles.text(folder, name) }
  }

  static let folders = [
    "Programs", "../../examples", "../../examples/lecture",
    "../../Sources/NetcSemantics/StandardLibrary/Sources",
  ]
  static let all = folders.flatMap { folder in
    TestFiles.programs(in: folder).map { Program(folder: folder, name: $0) }
  }

  @Test("there are programs to read")
  func programsExist() {
    #expect(Self.all.filter { $0.folder == "Programs" }.count >= 19)
  }

  @Test("every program reads without a remark", arguments: all)
  func reads(_ program: Program) throws {
    let reading = Reading(try program.text(), name: program.name)
    #expect(reading.rendered == "")
    #expect(!reading.unit.statements.isEmpty)
  }

  @Test("printing a tree and reading it gives the tree again", arguments: all)
  func printsAndReads(_ program: Program) throws {
    let first = Reading(try program.text(), name: program.name)
    let text = sourceText(of: first.unit)
    let second = Reading(text, name: program.name)
    #expect(second.rendered == "")
    #expect(second.tree == first.tree)
    #expect(sourceText(of: second.unit) == text)
  }

  @Test("any placing of line breaks gives the same tree", arguments: all)
  func lineBreaksCarryNoMeaning(_ program: Program) throws {
    let text = try program.text()
    let first = Reading(text, name: program.name)
    // A doc comment is a line by nature, so only the trees without them are compared.
    let tokens = Tokens.withoutComments(text)
    let plain = Reading(tokens.joined(separator: " ")).tree
    #expect(plain == Self.withoutDocumentation(first.tree))
    #expect(Reading(tokens.joined(separator: "\n")).tree == plain)
    #expect(Reading(tokens.joined(separator: "\r\n\t")).tree == plain)
    var random = SplitMix(seed: 7)
    for _ in 0..<5 {
      let broken = tokens.map { $0 + (random.next() % 3 == 0 ? "\n" : " ") }.joined()
      #expect(Reading(broken).tree == plain)
    }
  }

  private static func withoutDocumentation(_ tree: String) -> String {
    tree.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.drop { $0 == " " }.hasPrefix("///") }.joined(separator: "\n")
  }
}
