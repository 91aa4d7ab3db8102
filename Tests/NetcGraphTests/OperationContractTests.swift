import NetcCore
import NetcGraph
import Testing

@Suite struct OperationContractTests {
  /// Operations that only stand for something else in a graph and are not called by themselves.
  private static let withoutSamples: Set<String> = [
    "input", "parameter", "state", "argument", "composite", "grad",
  ]

  @Test func everyOperationIsDescribedAndSampled() {
    var names: Set<String> = []
    for operation in OperationCatalogue.operations {
      #expect(names.insert(operation.name).inserted, "\(operation.name) is registered twice")
      #expect(operation.summary.count > 10 && !operation.summary.hasSuffix("."))
      #expect(!operation.stableHLO.isEmpty)
      #expect(
        operation.samples.isEmpty == Self.withoutSamples.contains(operation.name),
        "\(operation.name) needs samples")
      for attribute in operation.attributeNames {
        #expect(AttributeKind(attribute: attribute) != nil, "\(operation.name): \(attribute)")
      }
      for entry in operation.attributeDefaults.entries {
        #expect(operation.attributeNames.contains(entry.name))
        #expect(AttributeKind(attribute: entry.name) == entry.value.kind)
      }
    }
  }

  @Test func netNamesAreDistinct() {
    let names = OperationCatalogue.operations.map(\.netName)
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: OperationCase.all)
  func evaluationGivesTheTypeOfTheRule(_ call: OperationCase) throws {
    let made = try SampleGraph(call.op, call.sample)
    for entry in call.sample.attributes.entries {
      #expect(call.op.operation.attributeNames.contains(entry.name))
      #expect(AttributeKind(attribute: entry.name) == entry.value.kind)
    }
    for name in call.op.operation.attributeNames { #expect(call.sample.attributes[name] != nil) }
    try made.graph.verify()
    let values = ReferenceInterpreter<Double>(context: made.context).evaluateAll(made.graph)
    for result in made.graph.results {
      let tensor = values[result.value.index].tensor
      let type = made.graph.type(of: result.value)
      #expect(tensor.shape == type.shape.sizes)
      #expect(tensor.element == type.element)
    }
  }

  @Test(arguments: OperationCase.all)
  func singleAgreesWithDouble(_ call: OperationCase) throws {
    let made = try SampleGraph(call.op, call.sample)
    let wide = ReferenceInterpreter<Double>(context: made.context).evaluateAll(made.graph)
    let narrow = ReferenceInterpreter<Float>(context: made.context).evaluateAll(made.graph)
    for result in made.graph.results {
      let exact = wide[result.value.index].tensor.doubles
      let rounded = narrow[result.value.index].tensor.doubles
      for (a, b) in zip(exact, rounded) {
        #expect(a == b || a.isNaN && b.isNaN || abs(a - b) <= 1e-5 * max(1, abs(a)))
      }
    }
  }

  @Test(arguments: OperationCase.all)
  func missingAttributesAndOperandsAreRefused(_ call: OperationCase) {
    let types = call.sample.operands.map { TensorType($0.element, Shape(sizes: $0.shape)) }
    let operation = call.op.operation
    for entry in call.sample.attributes.entries {
      var attributes = call.sample.attributes
      attributes[entry.name] = nil
      #expect(throws: OperationTypeError.self) { try operation.resultTypes(types, attributes) }
      for wrong in Self.wrongValues where wrong.kind != entry.value.kind {
        attributes[entry.name] = wrong
        #expect(throws: OperationTypeError.self) { try operation.resultTypes(types, attributes) }
      }
    }
    if !operation.takesManyOperands {
      let more = types + [TensorType(.float, [2])]
      #expect(throws: OperationTypeError.self) {
        try operation.resultTypes(more, call.sample.attributes)
      }
      if !types.isEmpty {
        #expect(throws: OperationTypeError.self) {
          try operation.resultTypes([], call.sample.attributes)
        }
      }
    }
  }

  /// A value of each kind, and of each kind extreme ones, which must be refused or accepted without
  /// a trap.
  @Test(arguments: OperationCase.all)
  func extremeAttributesDoNotTrap(_ call: OperationCase) {
    let types = call.sample.operands.map { TensorType($0.element, Shape(sizes: $0.shape)) }
    for entry in call.sample.attributes.entries {
      for extreme in Self.extremeValues where extreme.kind == entry.value.kind {
        var attributes = call.sample.attributes
        attributes[entry.name] = extreme
        _ = try? call.op.operation.resultTypes(types, attributes)
      }
    }
  }

  private static let wrongValues: [AttributeValue] = [
    .bool(true), .int(0), .ints([0]), .dim(1), .dims([1]), .number(ExactNumber(1)),
    .numbers([ExactNumber(1)]), .text("EQ"), .element(.float), .body(GraphBody(Graph())),
  ]

  private static let extremeValues: [AttributeValue] = [
    .int(-1), .int(.max), .int(.min), .ints([]), .ints([.max]), .ints([.min, .max]),
    .ints([1, 1]), .ints([-1, 0]), .ints([3, 2, 1, 0]), .dim(.overflow), .dim(Dim(.min)),
    .dims([]), .dims([Dim(.max), Dim(.max)]), .dims([Dim(.min)]), .dims([-1, 2]),
    .dims([.overflow]),
    .dims([Dim(symbol: "batch")]), .dims([Dim(.max)]), .dims([Dim(.max), Dim(symbol: "n")]),
    .numbers([]), .numbers([ExactNumber(.nan), ExactNumber(.infinity)]), .text(""), .text("\u{0}"),
  ]
}
