import NetcCore
import NetcKit
import Testing

/// Constants given another value from outside.
@Suite struct SettingTests {
  private func compile(_ settings: (String, String)...) -> Compilation {
    var options = CompilerOptions()
    options.settings = settings.map { .init(name: $0.0, expression: $0.1) }
    return Compiler(options: options).compile(
      SmallPrograms.curve("epochs: 1, batch: 2"), name: "curve.net")
  }

  @Test func `a setting changes the program`() throws {
    #expect(try compile().get().trainedCount == 17)
    #expect(try compile(("hidden", "8")).get().trainedCount == 33)
    #expect(try compile(("hidden", "2 * 4")).get().trainedCount == 33)
  }

  @Test(arguments: [
    ("hiden", "8", "did you mean `hidden`?"), ("hidden", "abc", "abc"), ("hidden", "", ""),
    ("hidden", "2.5", ""), ("hidden", "\"8\"", ""), ("hidden", "-3", ""),
    ("hidden", "8 8", ""), ("hidden", "1/0", ""), ("hidden", "99999999999999999999", ""),
    ("hidden", "hidden", ""),
  ])
  func `one that cannot hold is an error`(name: String, expression: String, said: String) throws {
    let compilation = compile((name, expression))
    #expect(compilation.model == nil)
    #expect(compilation.hasErrors)
    let text = compilation.renderedDiagnostics()
    #expect(said.isEmpty || text.contains(said), "\(text)")
  }
}
