import NetcGraph
import NetcSemantics
import Testing

@Suite struct ExampleTests {
  @Test(arguments: Analyzed.examples) func `every example is analysed without a word`(name: String)
    throws
  {
    let analyzed = Analyzed(try Analyzed.example(name), name: name)
    let report = analyzed.report
    #expect(report == "")
    let found = analyzed.model
    let model = try #require(found)
    #expect(!model.training.results(.loss).isEmpty)
    #expect(
      model.training.results(.loss).map(\.name) == model.evaluation.results(.loss).map(\.name))
    #expect(
      model.initial.results(.initial).map(\.name).sorted()
        == (model.parameters.map(\.name) + model.states.map(\.name)).sorted())
  }
}
