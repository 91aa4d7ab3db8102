import NetcCore
import NetcGraph
import Testing

@Suite struct ConvolutionTests {
  /// A convolution is linear in each operand: ⟨y, d⟩ = ⟨x, dx⟩ = ⟨kernel, dkernel⟩.
  @Test(arguments: 0..<300)
  func adjointsAreAdjoint(seed: Int) throws {
    let made = RandomConvolution(seed: UInt64(seed))
    let values = ReferenceInterpreter<Double>(context: made.context).evaluateAll(made.graph)
    func result(_ name: String) throws -> [Double] {
      let found = made.graph.results.first { $0.name == name }
      return values[try #require(found).value.index].floats
    }
    func dot(_ parameter: String, _ result: [Double]) throws -> Double {
      let numbers = try #require(made.context.parameters[parameter]).doubles
      try #require(numbers.count == result.count)
      return zip(numbers, result).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let expected = try dot("d", try result("y"))
    #expect(abs(try dot("x", try result("dx")) - expected) < 1e-10)
    #expect(abs(try dot("kernel", try result("dkernel")) - expected) < 1e-10)
  }

  @Test func symbolicAxesKeepTheirSizes() throws {
    var b = GraphBuilder()
    let (batch, time) = (Dim(symbol: "batch"), Dim(symbol: "time"))
    let x = b.input("x", TensorType(.float, [batch, 2, time]))
    let kernel = b.parameter("k", TensorType(.float, [3, 2, 4]))
    let axes = ConvolutionDimensions(stride: [2], low: [1], high: [1])
    let y = b.convolution(x, kernel, axes)
    #expect(
      b.shape(of: y) == [batch, 3, Dim(1) + ((time - 2).flooredQuotient(by: 2) ?? .overflow)])
    let adjoints = OpID.convolution.operation.gradient(
      PrimalCall(
        operands: [x, kernel], results: [y], attributes: axes.attributes, adjoints: [y],
        wanted: [true, true]), &b)
    #expect(adjoints.map { $0.map { b.shape(of: $0) } } == [b.shape(of: x), b.shape(of: kernel)])
    let problem = OpID.convolution.operation.bindingProblem(
      [b.type(of: x), b.type(of: kernel)], axes.attributes, ["batch": 1, "time": 1])
    #expect(problem != nil)
  }

  @Test func whatDoesNotFitIsRefusedInWords() {
    let axes = ConvolutionDimensions(stride: [1, 1], low: [0, 0], high: [0, 0])
    let image = TensorType(.float, [2, 3, 5, 5])
    func message(_ kernel: TensorType, _ axes: ConvolutionDimensions) -> String {
      do {
        let types = try OpID.convolution.operation.resultTypes([image, kernel], axes.attributes)
        return types.description
      } catch { return error.message }
    }
    #expect(
      message(TensorType(.float, [4, 2, 3, 3]), axes)
        == "[2, 3, 5, 5] has 3 channels on axis 1, the kernel [4, 2, 3, 3] takes 2")
    #expect(
      message(TensorType(.float, [4, 3, 7, 3]), axes)
        == "a window that reaches over 7 does not fit into axis 2, 5 with its padding")
    var wrong = axes
    wrong.resultAxes = [0, 1, 2]
    #expect(
      message(TensorType(.float, [4, 3, 3, 3]), wrong)
        == "`result_axes` must name each of the 4 axes once")
    wrong = axes
    wrong.low = [Dim(.max), 0]
    #expect(message(TensorType(.float, [4, 3, 3, 3]), wrong).contains("out of range"))
    wrong = axes
    wrong.lhsDilation = [Int(Int32.max), 1]
    #expect(message(TensorType(.float, [4, 3, 3, 3]), wrong).contains("too large"))
  }

  @Test func paddingNeverWinsAndTheFirstOfEqualsDoes() throws {
    var b = GraphBuilder()
    let x = b.input("x", TensorType(.float, [2, 4]))
    let windows = WindowDimensions(
      batchDims: 1, window: [3], stride: [2], low: [1], high: [2])
    b.graph.results = [GraphResult(.output, "place", b.windowArgmax(x, windows))]
    let numbers = Tensor(shape: [2, 4], .double([-1, -2, -3, -3, 5, 5, .nan, 9]))
    let context = EvaluationContext(inputs: ["x": try #require(numbers)])
    let values = ReferenceInterpreter<Double>(context: context).evaluateAll(b.graph)
    #expect(values[b.graph.results[0].value.index].ints == [0, 1, 3, 0, 2, 3])
  }
}
