import NetcCore
import NetcGraph

/// The frame of passes that replace nodes one by one: walks a graph in order and builds another, in
/// which rules look at operands that are rewritten already. Up to the first change the other is the
/// graph itself.
struct Rewriter {
  /// A node about to be appended, its operands values of the new graph.
  struct Candidate {
    var op: OpID
    var operands: [ValueID]
    var attributes: Attributes
    /// The type of its only result.
    let type: TensorType
    /// The node of the source that it is; nil once it is another.
    var node: NodeID?
  }

  /// What a rule puts in a candidate's place.
  enum Replacement {
    /// A value of the new graph.
    case value(ValueID)
    /// Another node, to which rules apply again.
    case node(Candidate)
  }

  private let source: Graph
  /// The new graph; the source itself while nothing has changed.
  private var transfer: GraphTransfer
  private var isChanged = false
  /// The node of the source that is looked at.
  private var current = NodeID(0)
  private let named: [Bool]
  private var protected: Set<ValueID> = []
  private lazy var uses = source.useCounts()
  private var visits = 0

  /// Whether the source holds `grad` nodes: `identity` and `stop_gradient` mean something to them.
  var isDifferentiated: Bool { !named.isEmpty }

  private init(_ source: Graph) {
    self.source = source
    transfer = GraphTransfer(from: source, into: GraphBuilder(source))
    named = source.valuesNamedByGradients()
  }

  /// The builder of the new graph.
  var builder: GraphBuilder {
    _read { yield transfer.builder }
    _modify {
      beginChanges()
      yield &transfer.builder
    }
  }

  /// Rewrites `graph` by `rule`, which replaces a node with one result or gives nil to keep it; nil
  /// when it keeps all.
  /// - Parameter operations: those that the rule may replace; the others are copied. Empty for all.
  /// - Parameter maker: what must give the first operand of a node for the rule to replace it.
  /// - Complexity: O(nodes) times the rule's.
  static func rewrite(
    _ graph: Graph, _ operations: OperationSet = [], firstOperandBy maker: OpID? = nil,
    by rule: (inout Rewriter, Candidate) -> Replacement?
  ) -> Graph? {
    if !operations.isEmpty, operations.isDisjoint(with: graph.operations) { return nil }
    var rewriter = Rewriter(graph)
    let ties: OperationSet = rewriter.isDifferentiated ? [.maximum, .minimum] : []
    let wanted = operations.union(ties)
    for node in graph.nodeIDs {
      rewriter.current = node
      let op = graph.op(of: node)
      if operations.isEmpty || wanted.contains(op),
        maker == nil || maker == rewriter.firstOperandMaker(node) || ties.contains(op)
      {
        rewriter.visit(node, rule)
      } else {
        rewriter.keep(node)
      }
    }
    PassMeter.add(rewriter.visits)
    return rewriter.isChanged ? rewriter.transfer.finish() : nil
  }

  /// Lets the new graph be one of its own, so far a copy.
  private mutating func beginChanges() {
    if isChanged { return }
    isChanged = true
    transfer = GraphTransfer(from: source, copied: current.index)
    transfer.builder.origin = source.origin(of: current)
  }

  private mutating func visit(
    _ node: NodeID, _ rule: (inout Rewriter, Candidate) -> Replacement?
  ) {
    let result = source.result(of: node)
    guard !isNamed(node), source[node].hasOneResult, source.op(of: node) != .grad else {
      return keep(node)
    }
    visits += 1
    if isChanged { transfer.builder.origin = source.origin(of: node) }
    let copied = isChanged ? transfer.copiedOperands(of: node) : Array(source.operands(of: node))
    let operands = keepingTies(node, copied)
    let candidate = Candidate(
      op: source.op(of: node), operands: operands, attributes: source.attributes(of: node),
      type: source.type(of: result), node: node)
    if let replacement = rule(&self, candidate) {
      let value = settle(replacement, rule)
      beginChanges()
      transfer.replace(result, by: value)
    } else if operands != copied {
      transfer.replace(result, by: builder.emit(candidate.op, operands, candidate.attributes))
    } else if isChanged {
      transfer.copy(node)
    }
  }

  /// The operation that gives the first operand of a node in the new graph.
  private func firstOperandMaker(_ node: NodeID) -> OpID? {
    source.operands(of: node).first.map { transfer.builder.graph.op(of: copy(of: $0)) }
  }

  /// A value of the source in the new graph.
  private func copy(of value: ValueID) -> ValueID { isChanged ? transfer[value] : value }

  private func isNamed(_ node: NodeID) -> Bool {
    !named.isEmpty && source.results(of: node).contains { named[$0.index] }
  }

  /// Copies a node; what a `grad` names of it is not to be bypassed.
  private mutating func keep(_ node: NodeID) {
    visits += 1
    if isChanged { transfer.copy(node) }
    guard isNamed(node) else { return }
    for value in source.results(of: node) { protected.insert(copy(of: value)) }
  }

  /// The operands of a node, those of a maximum or minimum that is yet to be differentiated marked
  /// as computed where they were: the derivative at a tie depends on which operand is a literal.
  private mutating func keepingTies(_ node: NodeID, _ operands: [ValueID]) -> [ValueID] {
    guard isDifferentiated, source.op(of: node) == .maximum || source.op(of: node) == .minimum
    else {
      return operands
    }
    return zip(source.operands(of: node), operands).map { old, new in
      builder.graph.isLiteral(new) && !source.isLiteral(old) ? builder.identity(new) : new
    }
  }

  /// Whether nothing in the source but the node that a candidate is reads its operand at a place.
  mutating func isOnlyUse(ofOperand place: Int, _ candidate: Candidate) -> Bool {
    guard let node = candidate.node else { return false }
    let operands = source.operands(of: node)
    return uses[operands[operands.startIndex + place].index] == 1
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
