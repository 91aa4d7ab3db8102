import NetcSyntax
import Testing

@Suite("Whole programs")
struct ProgramTests {
  static let names = TestFiles.programs(in: "Programs")

  @Test("there are programs to read")
  func programsExist() { #expect(Self.names.count >= 19) }

  @Test("every program reads without a remark", arguments: names)
  func reads(_ name: String) throws {
    let reading = Reading(try TestFiles.text("Programs", name), name: name)
    #expect(reading.rendered == "")
    #expect(!reading.unit.statements.isEmpty)
  }

  @Test("printing a tree and reading it gives the tree again", arguments: names)
  func printsAndReads(_ name: String) throws {
    let first = Reading(try TestFiles.text("Programs", name), name: name)
    let text = sourceText(of: first.unit)
    let second = Reading(text, name: name)
    #expect(second.rendered == "")
    #expect(second.tree == first.tree)
    #expect(sourceText(of: second.unit) == text)
  }
}
