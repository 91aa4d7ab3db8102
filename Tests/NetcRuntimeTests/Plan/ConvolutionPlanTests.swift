import NetcCore
import NetcGraph
import NetcRuntime
import Testing

@Suite struct ConvolutionPlanTests {
  /// Both adjoints included: every way of laying out the products.
  @Test(arguments: 0..<150)
  func convolutionsRunAsTheReference(seed: Int) throws {
    let made = RandomConvolution(seed: UInt64(seed))
    try PlanRig.expectAgreement(made.graph, made.context, (2e-5, 1e-12), "seed \(seed), ")
  }

  @Test func aWindowOfOneReadsTheInputInPlace() throws {
    var b = GraphBuilder()
    let x = b.input("x", TensorType(.float, [2, 3, 4, 5]))
    let kernel = b.parameter("k", TensorType(.float, [6, 3, 1, 1]))
    let axes = ConvolutionDimensions(stride: [1, 1], low: [0, 0], high: [0, 0])
    b.graph.results = [GraphResult(.output, "y", b.convolution(x, kernel, axes))]
    let layout = try PersistentLayout(of: [b.graph], bindings: [:], precision: .single)
    let plan = try Plan(
      graph: b.graph, bindings: [:], layout: layout, options: PlanOptions(.once, batched: []))
    let text = plan.scheduleText(sources: SourceMap())
    #expect(!text.contains("image_columns"))
    #expect(text.contains("gemm"))
  }
}
