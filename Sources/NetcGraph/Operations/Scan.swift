package import NetcCore

/// A loop over the first axis of its sequences, its body applied once for each position.
///
/// Operands: the first values of what is carried, the sequences (each with `length` rows), then
/// what the body reads unchanged. The body is closed: from (carried, rows at the position, the
/// unchanged operands, the position) to (carried, outputs). Results: the carried values after the
/// loop, the outputs stacked along a first axis at the position of their rows, then the carried
/// values each turn began with, stacked likewise.
struct Scan: Operation {
  let name = "scan"
  let summary =
    "a loop: the body applied to each row of the sequences in turn, some values carried along"
  let operandNames = ["operands"]
  let takesManyOperands = true
  let attributeNames = ["carried", "sequences", "length", "reverse", "apart", "body"]
  let attributeDefaults: Attributes = ["apart": .bool(false)]
  let stableHLO =
    "stablehlo.while with dynamic_slice of the sequences and dynamic_update_slice of the stacks"
  let differentiability = Differentiability.rule

  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    let carried = try attributes.checkedInt("carried")
    let sequences = try attributes.checkedInt("sequences")
    let length = try attributes.checkedDim("length")
    _ = try attributes.checkedBool("reverse")
    _ = try attributes.checkedBool("apart")
    let body = try attributes.checkedBody("body").graph
    guard (0...operands.count).contains(carried),
      (0...operands.count - carried).contains(sequences)
    else {
      throw OperationTypeError(
        "\(carried) carried values and \(sequences) sequences among \(operands.count) operands")
    }
    var inner = operands
    for place in carried..<carried + sequences {
      guard operands[place].shape.dims.first == length else {
        throw OperationTypeError(
          "a sequence has \(length) rows, found \(operands[place])", operand: place)
      }
      inner[place].shape.dims.removeFirst()
    }
    inner.append(TensorType(.int, .scalar))
    try Scan.checkArguments(of: body, inner)
    let given = body.results.map { body.type(of: $0.value) }
    guard given.count >= max(1, carried), given.count + carried <= Int(UInt16.max) else {
      throw OperationTypeError(
        "the body gives \(given.count) results for \(carried) carried values")
    }
    for place in 0..<carried where given[place] != operands[place] {
      throw OperationTypeError(
        "a carried value is \(operands[place]) and becomes \(given[place])", operand: place)
    }
    var results = Array(given[..<carried])
    for type in given[carried...] + given[..<carried] {
      let stacked = try Shape([length] + type.shape.dims).checked()
      results.append(TensorType(type.element, stacked))
    }
    return results
  }

  private static func checkArguments(
    of body: Graph, _ types: [TensorType]
  ) throws(OperationTypeError) {
    for node in body.nodeIDs where body.op(of: node) == .argument {
      let index = body.attributes(of: node).int("index")
      let type = body.type(of: body.result(of: node))
      guard index < types.count else {
        throw OperationTypeError("the body reads argument \(index) of \(types.count)")
      }
      guard types[index] == type else {
        throw OperationTypeError("argument \(index) of the body is \(type), found \(types[index])")
      }
    }
  }

  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>] {
    let parts = ScanParts(call.attributes, operands: call.operands)
    guard let length = parts.length.value(call.context.bindings) else {
      internalError("reference: scan: length \(parts.length) is not bound")
    }
    let interpreter = ReferenceInterpreter<S>(context: call.context)
    var carried = parts.carried
    var rows = Array(
      repeating: [ReferenceTensor<S>?](repeating: nil, count: length),
      count: call.resultShapes.count - carried.count)
    let outputs = rows.count - carried.count
    for turn in 0..<length {
      let position = parts.isReversed ? length - 1 - turn : turn
      let index = ReferenceTensor<S>([], .int([Int32(clamping: position)]))
      let given = interpreter.evaluate(
        parts.body,
        arguments: carried + parts.sequences.map { $0.row(position) } + parts.captured + [index])
      for (place, value) in given.dropFirst(carried.count).enumerated() {
        rows[place][position] = value
      }
      for (place, value) in carried.enumerated() { rows[outputs + place][position] = value }
      carried = Array(given[..<carried.count])
    }
    let types = parts.body.graph.results.map { parts.body.graph.type(of: $0.value).element }
    let elements = types[carried.count...] + types[..<carried.count]
    return carried
      + zip(zip(rows, elements), call.resultShapes[carried.count...]).map { part, shape in
        ReferenceTensor(rows: part.0.compactMap { $0 }, part.1, shape)
      }
  }

  func bindingProblem(
    _ operands: [TensorType], _ attributes: Attributes, _ bindings: DimBindings
  ) -> String? {
    let length = attributes.dim("length")
    guard let count = length.value(bindings) else { return "the size of \(length) is not known" }
    if count < 0 { return "a scan of \(length) turns, which is \(count)" }
    return count > Int(Int32.max) ? "a scan of \(count) turns" : nil
  }

  var samples: [OperationSample] { ScanSamples.all }
}

extension OpID {
  /// `scan` in the catalogue.
  package static let scan = OpID("scan")
}

/// The operands of a scan by what they are, whatever stands for them.
package struct ScanParts<Operand> {
  /// The first values of what is carried.
  package var carried: [Operand]
  /// What is walked through row by row.
  package var sequences: [Operand]
  /// What the body reads unchanged.
  package var captured: [Operand]
  /// How many turns there are.
  package var length: Dim
  /// Whether positions go down.
  package var isReversed: Bool
  /// Whether turns stay apart to save memory: no pass may keep what they compute for later.
  package var isApart = false
  /// What a turn does.
  package var body: GraphBody

  /// A scan of these parts.
  package init(
    carried: [Operand], sequences: [Operand], captured: [Operand], length: Dim,
    isReversed: Bool = false, body: GraphBody
  ) {
    self.carried = carried
    self.sequences = sequences
    self.captured = captured
    self.length = length
    self.isReversed = isReversed
    self.body = body
  }

  /// The parts of a node of these attributes.
  package init(_ attributes: Attributes, operands: some Swift.Sequence<Operand>) {
    let all = Array(operands)
    let first = attributes.int("carried")
    let second = first + attributes.int("sequences")
    carried = Array(all[..<first])
    sequences = Array(all[first..<second])
    captured = Array(all[second...])
    length = attributes.dim("length")
    isReversed = attributes.bool("reverse")
    isApart = attributes.bool("apart")
    body = attributes.body("body")
  }

  /// All operands, in order.
  package var operands: [Operand] { carried + sequences + captured }

  /// The node's attributes.
  package var attributes: Attributes {
    [
      "carried": .int(carried.count), "sequences": .int(sequences.count), "length": .dim(length),
      "reverse": .bool(isReversed), "apart": .bool(isApart), "body": .body(body),
    ]
  }

  /// The place of the position among the body's arguments.
  package var positionIndex: Int { carried.count + sequences.count + captured.count }

  /// How many stacked outputs there are.
  package var outputCount: Int { body.graph.results.count - carried.count }
}

extension GraphBuilder {
  /// A loop of these parts: its results, the carried values first, then the stacked outputs, then
  /// the stacked values each turn began with.
  package mutating func scan(_ parts: ScanParts<ValueID>) -> [ValueID] {
    emitAll(.scan, parts.operands, parts.attributes)
  }
}

extension ReferenceTensor {
  /// The part at one place of the first axis.
  fileprivate func row(_ place: Int) -> ReferenceTensor {
    let inner = Array(shape.dropFirst())
    let count = inner.reduce(1, *)
    let range = place * count..<(place + 1) * count
    switch storage {
    case .float(let values): return ReferenceTensor(inner, .float(Array(values[range])))
    case .int(let values): return ReferenceTensor(inner, .int(Array(values[range])))
    case .bool(let values): return ReferenceTensor(inner, .bool(Array(values[range])))
    }
  }

  /// Rows of one type put one after another.
  fileprivate init(rows: [ReferenceTensor], _ element: ElementType, _ shape: [Int]) {
    switch element {
    case .float: self.init(shape, .float(rows.flatMap(\.floats)))
    case .int: self.init(shape, .int(rows.flatMap(\.ints)))
    case .bool: self.init(shape, .bool(rows.flatMap(\.bools)))
    }
  }
}
