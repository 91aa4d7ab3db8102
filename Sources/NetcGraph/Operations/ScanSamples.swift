import NetcCore

/// Loops that tests differentiate, evaluate, print and compile.
enum ScanSamples {
  static var all: [OperationSample] {
    [
      recurrence(length: 3, isReversed: false), recurrence(length: 3, isReversed: true),
      recurrence(length: 1, isReversed: false), recurrence(length: 0, isReversed: true),
      products, counting, nested(isReversed: false), nested(isReversed: true), exchange,
    ]
  }

  /// c' = tanh(k·c + x), d' = c·d + position; outputs c'·d and d.
  private static func recurrence(length: Int, isReversed: Bool) -> OperationSample {
    let vector = TensorType(.float, [2])
    let body = closed([vector, vector, vector, vector, TensorType(.int, .scalar)]) { b, a in
      let c = b.tanh(b.add(b.multiply(a[3], a[0]), a[2]))
      let place = b.broadcastScalar(b.convert(a[4], to: .float), to: [2])
      let d = b.add(b.multiply(a[0], a[1]), place)
      return [c, d, b.multiply(c, a[1]), a[1]]
    }
    let rows = (0..<2 * length).map { 0.7 * Double($0) - 1.5 }
    return OperationSample(
      [
        .sample([2], [0.5, -1]), .sample([2], [1, 2]), .sample([length, 2], rows),
        .sample([2], [0.8, -0.6]),
      ],
      attributes(carried: 2, sequences: 1, length, isReversed, body))
  }

  /// Nothing carried: outputs x @ k and the truth of x > 0 in each row.
  private static var products: OperationSample {
    let row = TensorType(.float, [2])
    let body = closed([row, TensorType(.float, [2, 3])]) { b, a in
      let axes = DotDimensions(lhsContracting: [0], rhsContracting: [0])
      return [b.dot(a[0], a[1], axes), b.compare(.gt, a[0], b.zeros([2]))]
    }
    return OperationSample(
      [.sample([2, 2], [1, -2, 0.5, 3]), .sample([2, 3], [1, 2, -1, 0.5, -0.3, 2])],
      attributes(carried: 0, sequences: 1, 2, false, body))
  }

  /// No sequence: a whole number counts, a real one is multiplied by draws that the position
  /// selects.
  private static var counting: OperationSample {
    let whole = TensorType(.int, .scalar)
    let body = closed([whole, TensorType(.float, [3]), whole]) { b, a in
      let two = b.constant(2, .scalar, element: .int)
      let three = b.constant(3, .scalar, element: .int)
      let draws = b.randomUniform([3], site: "noise", offset: b.multiply(a[2], three))
      return [b.add(a[0], two), b.multiply(a[1], b.shifted(draws, 0.5)), a[0]]
    }
    return OperationSample(
      [.sample([], ints: [5]), .sample([3], [1, -2, 0.5])],
      attributes(carried: 2, sequences: 0, 4, false, body))
  }

  /// A loop over the rows of each row: s' = tanh(s + Σ (s·x)), the inner sum carried in a loop.
  private static func nested(isReversed: Bool) -> OperationSample {
    let scalar = TensorType(.float, .scalar)
    let inner = closed([scalar, scalar, scalar]) { b, a in
      let next = b.add(b.scaled(a[0], 0.5), b.multiply(a[1], a[2]))
      return [next, b.multiply(next, next)]
    }
    let outer = closed([scalar, TensorType(.float, [3])]) { b, a in
      let results = b.scan(
        ScanParts(
          carried: [a[0]], sequences: [a[1]], captured: [a[0]], length: 3, isReversed: isReversed,
          body: inner))
      return [b.tanh(b.add(a[0], results[0])), b.reduceSum(results[1])]
    }
    return OperationSample(
      [.sample([], [0.4]), .sample([2, 3], [1, -0.5, 0.3, 0.2, 0.9, -1])],
      attributes(carried: 1, sequences: 1, 2, false, outer))
  }

  /// Two carried values change places.
  private static var exchange: OperationSample {
    let pair = TensorType(.float, [2])
    let body = closed([pair, pair, pair]) { b, a in [a[1], a[0], a[2]] }
    return OperationSample(
      [.sample([2], [1, 2]), .sample([2], [3, 4]), .sample([3, 2], [1, 2, 3, 4, 5, 6])],
      attributes(carried: 2, sequences: 1, 3, false, body))
  }

  private static func closed(
    _ types: [TensorType], _ results: (inout GraphBuilder, [ValueID]) -> [ValueID]
  ) -> GraphBody {
    var b = GraphBuilder()
    let arguments = types.enumerated().map { b.argument($0, $1) }
    let given = results(&b, arguments)
    b.graph.results = given.enumerated().map { GraphResult(.result, String($0), $1) }
    return GraphBody(b.graph)
  }

  private static func attributes(
    carried: Int, sequences: Int, _ length: Int, _ isReversed: Bool, _ body: GraphBody
  ) -> Attributes {
    [
      "carried": .int(carried), "sequences": .int(sequences), "length": .dim(Dim(length)),
      "reverse": .bool(isReversed), "apart": .bool(false), "body": .body(body),
    ]
  }
}
