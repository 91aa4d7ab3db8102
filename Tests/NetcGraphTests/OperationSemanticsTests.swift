import NetcCore
import NetcGraph
import Testing

/// Corner cases whose value the operations promise.
@Suite struct OperationSemanticsTests {
  /// The first result of a call on tensors, in double.
  private func value(_ op: OpID, _ operands: [Tensor], _ attributes: Attributes = .none) throws
    -> [Double]
  {
    let made = try SampleGraph(op, OperationSample(operands, attributes))
    let values = ReferenceInterpreter<Double>(context: made.context).evaluateAll(made.graph)
    return values[made.graph.results[0].value.index].tensor.doubles
  }

  private func reals(_ shape: [Int], _ values: [Double]) throws -> Tensor {
    try #require(Tensor(shape: shape, .double(values)))
  }

  private func ints(_ values: [Int32]) throws -> Tensor {
    try #require(Tensor(shape: [values.count], .int(values)))
  }

  @Test func wholeNumbersDivideTowardsZeroAndNeverTrap() throws {
    let a = try ints([7, -7, 7, 5, .min, 0])
    let b = try ints([2, 2, -2, 0, -1, 3])
    #expect(try value(.divide, [a, b]) == [3, -3, -3, -1, -2_147_483_648, 0])
    #expect(try value(.remainder, [a, b]) == [1, -1, 1, 5, 0, 0])
    #expect(try value(.add, [ints([.max]), ints([1])]) == [-2_147_483_648])
    #expect(try value(.negate, [ints([.min])]) == [-2_147_483_648])
    #expect(try value(.abs, [ints([.min, -3])]) == [-2_147_483_648, 3])
    #expect(
      try value(.power, [ints([2, -2, 0, 0, -1, 3]), ints([5, 3, 0, -1, -3, -2])])
        == [32, -8, 1, 0, -1, 0])
  }

  @Test func maximaAndMinimaPassNaNOn() throws {
    let a = try reals([3], [.nan, 1, -.infinity])
    let b = try reals([3], [1, .nan, 2])
    for op in [OpID.maximum, .minimum] {
      let made = try value(op, [a, b])
      #expect(made[0].isNaN && made[1].isNaN && !made[2].isNaN)
    }
    let matrix = try reals([2, 2], [1, .nan, 3, 2])
    let greatest = try value(.reduceMax, [matrix], ["axes": .ints([1])])
    #expect(greatest[0].isNaN && greatest[1] == 3)
    #expect(try value(.argmax, [matrix], ["axis": .int(1)]) == [1, 0])
    #expect(try value(.argmax, [reals([4], [1, 5, 5, 2])], ["axis": .int(0)]) == [1])
  }

  @Test func indicesOutOfRangeReadZeroAndAddNothing() throws {
    let attributes: Attributes = ["axis": .int(0), "batch_dims": .int(0)]
    let table = try reals([3], [1, 2, 3])
    let places = try ints([0, 2, -1, 3])
    #expect(try value(.gather, [table, places], attributes) == [1, 3, 0, 0])
    let updates = try reals([4], [10, 20, 40, 80])
    #expect(try value(.scatterAdd, [table, places, updates], attributes) == [11, 2, 23])
  }

  @Test func negativePaddingCuts() throws {
    let made = try value(
      .pad, [reals([4], [1, 2, 3, 4])],
      [
        "value": .number(ExactNumber(9)), "low": .dims([-1]), "high": .dims([1]),
        "interior": .ints([1]),
      ])
    #expect(made == [9, 2, 9, 3, 9, 4, 9])
  }

  @Test func functionsAreStableFarOut() throws {
    let far = try reals([4], [-800, 800, -1e300, 1e300])
    #expect(try value(.logistic, [far]) == [0, 1, 0, 1])
    #expect(try value(.tanh, [far]) == [-1, 1, -1, 1])
    let tiny = try reals([1], [1e-18])
    #expect(try value(.exponentialMinusOne, [tiny]) == [1e-18])
    #expect(try value(.logPlusOne, [tiny]) == [1e-18])
  }

  @Test func comparisonsWithNaNHoldOnlyForDifference() throws {
    let a = try reals([2], [.nan, 1])
    for direction in ComparisonDirection.allCases {
      let made = try value(.compare, [a, a], ["direction": .text(direction.rawValue)])
      #expect(made[0] == (direction == .ne ? 1 : 0))
      #expect(made[1] == ([.eq, .le, .ge].contains(direction) ? 1 : 0))
    }
  }

  @Test func conversionClampsAndDropsTheFraction() throws {
    let given = try reals([6], [1.9, -1.9, .infinity, -.infinity, .nan, 3e9])
    #expect(
      try value(.convert, [given], ["element": .element(.int)])
        == [1, -1, 2_147_483_647, -2_147_483_648, 0, 2_147_483_647])
  }

  @Test func drawsAreThoseOfTheGeneratorInBothPrecisions() throws {
    let sample = OperationSample([], ["shape": .dims([5]), "site": .text("noise")])
    let made = try SampleGraph(.randomUniform, sample)
    let expected = Philox(seed: 7, site: "noise").uniforms(count: 5, step: 3).map { Double($0) }
    let wide = ReferenceInterpreter<Double>(context: made.context).evaluateAll(made.graph)
    let narrow = ReferenceInterpreter<Float>(context: made.context).evaluateAll(made.graph)
    #expect(wide[0].tensor.doubles == expected)
    #expect(narrow[0].tensor.doubles == expected)
    let shifted = OperationSample(
      [try #require(Tensor(shape: [], .int([2])))], ["shape": .dims([3]), "site": .text("noise")])
    let later = try SampleGraph(.randomUniform, shifted)
    let moved = ReferenceInterpreter<Double>(context: later.context).evaluateAll(later.graph)
    #expect(moved[1].tensor.doubles == Array(expected[2...]))
  }

  @Test func rankZeroNumbersOfTheStepAreDoubleInSinglePrecision() {
    var b = GraphBuilder()
    let t = b.convert(b.step(), to: .float)
    let factor = b.subtract(b.constant(1), b.power(b.constant(0.999), b.shifted(t, 1)))
    b.graph.results = [GraphResult(.output, "factor", factor)]
    let context = EvaluationContext(step: 0)
    let made = ReferenceInterpreter<Float>(context: context).evaluateAll(b.graph)
    #expect(made[factor.index].floats == [Float(1 - 0.999)])
  }
}
