import NetcCore
import NetcGraph

/// Chooses instructions for the nodes of a graph, in order; `SelectionCatalogue` says how by
/// operation.
struct Selector {
  let graph: Graph
  let bindings: DimBindings
  let layout: PersistentLayout
  let options: PlanOptions
  let batch: Int
  let analysis: GraphAnalysis
  let groups: FusionGroups

  var draft = Draft()
  /// Where each value is, by `ValueID.index`; nil before its node and for values fused away.
  var locations: [Location?]
  /// Dense copies of values that are not dense memory themselves.
  var denseCopies: [Int: DraftOperand] = [:]
  /// The parts of concatenations that are in their places.
  var joinedParts: Set<JoinedPart> = []
  /// Buffers of persistent tensors by entry.
  var persistent: [Int?]
  var node: NodeID?
  /// What convolutions left beside their results, by `ValueID.index`.
  var statistics: [Int: ConvolutionStatistics.Rows] = [:]
  /// In the body of a loop: the outermost loop's node, which its steps come from.
  var loopNode: NodeID?
  /// In the body of a loop: memory that some values are computed into, by `ValueID.index`.
  var placements: [Int: DraftOperand] = [:]
  /// In the body of a loop: buffers around it that it only reads.
  var invariant: Set<Int> = []
  /// In the body of a loop: steps that come before it.
  var hoisted: [DraftStep] = []
  /// Matrices in panels.
  var panels: [ProductSelection.PackedMatrix: DraftOperand] = [:]
  /// The map programs so far: layers that are alike have the same.
  var programs: [MapBuilder: FinishedProgram] = [:]
  /// Node visits, for the tests of the planner's cost.
  var visits = 0

  var precision: Precision { layout.precision }

  init(
    graph: Graph, bindings: DimBindings, layout: PersistentLayout, options: PlanOptions, batch: Int,
    analysis: GraphAnalysis
  ) {
    self.graph = graph
    self.bindings = bindings
    self.layout = layout
    self.options = options
    self.batch = batch
    self.analysis = analysis
    groups = FusionGroups(graph, analysis)
    locations = Array(repeating: nil, count: graph.valueCount)
    persistent = Array(repeating: nil, count: layout.entries.count)
  }

  /// Selects every needed node, then what becomes of the results.
  mutating func run() throws(PlanError) {
    try selectNodes()
    try selectResults()
  }

  /// Selects every needed node: first those without memory, which the rest may ask for at any time.
  mutating func selectNodes() throws(PlanError) {
    for node in graph.nodeIDs
    where analysis.isNeeded[node.index] && analysis.isFree[graph.result(of: node).index] {
      try select([node])
    }
    for place in groups.order.indices { try select(groups.order[place]) }
    node = nil
  }

  /// Selects nodes that share an instruction, the last of which names it.
  private mutating func select(_ nodes: ArraySlice<NodeID>) throws(PlanError) {
    guard let node = nodes.last else { return }
    let adjoint = analysis.normAdjoints[node.index]
    if adjoint == nil, analysis.isAbsorbed[node.index] { return }
    visits += 1
    self.node = node
    let value = graph.result(of: node)
    if analysis.source[value.index] != value { return }
    if let adjoint {
      try NormSelection.adjoint(&self, adjoint)
    } else if let norm = analysis.norms[node.index] {
      try NormSelection.forward(&self, norm)
    } else if analysis.hosted[value.index] {
      locations[value.index] = try hostScalar(node)
    } else if let sum = analysis.sums[node.index] {
      try ProductSelection.sum(&self, sum, result: value)
    } else if let biased = analysis.biased[node.index] {
      try ProductSelection.dot(&self, biased.product, bias: biased.bias, result: value)
    } else if let ending = analysis.endings[node.index] {
      try ConvolutionSelection.convolution(&self, ending.convolution, ending, result: value)
    } else if let found = analysis.statistics[node.index],
      node == found.sum || node == found.squares
    {
      try ConvolutionStatistics.select(&self, found, node)
    } else if let update = analysis.accumulated[node.index] {
      try select(update)
    } else if isProgram(nodes) {
      try selectMap(nodes)
    } else if nodes.count == 2 {
      try CompositeSelection.pair(&self, nodes[nodes.startIndex], node)
    } else {
      try SelectionCatalogue.select(node, &self)
    }
  }

  /// Whether nodes make a map program; a single sum of stored numbers has a better instruction.
  private func isProgram(_ nodes: ArraySlice<NodeID>) -> Bool {
    guard let node = nodes.last else { return false }
    if !analysis.isFusedSum[node.index] { return analysis.mapRule(node) != nil }
    return nodes.count > 1 || analysis.isRecomputed[graph.node(of: operands(node)[0]).index]
  }

  // MARK: What rules use

  /// The operands of a node, identities looked through.
  func operands(_ node: NodeID) -> OperandTable.Operands { analysis.operands(node) }

  /// The bound shape of a value.
  func shape(_ value: ValueID) -> [Int] { analysis.sizes[Int(graph.typeNumber(of: value))] }

  /// The strides of a value that lies dense.
  func denseStrides(_ value: ValueID) -> [Int] {
    analysis.denseStrides[Int(graph.typeNumber(of: value))]
  }

  /// The element type of a value.
  func element(_ value: ValueID) -> ElementType { graph.type(of: value).element }

  /// How many elements a value has.
  func count(_ value: ValueID) -> Int { shape(value).reduce(1, *) }

  /// Where a value is.
  func location(_ value: ValueID) -> Location {
    guard let location = locations[analysis.source[value.index].index] else {
      let op = graph.op(of: value).operation.name
      internalError("plan: operation \(op), value \(value.index) is read before it has a place")
    }
    return location
  }

  /// The text a node comes from.
  func range(_ node: NodeID) -> SourceRange? { graph.origin(of: node).range }

  /// New memory for a value, which lies there from now on.
  mutating func allocate(_ value: ValueID) -> DraftOperand {
    let operand =
      placements[value.index]
      ?? temporary(
        element(value), shape(value), symbolic: graph.type(of: value).shape, value: value)
    locations[value.index] = .view(
      BufferView(
        buffer: operand.buffer, start: 0, strides: denseStrides(value)))
    return operand
  }

  /// New memory.
  mutating func temporary(
    _ element: ElementType, _ shape: [Int], symbolic: Shape, value: ValueID? = nil
  ) -> DraftOperand {
    let count = shape.reduce(1, *)
    let buffer = draft.add(
      DraftBuffer(
        place: .temporary, element: element, count: count,
        bytes: count * element.bytes(in: precision), shape: symbolic,
        value: loopNode == nil ? value : nil))
    return DraftOperand(buffer: buffer)
  }

  /// Adds a step; one without elements to write is left out.
  mutating func emit(
    _ instruction: some Instruction, to outputs: [DraftOperand], from inputs: [DraftOperand],
    kind: DraftStep.Kind = .compute, accumulates: Bool = false
  ) {
    if let first = outputs.first, draft.buffers[first.buffer].count == 0 { return }
    let shared = instruction.inPlaceInputs.map { $0 + outputs.count }
    emit(
      instruction.code(precision), name: type(of: instruction).name, to: outputs, from: inputs,
      sharing: shared.isEmpty ? [] : [shared], kind: kind,
      instruction: DraftInstruction(instruction))
    if accumulates { draft.steps[draft.steps.count - 1].accumulates = true }
  }

  /// Adds a step whose code is made.
  mutating func emit(
    _ code: InstructionCode, name: String, to outputs: [DraftOperand], from inputs: [DraftOperand],
    sharing: [[Int]], kind: DraftStep.Kind = .compute, instruction: DraftInstruction? = nil
  ) {
    draft.steps.append(
      DraftStep(
        kind: kind, name: name, code: code, instruction: instruction, operands: outputs + inputs,
        outputs: outputs.count, sharing: sharing, node: loopNode ?? node))
  }

  /// Whether a view starts where an operand can: at a multiple of 4 bytes.
  func isAligned(_ view: BufferView) -> Bool {
    let buffer = draft.buffers[view.buffer]
    return view.start * buffer.element.bytes(in: precision) % 4 == 0
  }
}
