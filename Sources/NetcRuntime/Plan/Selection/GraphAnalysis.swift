import NetcCore
import NetcGraph

/// What selection asks about a graph under a binding of its symbols, computed once.
struct GraphAnalysis {
  /// Bound sizes by type number.
  private(set) var sizes: [[Int]] = []
  /// The strides of dense values by type number.
  private(set) var denseStrides: [[Int]] = []
  /// The value each value is the same as: itself, or what an identity, or a change of shape that
  /// changes nothing, was given.
  private(set) var source: [ValueID] = []
  private var operandTable = OperandTable()
  /// Which values are host scalars.
  let hosted: [Bool]
  /// Which values need no memory: host scalars, constants of one number, indices, and
  /// rearrangements of them.
  private(set) var isFree: [Bool] = []
  /// Which nodes the wanted results need.
  private(set) var isNeeded: [Bool] = []
  /// The wanted results.
  let results: [GraphResult]
  /// Which values are wanted results.
  private(set) var isResult: [Bool] = []
  /// Which values are new values of persistent tensors.
  private(set) var isUpdate: [Bool] = []
  /// The micro-operations of each node's operation.
  private var maps: [MapRule?] = []
  /// Which nodes read each value.
  private(set) var users = Users()
  /// The products with a row added to every row, by the node of the addition.
  private(set) var biased: [Int: BiasedProduct] = [:]
  /// The products that other tensors are added to, by the node of the sum.
  private(set) var sums: [Int: ProductSum] = [:]
  /// What convolutions do to their results themselves, by the last node of it.
  private(set) var endings: [Int: ConvolutionEnding] = [:]
  /// What convolutions do to their inputs themselves, by the convolution's node.
  private(set) var prologues: [Int: ConvolutionPrologue] = [:]
  /// The sums by channel that convolutions leave, by the convolution's node and by the sums'.
  private(set) var statistics: [Int: ConvolutionStatistics] = [:]
  /// The multiples that only products read, by `ValueID.index`.
  private(set) var scaled: [Int: ScaledOperand] = [:]
  /// The normalizations of rows, by the last node.
  private(set) var norms: [Int: RowNorm] = [:]
  /// Their adjoints, by the last node; `normMembers` gives all nodes of each by the first.
  private(set) var normAdjoints: [Int: RowNormAdjoint] = [:]
  private(set) var normMembers: [Int: [NodeID]] = [:]
  /// Which nodes are computed within the instruction of another.
  private(set) var isAbsorbed: [Bool] = []
  /// The updates that sums add to their tensors themselves, by the node of the sum.
  private(set) var accumulated: [Int: AccumulatedUpdate] = [:]
  /// The sums that map programs may take, by node.
  private(set) var fusedSums: [Int: FusedSum] = [:]
  /// Which nodes those are.
  private(set) var isFusedSum: [Bool] = []
  /// Which nodes are computed again wherever they are read.
  private(set) var isRecomputed: [Bool] = []
  /// The places in concatenations that values are computed into, by `ValueID.index`.
  private(set) var joined: [Int: [JoinedPart]] = [:]
  /// The softmaxes of rows that see only the first of their elements.
  let causal: CausalSoftmax
  /// For each node, the node before which it must not be computed: 0 where it does not matter.
  let fences: [Int]
  /// Node visits, for tests of the cost.
  private(set) var visits = 0

  /// - Complexity: O(nodes + operands).
  init(
    _ graph: Graph, fences: [Int] = [], bindings: DimBindings, options: PlanOptions
  ) throws(PlanError) {
    self.fences = fences.isEmpty ? Array(repeating: 0, count: graph.nodeCount) : fences
    hosted = graph.hostScalars()
    let hosted = hosted
    causal = CausalSoftmax(graph)
    results = graph.results.filter { result in
      switch options.purpose {
      case .training:
        result.role == .loss || result.role == .update
          || (result.role == .watched && hosted[result.value.index])
      case .evaluation: result.role == .loss || result.role == .metric
      case .once: result.role != .update
      }
    }
    try bind(graph, bindings)
    findSources(graph)
    markNeeded(graph)
    users = Users(graph, isNeeded: isNeeded, source: source)
    markFree(graph)
    findMaps(graph)
    findBiases(graph)
    findUpdates(graph)
    findSums(graph)
    findEndings(graph, bindings)
    findNorms(graph)
    findScaledOperands(graph)
    if options.purpose == .training { findAccumulations(graph) }
    for node in graph.nodeIDs where graph.op(of: node) == .reduceSum {
      fusedSums[node.index] = FusedSum(graph, node, self)
    }
    isRecomputed = Recomputation(graph, self).isRecomputed
    prologues = ConvolutionPrologue.found(graph, self, bindings)
    for prologue in prologues.values {
      for member in prologue.members { isRecomputed[member.index] = true }
    }
    findStatistics(graph, bindings)
    isFusedSum = graph.nodeIDs.map { fusedSums[$0.index] != nil }
    joined = JoinedPart.found(graph, self)
  }

  private mutating func findEndings(_ graph: Graph, _ bindings: DimBindings) {
    guard graph.operations.contains(.convolution) else { return }
    for node in graph.nodeIDs where maps[node.index] != nil {
      guard let ending = ConvolutionEnding(graph, node, self, bindings) else { continue }
      for inner in ending.absorbed {
        isAbsorbed[inner.index] = true
        maps[inner.index] = nil
        endings[inner.index] = nil
      }
      maps[node.index] = nil
      endings[node.index] = ending
    }
  }

  private mutating func findStatistics(_ graph: Graph, _ bindings: DimBindings) {
    statistics = ConvolutionStatistics.found(graph, self, bindings)
    for found in Array(statistics.values) {
      for node in found.absorbed {
        isAbsorbed[node.index] = true
        maps[node.index] = nil
      }
      for node in [found.sum, found.squares] {
        statistics[node.index] = found
        fusedSums[node.index] = nil
      }
    }
  }

  private mutating func findScaledOperands(_ graph: Graph) {
    for node in graph.nodeIDs where graph.op(of: node) == .multiply && maps[node.index] != nil {
      guard let found = ScaledOperand(graph, node, self) else { continue }
      scaled[graph.result(of: node).index] = found
      isAbsorbed[node.index] = true
      maps[node.index] = nil
    }
  }

  private mutating func findNorms(_ graph: Graph) {
    for node in graph.nodeIDs where graph.op(of: node) == .rsqrt && maps[node.index] != nil {
      guard let norm = RowNorm(graph, root: node, self) else { continue }
      norms[norm.last.index] = norm.isRead ? norm : nil
      isAbsorbed[norm.last.index] = !norm.isRead
      maps[norm.last.index] = nil
      let members = norm.adjoint?.members ?? []
      for inner in norm.absorbed + members {
        isAbsorbed[inner.index] = true
        maps[inner.index] = nil
      }
      if let adjoint = norm.adjoint, let first = members.first, let last = members.last {
        normAdjoints[last.index] = adjoint
        normMembers[first.index] = members
      }
    }
  }

  private mutating func findAccumulations(_ graph: Graph) {
    var tensors: [Int: Int] = [:]
    for result in results { tensors[source[result.value.index].index, default: 0] += 1 }
    for result in results where tensors[source[result.value.index].index] == 1 {
      guard let update = AccumulatedUpdate(graph, result, self) else { continue }
      accumulated[update.step.index] = update
      for node in update.absorbed {
        isAbsorbed[node.index] = true
        maps[node.index] = nil
      }
    }
  }

  /// Whether a value is one number throughout that needs no memory.
  func isUniform(_ graph: Graph, _ value: ValueID) -> Bool {
    var value = source[value.index]
    while !hosted[value.index], graph.op(of: value) == .broadcastInDim,
      let operand = graph.operands(of: graph.node(of: value)).first
    { value = source[operand.index] }
    return hosted[value.index] || (isFree[value.index] && graph.op(of: value) == .constant)
  }

  private mutating func findMaps(_ graph: Graph) {
    maps = graph.nodeIDs.map { node in
      let value = graph.result(of: node)
      guard isNeeded[node.index], source[value.index] == value, !hosted[value.index] else {
        return nil
      }
      let operands = graph.operands(of: node)
      return MapCatalogue.rule(
        graph.op(of: node), operands.first.map { graph.type(of: $0).element })
    }
  }

  /// Finds sums of a product that nothing else reads and a row repeated along all its other axes.
  private mutating func findBiases(_ graph: Graph) {
    isAbsorbed = Array(repeating: false, count: graph.nodeCount)
    for node in graph.nodeIDs where maps[node.index] != nil && graph.op(of: node) == .add {
      let pair = operands(node)
      guard
        let found = BiasedProduct(graph, pair[0], pair[1], self)
          ?? BiasedProduct(graph, pair[1], pair[0], self)
      else { continue }
      maps[node.index] = nil
      biased[node.index] = found
      isAbsorbed[found.product.index] = true
    }
  }

  /// Finds new values of parameters that are the old one plus a multiple of a product.
  private mutating func findUpdates(_ graph: Graph) {
    let updates = results.filter { $0.role == .update }
    if updates.isEmpty { return }
    var parameters: [String: ValueID] = [:]
    for node in graph.nodeIDs where graph.op(of: node) == .parameter {
      parameters[graph.attributes(of: node).text("name")] = graph.result(of: node)
    }
    for result in updates {
      let value = source[result.value.index]
      guard let parameter = parameters[result.name], maps[graph.node(of: value).index] != nil,
        let sum = ProductSum(graph, update: value, of: parameter, self)
      else { continue }
      add(sum, at: graph.node(of: value))
    }
  }

  /// Finds sums of a product that nothing else reads and another tensor, and multiples of one.
  private mutating func findSums(_ graph: Graph) {
    for node in graph.nodeIDs where maps[node.index] != nil && !isAbsorbed[node.index] {
      let sum: ProductSum? =
        switch graph.op(of: node) {
        case .add: ProductSum(graph, sum: node, self) ?? ProductSum(graph, rows: node, self)
        case .multiply, .divide, .negate: ProductSum(graph, scaled: node, self)
        default: nil
        }
      if let sum { add(sum, at: node) }
    }
  }

  private mutating func add(_ sum: ProductSum, at node: NodeID) {
    maps[node.index] = nil
    sums[node.index] = sum
    for inner in sum.absorbed {
      maps[inner.index] = nil
      isAbsorbed[inner.index] = true
    }
  }

  /// How many operands of a map program take a value that is stored.
  func places(of value: ValueID) -> Int { max(1, joined[value.index]?.count ?? 0) }

  /// How a node becomes a part of a map program; nil for nodes that need an instruction of their
  /// own.
  func mapRule(_ node: NodeID) -> MapRule? { maps[node.index] }

  /// Whether all nodes that read a value have a property, those that read it through nodes computed
  /// again in their place.
  func readers(
    _ graph: Graph, of value: ValueID, allSatisfy isTrue: (Int) -> Bool
  ) -> Bool {
    users.of(value).reversed().allSatisfy { user in
      isRecomputed[Int(user)]
        ? readers(graph, of: graph.result(of: NodeID(Int(user))), allSatisfy: isTrue)
        : isTrue(Int(user))
    }
  }

  /// Appends what a node finds in memory: its operands, those of a convolution's prologue in place
  /// of the first, or what a sum is made of in place of what is not computed.
  func appendStored(of node: NodeID, to values: inout [ValueID]) {
    if let found = statistics[node.index], node == found.squares {
      values += [found.value, found.centre]
      return
    }
    var isReplaced = false
    if let prologue = prologues[node.index] {
      values += [prologue.source, prologue.scale, prologue.shift]
      isReplaced = true
    }
    for value in operands(node) where !isFree[value.index] {
      if isReplaced { isReplaced = false } else { values.append(value) }
    }
  }

  /// The operands of a node, identities looked through.
  func operands(_ node: NodeID) -> OperandTable.Operands { operandTable.of(node) }

  private mutating func bind(_ graph: Graph, _ bindings: DimBindings) throws(PlanError) {
    var known: [Bool] = []
    for node in graph.nodeIDs {
      visits += 1
      for value in graph.results(of: node) {
        let number = Int(graph.typeNumber(of: value))
        while known.count <= number {
          known.append(false)
          sizes.append([])
          denseStrides.append([])
        }
        if known[number] { continue }
        let shape = graph.type(of: value).shape
        guard let bound = shape.sizes(bindings), let count = elementCount(bound),
          count < Int(Int32.max)
        else { throw PlanError.size(shape, bindings, at: graph.origin(of: node).range) }
        sizes[number] = bound
        denseStrides[number] = MapBuilder.denseStrides(bound)
        known[number] = true
      }
    }
  }

  private mutating func findSources(_ graph: Graph) {
    var source: [ValueID] = []
    source.reserveCapacity(graph.valueCount)
    for node in graph.nodeIDs {
      let op = graph.op(of: node)
      let value = graph.result(of: node)
      if let seen = causal.masked[value.index] {
        source.append(source[seen.index])
      } else if let operand = graph.operands(of: node).first,
        GraphAnalysis.passes[Int(op.rawValue)],
        graph.type(of: operand).element == graph.type(of: value).element,
        op == .identity || op == .stopGradient || op == .convert
          || sizes[Int(graph.typeNumber(of: operand))] == sizes[Int(graph.typeNumber(of: value))]
      {
        source.append(source[operand.index])
      } else {
        source += graph.results(of: node)
      }
    }
    self.source = source
    operandTable = OperandTable(graph, source: source)
  }

  /// The operations that may give back what they were given.
  private static let passes: [Bool] = {
    let ids: OperationSet = [.identity, .stopGradient, .convert, .reshape, .broadcastInDim]
    return OperationCatalogue.operations.indices.map {
      ids.contains(OpID(rawValue: UInt16(truncatingIfNeeded: $0)))
    }
  }()

  private mutating func markNeeded(_ graph: Graph) {
    isNeeded = Array(repeating: false, count: graph.nodeCount)
    isResult = Array(repeating: false, count: graph.valueCount)
    isUpdate = isResult
    for result in results {
      let value = source[result.value.index]
      isResult[value.index] = true
      if result.role == .update { isUpdate[value.index] = true }
      isNeeded[graph.node(of: value).index] = true
    }
    for node in graph.nodeIDs.reversed() where isNeeded[node.index] {
      for operand in graph.operands(of: node) {
        isNeeded[graph.node(of: source[operand.index]).index] = true
      }
    }
  }

  private mutating func markFree(_ graph: Graph) {
    isFree = hosted
    for node in graph.nodeIDs where isNeeded[node.index] {
      let value = graph.result(of: node)
      switch graph.op(of: node) {
      case .constant: isFree[value.index] = isFree[value.index] || isUniform(graph, node)
      case .iota: isFree[value.index] = true
      case .broadcastInDim, .transpose:
        isFree[value.index] = operands(node).allSatisfy { isFree[$0.index] }
      default: break
      }
    }
  }

  /// Whether a constant is one number throughout.
  private func isUniform(_ graph: Graph, _ node: NodeID) -> Bool {
    guard case .numbers(let values)? = graph.attributes(of: node)["values"],
      let first = values.first
    else { return false }
    return values.allSatisfy { $0 == first }
  }
}
