import NetcCore
import NetcGraph

/// One loop under selection.
///
/// A carried value has memory that its new value is copied to at the end of a turn; or, where
/// each turn's value is wanted, a row of a stack of `length + 1` of which one turn reads a row and
/// writes the next.
struct LoopSelection {
  /// A carried value.
  struct Carried {
    /// Memory of one value, or a stack.
    let memory: DraftOperand
    /// Where a turn reads it and where it leaves the new one.
    let source: DraftOperand
    let target: DraftOperand
    let isStack: Bool
  }

  let node: NodeID
  let results: [ValueID]
  let parts: ScanParts<ValueID>
  let length: Int
  let body: Graph
  var carried: [Carried] = []
  var windows: [DraftLoop.Window] = []
  /// The stacks that nothing writes before the loop.
  var fresh: Set<Int> = []
  private let firstRegister: Int

  init(_ s: inout Selector, _ node: NodeID) throws(PlanError) {
    self.node = node
    results = Array(s.graph.results(of: node))
    var parts = ScanParts(s.graph.attributes(of: node), operands: s.operands(node))
    length = parts.length.value(s.bindings) ?? 0
    firstRegister = s.draft.loopRegister
    let wanted = results.map { s.analysis.isResult[$0.index] || !s.analysis.users.of($0).isEmpty }
    body = Self.wantedBody(parts, wanted)
    parts.body = GraphBody(body)
    self.parts = parts
  }

  /// The body with what is not wanted of it under no name.
  private static func wantedBody(_ parts: ScanParts<ValueID>, _ wanted: [Bool]) -> Graph {
    var graph = PlanPreparation.prepared(parts.body.graph)
    graph.results = graph.results.enumerated().compactMap { place, result in
      var named = result
      named.name = String(place)
      return place < parts.carried.count || wanted[place] ? named : nil
    }
    return graph
  }

  mutating func select(_ s: inout Selector) throws(PlanError) {
    guard s.draft.loopDepth < Draft.deepestLoop else {
      throw PlanError("scans are nested more than \(Draft.deepestLoop) deep", at: s.range(node))
    }
    s.draft.loopDepth += 1
    var inner = try bodySelector(s)
    let analysis = inner.analysis
    try placeCarried(&s, analysis)
    let sequences = try placeSequences(&s)
    let outputs = try placeOutputs(&s, analysis)
    let position = try placePosition(&s)
    let setUp = s.draft.steps.count
    let bufferMark = s.draft.buffers.count
    bind(&inner, sequences, position, s)
    for (place, target) in carried.enumerated() where target.isStack {
      inner.placements[new(place, analysis).index] = target.target
    }
    for place in carried.indices where isAddedTo(place, analysis) {
      inner.placements[new(place, analysis).index] = carried[place].memory
    }
    for (value, target) in outputs where inner.placements[value.index] == nil {
      inner.placements[value.index] = target
    }
    swap(&inner.draft, &s.draft)
    try inner.selectNodes()
    try finishTurn(&inner, outputs, position, since: setUp)
    swap(&inner.draft, &s.draft)
    s.visits += inner.visits + inner.groups.visits + analysis.visits
    let steps = Array(s.draft.steps[setUp...])
    s.draft.steps.replaceSubrange(setUp..., with: inner.hoisted)
    emitLoop(&s, steps, bufferMark, hoisted: inner.hoisted)
    s.draft.loopRegister = firstRegister
    s.draft.loopDepth -= 1
  }

  private func bodySelector(_ s: Selector) throws(PlanError) -> Selector {
    var options = s.options
    options.purpose = .once
    let analysis = try GraphAnalysis(body, bindings: s.bindings, options: options)
    var inner = Selector(
      graph: body, bindings: s.bindings, layout: s.layout, options: options, batch: s.batch,
      analysis: analysis)
    inner.loopNode = s.loopNode ?? node
    return inner
  }

  /// The value a turn computes for a carried one.
  func new(_ place: Int, _ analysis: GraphAnalysis) -> ValueID {
    analysis.source[body.results[place].value.index]
  }

  /// Whether a turn's value is the old one, which nothing else reads, with rows added to it.
  private func isAddedTo(_ place: Int, _ analysis: GraphAnalysis) -> Bool {
    let value = new(place, analysis)
    guard !carried[place].isStack, body.op(of: value) == .scatterAdd else { return false }
    let base = analysis.operands(body.node(of: value))[0]
    return body.op(of: base) == .argument && analysis.users.of(base).count == 1
      && !analysis.isResult[base.index]
      && body.attributes(of: body.node(of: base)).int("index") == place
  }

  /// The wanted outputs: place among all outputs and the value in the body.
  private func wantedOutputs(_ analysis: GraphAnalysis) -> [(place: Int, value: ValueID)] {
    body.results.dropFirst(parts.carried.count).map { result in
      let place = (Int(result.name) ?? 0) - parts.carried.count
      return (place, analysis.source[result.value.index])
    }
  }

  private mutating func placeCarried(
    _ s: inout Selector, _ analysis: GraphAnalysis
  ) throws(PlanError) {
    let outputCount = results.count - 2 * parts.carried.count
    let outputs = wantedOutputs(analysis)
    for (place, initial) in parts.carried.enumerated() {
      let stack = results[parts.carried.count + outputCount + place]
      let shape = s.shape(initial)
      let symbolic = s.graph.type(of: initial).shape
      let type = s.element(initial)
      let value = new(place, analysis)
      let isWanted = s.analysis.isResult[stack.index] || !s.analysis.users.of(stack).isEmpty
      let isStack =
        isWanted || (body.op(of: value) != .argument && outputs.contains { $0.value == value })
      let memory = s.temporary(
        type, isStack ? [length + 1] + shape : shape,
        symbolic: isStack ? Shape([parts.length + 1] + symbolic.dims) : symbolic,
        value: s.loopNode == nil ? results[place] : nil)
      let count = shape.reduce(1, *)
      let (first, last) = parts.isReversed ? (length, 0) : (0, length)
      try s.fill(
        DraftOperand(buffer: memory.buffer, start: isStack ? first * count : 0), shape, type,
        from: s.location(initial))
      s.locations[results[place].index] = .view(
        BufferView(
          buffer: memory.buffer, start: isStack ? last * count : 0,
          strides: MapBuilder.denseStrides(shape)))
      guard isStack else {
        carried.append(
          Carried(memory: memory, source: memory, target: memory, isStack: false))
        continue
      }
      let (read, written) = parts.isReversed ? (count, 0) : (0, count)
      carried.append(
        Carried(
          memory: memory,
          source: try window(&s, stack, rows(memory, from: read, count), shape),
          target: try window(&s, stack, rows(memory, from: written, count), shape),
          isStack: true))
      let strides = MapBuilder.denseStrides([length] + shape)
      s.locations[stack.index] = .view(
        BufferView(buffer: memory.buffer, start: read, strides: strides))
      for output in outputs where output.value == value {
        s.locations[results[parts.carried.count + output.place].index] = .view(
          BufferView(buffer: memory.buffer, start: written, strides: strides))
      }
    }
  }

  private func rows(_ memory: DraftOperand, from start: Int, _ count: Int) -> BufferView {
    BufferView(buffer: memory.buffer, start: start, strides: [count])
  }

  /// Where a turn reads each sequence.
  private mutating func placeSequences(_ s: inout Selector) throws(PlanError) -> [Location] {
    var locations: [Location] = []
    for sequence in parts.sequences {
      let shape = s.shape(sequence)
      switch s.location(sequence) {
      case .iota(let axis) where axis > 0: locations.append(.iota(axis: axis - 1))
      case .iota, .view:
        var view = try s.readable(sequence)
        let row = Array(shape.dropFirst())
        let isDense = Array(view.strides.dropFirst()) == MapBuilder.denseStrides(row)
        if s.element(sequence) == .int, !isDense {
          // Indices are read as dense rows: one copy before the loop instead of one in each turn.
          let copy = try s.dense(sequence)
          view = BufferView(
            buffer: copy.buffer, start: copy.start, strides: MapBuilder.denseStrides(shape))
        }
        let operand = try window(&s, sequence, view, row)
        let strides = Array(view.strides.dropFirst())
        locations.append(.view(BufferView(buffer: operand.buffer, start: 0, strides: strides)))
      case let scalar: locations.append(scalar)
      }
    }
    return locations
  }

  /// The stacks of the wanted outputs that are not carried values, and where a turn writes them.
  private mutating func placeOutputs(
    _ s: inout Selector, _ analysis: GraphAnalysis
  ) throws(PlanError) -> [(value: ValueID, target: DraftOperand)] {
    var targets: [(value: ValueID, target: DraftOperand)] = []
    for output in wantedOutputs(analysis) {
      let result = results[parts.carried.count + output.place]
      if s.locations[result.index] != nil { continue }
      let shape = s.shape(result)
      let memory = s.allocate(result)
      if s.draft.root(of: memory.buffer) == memory.buffer { fresh.insert(memory.buffer) }
      let strides = MapBuilder.denseStrides(shape)
      let view = BufferView(buffer: memory.buffer, start: 0, strides: strides)
      targets.append((output.value, try window(&s, result, view, Array(shape.dropFirst()))))
    }
    return targets
  }

  /// Memory that holds the position, when the body reads it.
  private func placePosition(_ s: inout Selector) throws(PlanError) -> DraftOperand? {
    let index = parts.positionIndex
    let isRead = body.nodeIDs.contains { node in
      body.op(of: node) == .argument && body.attributes(of: node).int("index") == index
    }
    guard isRead else { return nil }
    let memory = s.temporary(.int, [], symbolic: .scalar)
    try s.fill(memory, [], .int, from: .number(parts.isReversed ? Double(length - 1) : 0))
    return memory
  }

  /// A part of a view that moves along its first axis, one row a turn.
  private mutating func window(
    _ s: inout Selector, _ value: ValueID, _ view: BufferView, _ row: [Int]
  ) throws(PlanError) -> DraftOperand {
    guard s.draft.loopRegister < Draft.registerLimit else {
      let most = Draft.registerLimit - Draft.firstLoopRegister
      throw PlanError(
        "nested scans walk through more than \(most) tensors at once", at: s.range(node))
    }
    let type = s.element(value)
    let bytes = type.bytes(in: s.precision)
    let stride = view.strides[0] * bytes
    let start = view.start * bytes + (parts.isReversed ? (length - 1) * stride : 0)
    let register = s.draft.loopRegister
    s.draft.loopRegister += 1
    let count = row.reduce(1, *)
    windows.append(
      DraftLoop.Window(
        register: register, base: view.buffer, start: start,
        stride: parts.isReversed ? -stride : stride))
    let buffer = s.draft.add(
      DraftBuffer(
        place: .window(base: view.buffer, register: register), element: type, count: count,
        bytes: count * bytes, shape: Shape(sizes: row), value: nil))
    return DraftOperand(buffer: buffer)
  }
}
