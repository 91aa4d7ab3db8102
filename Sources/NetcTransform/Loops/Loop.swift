import NetcCore
import NetcGraph

/// A `scan` taken apart: what enters and leaves it, each with its value in the body.
///
/// Values outside are those of the graph under construction, values inside those of `body`.
struct Loop {
  /// A value handed from turn to turn.
  struct Carried {
    var initial: ValueID
    /// What a turn reads and what it leaves.
    let argument: ValueID
    var next: ValueID
    /// Its place among the carried values of the node.
    let place: Int
  }

  /// A sequence or an operand that stays.
  struct Operand {
    let outer: ValueID
    let argument: ValueID
  }

  /// A stacked output.
  struct Output {
    let value: ValueID
    /// Its place among the outputs of the node; nil for one that a pass added.
    let place: Int?
  }

  var carried: [Carried] = []
  var sequences: [Operand] = []
  var captured: [Operand] = []
  var outputs: [Output] = []
  /// The number of the turn in the body.
  let position: ValueID
  let length: Dim
  let isReversed: Bool
  /// Whether nothing of a turn may be kept for later.
  let isApart: Bool
  /// Values of the body to which others give way, arguments all.
  var substitutes: [ValueID: ValueID] = [:]
  /// The body, an argument for every operand first.
  private(set) var body: GraphBuilder
  private var argumentCount: Int

  /// A loop of these parts, whose operands have these types.
  /// - Complexity: O(nodes of the body).
  init(_ parts: ScanParts<ValueID>, operandTypes: [TensorType]) {
    let source = parts.body.graph
    var transfer = GraphTransfer(from: source)
    var arguments: [ValueID] = []
    for (place, type) in operandTypes.enumerated() {
      var inner = type
      let offset = place - parts.carried.count
      if (0..<parts.sequences.count).contains(offset) { inner.shape.dims.removeFirst() }
      arguments.append(transfer.builder.argument(place, inner))
    }
    arguments.append(transfer.builder.argument(arguments.count, TensorType(.int, .scalar)))
    for node in source.nodeIDs {
      if source.op(of: node) == .argument {
        let index = source.attributes(of: node).int("index")
        transfer.replace(source.result(of: node), by: arguments[index])
      } else {
        transfer.copy(node)
      }
    }
    length = parts.length
    isReversed = parts.isReversed
    isApart = parts.isApart
    argumentCount = arguments.count
    position = arguments[arguments.count - 1]
    let given = source.results.map { transfer[$0.value] }
    let first = parts.carried.count
    for (place, initial) in parts.carried.enumerated() {
      carried.append(
        Carried(initial: initial, argument: arguments[place], next: given[place], place: place))
    }
    for (place, outer) in parts.sequences.enumerated() {
      sequences.append(Operand(outer: outer, argument: arguments[first + place]))
    }
    for (place, outer) in parts.captured.enumerated() {
      captured.append(
        Operand(outer: outer, argument: arguments[first + parts.sequences.count + place]))
    }
    for (place, value) in given[first...].enumerated() {
      outputs.append(Output(value: value, place: place))
    }
    body = transfer.builder
  }

  /// The loop of a `scan` node whose operands are copied already.
  init(_ node: NodeID, of transfer: GraphTransfer) {
    let operands = transfer.copiedOperands(of: node)
    self.init(
      ScanParts(transfer.source.attributes(of: node), operands: operands),
      operandTypes: operands.map { transfer.builder.type(of: $0) })
  }

  /// The loop of a `scan` node, its operands values of the node's own graph.
  init(_ node: NodeID, in graph: Graph) {
    let operands = graph.operands(of: node)
    self.init(
      ScanParts(graph.attributes(of: node), operands: operands),
      operandTypes: operands.map { graph.type(of: $0) })
  }

  /// The loop with other values outside.
  func mappingOperands(_ change: (ValueID) -> ValueID) -> Loop {
    var loop = self
    for place in carried.indices { loop.carried[place].initial = change(carried[place].initial) }
    loop.sequences = sequences.map { Operand(outer: change($0.outer), argument: $0.argument) }
    loop.captured = captured.map { Operand(outer: change($0.outer), argument: $0.argument) }
    return loop
  }

  /// The body's nodes.
  var graph: Graph { body.graph }

  /// Everything a turn gives: the carried values, then the outputs.
  var results: [ValueID] { carried.map(\.next) + outputs.map(\.value) }

  /// Lets a turn read a row of `outer` in place of `value`.
  mutating func readRow(of outer: ValueID, inPlaceOf value: ValueID) {
    let argument = newArgument(like: value)
    sequences.append(Operand(outer: outer, argument: argument))
    substitutes[value] = argument
  }

  /// Lets every turn read `outer` in place of `value`.
  mutating func read(_ outer: ValueID, inPlaceOf value: ValueID) {
    let argument = newArgument(like: value)
    captured.append(Operand(outer: outer, argument: argument))
    substitutes[value] = argument
  }

  /// The place among the outputs of a value, added when it is none.
  mutating func output(_ value: ValueID) -> Int {
    if let place = outputs.firstIndex(where: { $0.value == value }) { return place }
    outputs.append(Output(value: value, place: nil))
    return outputs.count - 1
  }

  /// Appends a sum to the body.
  mutating func sum(_ a: ValueID, _ b: ValueID) -> ValueID { body.add(a, b) }

  /// Appends a difference to the body.
  mutating func difference(_ a: ValueID, _ b: ValueID) -> ValueID { body.subtract(a, b) }

  private mutating func newArgument(like value: ValueID) -> ValueID {
    argumentCount += 1
    body.origin = body.graph.origin(of: body.graph.node(of: value))
    return body.argument(argumentCount, body.type(of: value))
  }
}
