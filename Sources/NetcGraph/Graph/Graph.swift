package import NetcCore

/// A static computation graph in single-assignment form: plain nodes in order of creation, each
/// operand earlier than its user, behaviour by the operation catalogue, attributes and types
/// interned.
///
/// What every pass asks of every node is inlinable: across modules a call costs more than the
/// answer. The types are usable from inlined code for it: of other package types the compiler
/// inlines nothing.
@usableFromInline
package struct Graph: Sendable {
  /// One application of an operation.
  @usableFromInline
  package struct Node: Sendable {
    /// What it does.
    @usableFromInline package let op: OpID
    @usableFromInline let operandCount: UInt16
    @usableFromInline let resultCount: UInt16
    @usableFromInline let firstOperand: UInt32
    @usableFromInline let firstResult: UInt32
    let attributes: UInt32
    let origin: UInt32

    /// Whether it gives any value.
    @inlinable
    package var hasResults: Bool { resultCount > 0 }
    /// Whether it gives exactly one value.
    @inlinable
    package var hasOneResult: Bool { resultCount == 1 }
  }

  @usableFromInline
  struct Value: Sendable {
    @usableFromInline let node: UInt32
    @usableFromInline let type: UInt32
  }

  @usableFromInline private(set) var nodes: [Node] = []
  @usableFromInline private(set) var operandPool: [ValueID] = []
  @usableFromInline private(set) var values: [Value] = []
  private var valueNames: [String?] = []
  private var types = Interner<TensorType>()
  private var attributeSets = Interner<Attributes>()
  private var origins = Numbering<Origin>()

  /// The operations of its nodes.
  package private(set) var operations: OperationSet = []
  /// What the graph computes, in order.
  package var results: [GraphResult] = []

  /// An empty graph.
  package init() {}

  /// How many nodes there are.
  @inlinable
  package var nodeCount: Int { nodes.count }

  /// How many values there are.
  @inlinable
  package var valueCount: Int { values.count }

  /// The nodes in order.
  @inlinable
  package var nodeIDs: ConsecutiveIDs<NodeID> { ConsecutiveIDs(0..<nodes.count) }

  /// The record of a node.
  @inlinable
  package subscript(node: NodeID) -> Node { nodes[node.index] }

  /// The operation of a node.
  @inlinable
  package func op(of node: NodeID) -> OpID { nodes[node.index].op }

  /// The operands of a node, in order.
  @inlinable
  package func operands(of node: NodeID) -> ArraySlice<ValueID> {
    let record = nodes[node.index]
    let start = Int(record.firstOperand)
    return operandPool[start..<start + Int(record.operandCount)]
  }

  /// The places of the values a node gives, one after another.
  @inlinable
  package func resultIndices(of node: NodeID) -> Range<Int> {
    let record = nodes[node.index]
    return Int(record.firstResult)..<Int(record.firstResult) + Int(record.resultCount)
  }

  /// The values a node gives, in order.
  @inlinable
  package func results(of node: NodeID) -> ConsecutiveIDs<ValueID> {
    ConsecutiveIDs(resultIndices(of: node))
  }

  /// The first (for most operations the only) value a node gives.
  @inlinable
  package func result(of node: NodeID) -> ValueID { ValueID(Int(nodes[node.index].firstResult)) }

  /// The compile-time arguments of a node.
  package func attributes(of node: NodeID) -> Attributes {
    attributeSets[nodes[node.index].attributes]
  }

  /// The number of a node's interned attributes: equal exactly when the attributes are.
  package func attributeNumber(of node: NodeID) -> UInt32 { nodes[node.index].attributes }

  /// Where a node comes from.
  package func origin(of node: NodeID) -> Origin { origins[nodes[node.index].origin] }

  /// The node that gives a value.
  @inlinable
  package func node(of value: ValueID) -> NodeID { NodeID(Int(values[value.index].node)) }

  /// The operation that gives a value.
  @inlinable
  package func op(of value: ValueID) -> OpID { nodes[Int(values[value.index].node)].op }

  /// The type of a value.
  package func type(of value: ValueID) -> TensorType { types[values[value.index].type] }

  /// The number of a value's interned type: equal exactly when the types are.
  @inlinable
  package func typeNumber(of value: ValueID) -> UInt32 { values[value.index].type }

  /// The readable name of a value: a parameter's path, a `let`'s name, `d_` of one; nil for
  /// intermediate values.
  package func name(of value: ValueID) -> String? { valueNames[value.index] }

  /// Gives a value a readable name.
  package mutating func setName(_ name: String?, of value: ValueID) {
    valueNames[value.index] = name
  }

  /// Appends a node after checking its operands with the operation's type rule.
  /// - Throws: `OperationTypeError` when the operands or attributes do not fit; the graph is
  ///   unchanged.
  package mutating func append(
    _ op: OpID, _ operands: [ValueID], _ attributes: Attributes, origin: Origin
  ) throws(OperationTypeError) -> [ValueID] {
    let types = try resultTypes(op, operands, attributes)
    return appendUnchecked(op, operands, attributes, resultTypes: types, origin: origin)
  }

  /// Appends a node as `append` does; gives its first result.
  package mutating func appendOne(
    _ op: OpID, _ operands: [ValueID], _ attributes: Attributes, origin: Origin
  ) throws(OperationTypeError) -> ValueID {
    let types = try resultTypes(op, operands, attributes)
    return ValueID(add(op, operands, attributes, types, origin))
  }

  private func resultTypes(
    _ op: OpID, _ operands: [ValueID], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType] {
    guard operands.count <= UInt16.max else {
      throw OperationTypeError("at most \(UInt16.max) operands expected, found \(operands.count)")
    }
    return try op.operation.resultTypes(operands.map { type(of: $0) }, attributes)
  }

  /// Appends a node whose result types are already known to follow from its operation's type rule.
  package mutating func appendUnchecked(
    _ op: OpID, _ operands: [ValueID], _ attributes: Attributes, resultTypes: [TensorType],
    origin: Origin
  ) -> [ValueID] {
    let first = add(op, operands, attributes, resultTypes, origin)
    return (first..<values.count).map { ValueID($0) }
  }

  /// Appends a node; gives the place of its first result.
  private mutating func add(
    _ op: OpID, _ operands: [ValueID], _ attributes: Attributes, _ resultTypes: [TensorType],
    _ origin: Origin
  ) -> Int {
    let first = values.count
    nodes.append(
      Node(
        op: op, operandCount: UInt16(truncatingIfNeeded: operands.count),
        resultCount: UInt16(truncatingIfNeeded: resultTypes.count),
        firstOperand: UInt32(truncatingIfNeeded: operandPool.count),
        firstResult: UInt32(truncatingIfNeeded: first),
        attributes: attributeSets.intern(attributes), origin: origins.number(origin)))
    operations.insert(op)
    operandPool.append(contentsOf: operands)
    for type in resultTypes {
      values.append(
        Value(node: UInt32(truncatingIfNeeded: nodes.count - 1), type: types.intern(type)))
      valueNames.append(nil)
    }
    return first
  }

  /// The first nodes of the graph with the names of their values, without results: it has room for
  /// all of them and numbers attributes, types and origins as this one does, so that `appendCopy`
  /// copies a node of this graph as integers.
  func prefix(_ count: Int) -> Graph {
    let end = count < nodes.count ? nodes[count] : nil
    var graph = self
    graph.nodes = nodes.prefix(count, capacity: nodes.count)
    graph.operandPool = operandPool.prefix(
      end.map { Int($0.firstOperand) } ?? operandPool.count, capacity: operandPool.count)
    let valueEnd = end.map { Int($0.firstResult) } ?? values.count
    graph.values = values.prefix(valueEnd, capacity: values.count)
    graph.valueNames = valueNames.prefix(valueEnd, capacity: values.count)
    graph.operations = []
    for node in graph.nodes { graph.operations.insert(node.op) }
    graph.results = []
    return graph
  }

  /// Appends a copy of a node of the graph this one was a `prefix` of, origin included, names
  /// left out; `copies` holds the new operands by the old values' indices.
  /// - Returns: the first of the new results, which are numbered one after another; nil without
  ///   results.
  mutating func appendCopy(of node: NodeID, in source: Graph, copies: [ValueID?]) -> ValueID? {
    let record = source.nodes[node.index]
    let first = values.count
    let start = operandPool.count
    for place in 0..<Int(record.operandCount) {
      let operand = source.operandPool[Int(record.firstOperand) + place]
      guard let copy = copies[operand.index] else {
        internalError(
          "operation \(record.op.operation.name), node \(node.index): "
            + "operand \(operand.index) is used before it is copied")
      }
      operandPool.append(copy)
    }
    nodes.append(
      Node(
        op: record.op, operandCount: record.operandCount, resultCount: record.resultCount,
        firstOperand: UInt32(truncatingIfNeeded: start),
        firstResult: UInt32(truncatingIfNeeded: first),
        attributes: record.attributes, origin: record.origin))
    operations.insert(record.op)
    for offset in 0..<Int(record.resultCount) {
      let type = source.values[Int(record.firstResult) + offset].type
      values.append(Value(node: UInt32(truncatingIfNeeded: nodes.count - 1), type: type))
      valueNames.append(nil)
    }
    return record.resultCount == 0 ? nil : ValueID(first)
  }

  /// Appends a copy of a node of this graph whose operands lie `shift` values further on; its
  /// attributes are kept unless others are given, its names left out.
  package mutating func appendCopy(
    of node: NodeID, shiftedBy shift: Int, attributes: Attributes? = nil, origin: Origin
  ) {
    let record = nodes[node.index]
    let firstOperand = operandPool.count
    for place in 0..<Int(record.operandCount) {
      operandPool.append(ValueID(operandPool[Int(record.firstOperand) + place].index + shift))
    }
    let firstResult = values.count
    for offset in 0..<Int(record.resultCount) {
      let type = values[Int(record.firstResult) + offset].type
      values.append(Value(node: UInt32(truncatingIfNeeded: nodes.count), type: type))
      valueNames.append(nil)
    }
    nodes.append(
      Node(
        op: record.op, operandCount: record.operandCount, resultCount: record.resultCount,
        firstOperand: UInt32(truncatingIfNeeded: firstOperand),
        firstResult: UInt32(truncatingIfNeeded: firstResult),
        attributes: attributes.map { attributeSets.intern($0) } ?? record.attributes,
        origin: origins.number(origin)))
  }

  /// Whether both graphs have the same nodes, operands, attributes, types and results; names,
  /// origins do not count.
  package func isStructurallyEqual(to other: Graph) -> Bool {
    guard nodeCount == other.nodeCount, valueCount == other.valueCount,
      results.map(\.value) == other.results.map(\.value)
    else { return false }
    for node in nodeIDs {
      guard op(of: node) == other.op(of: node), operands(of: node) == other.operands(of: node),
        attributes(of: node) == other.attributes(of: node),
        results(of: node).allSatisfy({ type(of: $0) == other.type(of: $0) })
      else { return false }
    }
    return true
  }
}

extension Array {
  /// The first elements, with room for more.
  fileprivate func prefix(_ count: Int, capacity: Int) -> [Element] {
    var array: [Element] = []
    array.reserveCapacity(capacity)
    array.append(contentsOf: self[..<count])
    return array
  }
}
