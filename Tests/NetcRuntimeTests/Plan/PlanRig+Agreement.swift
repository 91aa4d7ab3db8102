import NetcCore
import NetcGraph
import NetcRuntime
import Testing

extension PlanRig {
  /// Expects the results to be the reference interpreter's.
  /// - Parameter tolerances: in single and in double precision, shares of the largest number.
  func expectAgreement(_ tolerances: (Double, Double), _ label: String = "") throws {
    let outputs = try outputs()
    let reference = reference()
    for result in graph.results {
      let found = try #require(outputs[.output, result.name])
      let expected = reference[result.value.index]
      #expect(
        agree(found, expected, precision == .single ? tolerances.0 : tolerances.1),
        "\(label)\(result.name): \(found) is not \(expected)")
    }
  }

  /// Expects a graph's results in each precision to be the reference interpreter's.
  static func expectAgreement(
    _ graph: Graph, _ context: EvaluationContext, _ tolerances: (Double, Double),
    _ label: String = ""
  ) throws {
    for precision in Precision.allCases {
      var rig = PlanRig(graph, context)
      rig.precision = precision
      try rig.expectAgreement(tolerances, label)
    }
  }
}

extension EvaluationContext {
  /// Parameters of these shapes with numbers between -1 and 1, to which others may be added.
  static func numbered(
    _ shapes: [(name: String, shape: Shape)], adding offsets: [String: Double] = [:]
  ) -> EvaluationContext {
    var context = EvaluationContext()
    for (place, (name, shape)) in shapes.enumerated() {
      let sizes = shape.sizes ?? []
      let numbers = (0..<sizes.reduce(1, *)).map {
        Double(($0 * 37 + place * 11) % 101) / 50 - 1 + offsets[name, default: 0]
      }
      context.parameters[name] = Tensor(shape: sizes, .double(numbers))
    }
    return context
  }

  /// Adds a parameter of random numbers between -1/4 and 1/4 to a graph and to this.
  mutating func addParameter(
    _ name: String, _ shape: [Int], to b: inout GraphBuilder, _ random: inout SeededGenerator
  ) -> ValueID {
    let values = (0..<shape.reduce(1, *)).map { _ in random.real(-1...1) / 4 }
    parameters[name] = Tensor(shape: shape, .double(values))
    return b.parameter(name, TensorType(.float, Shape(sizes: shape)))
  }
}

extension ConvolutionDimensions {
  /// Windows of 3 by 3 with as many results as pixels, channels last.
  static var threeByThree: ConvolutionDimensions {
    var axes = ConvolutionDimensions(stride: [1, 1], low: [1, 1], high: [1, 1])
    (axes.lhsAxes, axes.resultAxes) = ([0, 3, 1, 2], [0, 3, 1, 2])
    return axes
  }
}
