import NetcCore
import NetcGraph
import NetcTransform
import Testing

/// Every operation's first and second derivative agrees with central differences, on every sample
/// of the catalogue.
@Suite struct GradientContractTests {
  /// One sample of one operation.
  struct Case: CustomTestStringConvertible {
    let operation: String
    let index: Int
    let sample: OperationSample
    var testDescription: String { "\(operation) sample \(index)" }
  }

  /// All but `stop_gradient`, whose derivative is not that of its value.
  static let cases: [Case] = OperationCatalogue.operations.flatMap { operation in
    operation.name == "stop_gradient"
      ? []
      : operation.samples.enumerated().map {
        Case(operation: operation.name, index: $0.offset, sample: $0.element)
      }
  }

  @Test(arguments: cases) func derivativesAgreeWithDifferences(_ sample: Case) throws {
    let op = try #require(OperationCatalogue.id(named: sample.operation))
    guard let function = Self.function(op, sample.sample) else { return }
    check(function, "first")
    let second = function.derivative()
    check(second, "second")
    _ = second.derivative().differentiated()
  }

  private func check(_ function: ScalarFunction, _ order: String) {
    for (exact, numeric) in zip(function.exactGradients(), function.numericGradients()) {
      let distance = norm(zip(exact, numeric).map { $0 - $1 })
      #expect(
        distance <= 1e-6 * max(norm(exact), norm(numeric)) + 1e-8,
        "\(order) derivative: derived \(exact), differences \(numeric)")
    }
  }

  /// The weighted sum of an operation's real results as a function of its real operands; nil when
  /// it has none.
  static func function(_ op: OpID, _ sample: OperationSample) -> ScalarFunction? {
    var builder = GraphBuilder()
    var wrt: [(name: String, value: ValueID)] = []
    var point: [String: Tensor] = [:]
    let operands = sample.operands.enumerated().map { index, tensor in
      let type = TensorType(tensor.element, Shape(sizes: tensor.shape))
      guard tensor.element == .float else { return builder.constant(tensor.doubles, type) }
      let value = builder.parameter("p\(index)", type)
      wrt.append(("p\(index)", value))
      point["p\(index)"] = tensor
      return value
    }
    let results = builder.emitAll(op, operands, sample.attributes)
    let real = results.filter { builder.type(of: $0).element == .float }
    guard !wrt.isEmpty, let first = real.first else { return nil }
    var scalar = builder.weightedSum(first)
    for result in real.dropFirst() { scalar = builder.add(scalar, builder.weightedSum(result)) }
    return ScalarFunction(graph: builder.graph, scalar: scalar, wrt: wrt, point: point)
  }
}
