import NetcCore
import NetcSemantics
import Testing

@Suite("Imports")
struct ImportTests {
  @Test("names come in flat, or behind an alias, and bodies see their own file")
  func brings() throws {
    let flat = Analyzed(
      "import \"parts.net\"\ninput x: float[batch, 4]\noutput y = x |> block(units: width)\n")
    #expect(flat.report == "")
    #expect(
      try #require(flat.model).parameters.map(\.name) == [
        "block_1.dense_1.weight", "block_1.dense_1.bias",
      ])
    let behind = Analyzed(
      """
      import "parts.net" as parts
      const width = 3
      input x: float[batch, 4]
      output y = x |> parts.block(units: parts.width)
      """)
    #expect(behind.model?.parameters.first?.type.shape == [4, 8])
    #expect(!behind.report.contains("error"))
  }

  @Test("a file imported twice is read once, and what it imports is not handed on")
  func readsOnce() throws {
    let twice = Analyzed(
      """
      import "parts.net" as a
      import "parts.net" as b
      input x: float[batch, 4]
      output y = x |> a.block |> b.block
      """)
    #expect(twice.report == "")
    let through = Analyzed(
      "import \"through.net\"\ninput x: float[batch, 4]\noutput y = x |> block\n")
    #expect(through.report.contains("no function or layer `block`"))
    #expect(
      Analyzed("import \"through.net\"\ninput x: float[batch, 4]\noutput y = x |> deep\n").report
        == "")
  }

  @Test("a constant behind an alias is set from outside")
  func sets() throws {
    let wide = Analyzed(
      "import \"parts.net\" as parts\ninput x: float[batch, 4]\noutput y = x |> parts.block(units: parts.width)\n",
      settings: [("parts.width", "5")])
    #expect(wide.model?.parameters.first?.type.shape == [4, 5])
  }
}
