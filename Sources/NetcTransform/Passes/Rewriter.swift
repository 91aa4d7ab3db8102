import NetcCore
import NetcGraph

/// The frame of passes that replace nodes one by one: walks a graph in order and builds another, in
/// which rules look at operands that are rewritten already.
struct Rewriter {
  /// A node about to be appended, its operands values of the new graph.
  struct Candidate {
    var op: OpID
    var operands: [ValueID]
    var attributes: Attributes
    /// The type of its only result.
    let type: TensorType
    /// How many nodes of the source used its first operand.
    var firstOperandUses = 0
    /// How many used its last one.
    var lastOperandUses = 0
  }

  /// What a rule puts in a candidate's place.
  enum Replacement {
    /// A value of the new graph.
    case value(ValueID)
    /// Another node, to which rules apply again.
    case node(Candidate)
  }

  private var transfer: GraphTransfer
  private let named: [Bool]
  private var protected: Set<ValueID> = []
  private let uses: [Int32]
  private var visits = 0

  /// Whether the source holds `grad` nodes: `identity` and `stop_gradient` mean something to them.
  var isDifferentiated: Bool { !named.isEmpty }

  private init(_ source: Graph) {
    transfer = GraphTransfer(from: source)
    named = source.valuesNamedByGradients()
    uses = source.useCounts()
  }

  /// The builder of the new graph.
  var builder: GraphBuilder {
    _read { yield transfer.builder }
    _modify { yield &transfer.builder }
  }

  /// Rewrites `graph` by `rule`, which replaces a node with one result or gives nil to keep it.
  /// - Parameter operations: those that the rule may replace; the others are copied. Empty for all.
  /// - Parameter maker: what must give the first operand of a node for the rule to replace it.
  /// - Complexity: O(nodes) times the rule's.
  static func rewrite(
    _ graph: Graph, _ operations: Set<OpID> = [], firstOperandBy maker: OpID? = nil,
    by rule: (inout Rewriter, Candidate) -> Replacement?
  ) -> Graph {
    if !operations.isEmpty,
      !graph.nodeIDs.contains(where: { operations.contains(graph.op(of: $0)) })
    {
      PassMeter.add(graph.nodeCount)
      return graph
    }
    var rewriter = Rewriter(graph)
    let ties: Set<OpID> = rewriter.isDifferentiated ? [.maximum, .minimum] : []
    var isWanted = OperationCatalogue.operations.map { _ in operations.isEmpty }
    for op in operations.union(ties) { isWanted[Int(op.rawValue)] = true }
    for node in graph.nodeIDs {
      let op = graph.op(of: node)
      if isWanted[Int(op.rawValue)],
        maker == nil || maker == rewriter.firstOperandMaker(node, of: graph) || ties.contains(op)
      {
        rewriter.visit(node, of: graph, rule)
      } else {
        rewriter.keep(node, of: graph)
      }
    }
    PassMeter.add(rewriter.visits)
    return rewriter.transfer.finish()
  }

  private mutating func visit(
    _ node: NodeID, of source: Graph, _ rule: (inout Rewriter, Candidate) -> Replacement?
  ) {
    visits += 1
    let result = source.result(of: node)
    guard !isNamed(node, source), source[node].hasOneResult, source.op(of: node) != .grad else {
      return keep(node, of: source)
    }
    builder.origin = source.origin(of: node)
    let rewritten = transfer.copiedOperands(of: node)
    let kept = keepingTies(node, of: source, rewritten)
    let candidate = Candidate(
      op: source.op(of: node), operands: kept,
      attributes: source.attributes(of: node), type: source.type(of: result),
      firstOperandUses: source.operands(of: node).first.map { Int(uses[$0.index]) } ?? 0,
      lastOperandUses: source.operands(of: node).last.map { Int(uses[$0.index]) } ?? 0)
    guard let replacement = rule(&self, candidate) else {
      if kept == rewritten {
        transfer.copy(node)
      } else {
        transfer.replace(result, by: builder.emit(candidate.op, kept, candidate.attributes))
      }
      return
    }
    transfer.replace(result, by: settle(replacement, rule))
  }

  /// The operation that gives the first operand of a node in the new graph.
  private func firstOperandMaker(_ node: NodeID, of source: Graph) -> OpID? {
    source.operands(of: node).first.map { transfer.builder.graph.op(of: transfer[$0]) }
  }

  private func isNamed(_ node: NodeID, _ source: Graph) -> Bool {
    !named.isEmpty && source.results(of: node).contains { named[$0.index] }
  }

  /// Copies a node; what a `grad` names of it is not to be bypassed.
  private mutating func keep(_ node: NodeID, of source: Graph) {
    visits += 1
    transfer.copy(node)
    guard isNamed(node, source) else { return }
    for value in source.results(of: node) { protected.insert(transfer[value]) }
  }

  /// The operands of a node, those of a maximum or minimum that is yet to be differentiated marked
  /// as computed where they were: the derivative at a tie depends on which operand is a literal.
  private mutating func keepingTies(
    _ node: NodeID, of source: Graph, _ operands: [ValueID]
  ) -> [ValueID] {
    guard isDifferentiated, source.op(of: node) == .maximum || source.op(of: node) == .minimum
    else {
      return operands
    }
    return zip(source.operands(of: node), operands).map { old, new in
      builder.graph.isLiteral(new) && !source.isLiteral(old) ? builder.identity(new) : new
    }
  }

  private mutating func settle(
    _ replacement: Replacement, _ rule: (inout Rewriter, Candidate) -> Replacement?
  ) -> ValueID {
    var current = replacement
    while true {
      visits += 1
      switch current {
      case .value(let value): return value
      case .node(let candidate):
        guard let next = rule(&self, candidate) else {
          return builder.emit(candidate.op, candidate.operands, candidate.attributes)
        }
        current = next
      }
    }
  }

  /// The node that gives a value when it is one of `op` and no `grad` names the value.
  mutating func definition(of value: ValueID, _ op: OpID) -> NodeID? {
    visits += 1
    guard builder.graph.op(of: value) == op, protected.isEmpty || !protected.contains(value) else {
      return nil
    }
    return builder.graph.node(of: value)
  }

  /// The first operand of a value's node when the node is one of `op` and no `grad` names the
  /// value.
  mutating func operand(of value: ValueID, _ op: OpID) -> ValueID? {
    definition(of: value, op).flatMap { builder.graph.operands(of: $0).first }
  }

  /// The operands of a value's node when the node is one of `op` and no `grad` names the value.
  mutating func operands(of value: ValueID, _ op: OpID) -> [ValueID]? {
    definition(of: value, op).map { Array(builder.graph.operands(of: $0)) }
  }

  /// The number in every element of a constant; nil when they differ or the value is not a
  /// `constant` node.
  mutating func constant(_ value: ValueID) -> Double? {
    guard let node = definition(of: value, .constant) else { return nil }
    let numbers = builder.graph.attributes(of: node).numbers("values")
    return numbers.count == 1 ? numbers[0] : nil
  }

  /// The type of a value of the new graph.
  func type(of value: ValueID) -> TensorType { transfer.builder.graph.type(of: value) }
}
