import NetcCore
import NetcGraph

/// Looks for values that rows along the last axis have in common, and notes the nodes on the way.
struct RowPattern {
  let graph: Graph
  let analysis: GraphAnalysis
  /// The nodes of what was found.
  private(set) var nodes: [NodeID] = []

  init(_ graph: Graph, _ analysis: GraphAnalysis) {
    self.graph = graph
    self.analysis = analysis
  }

  func shape(_ value: ValueID) -> [Int] { analysis.sizes[Int(graph.typeNumber(of: value))] }

  func operands(_ value: ValueID) -> OperandTable.Operands {
    analysis.operands(graph.node(of: value))
  }

  /// The operands of an operation of two, its node noted.
  mutating func pair(_ value: ValueID, _ op: OpID) -> (ValueID, ValueID)? {
    guard graph.op(of: value) == op else { return nil }
    nodes.append(graph.node(of: value))
    let operands = operands(value)
    return (operands[0], operands[1])
  }

  /// The other factor of a product with a value, its node noted.
  mutating func factor(_ value: ValueID, with known: ValueID) -> ValueID? {
    guard let (a, b) = pair(value, .multiply) else { return nil }
    return a == known ? b : b == known ? a : nil
  }

  /// What is summed for a value that is the mean of each row, repeated along the rows.
  mutating func rowMean(_ value: ValueID) -> ValueID? {
    repeated(value).flatMap { mean($0, of: shape(value)) }
  }

  /// One number for each row, which a value of that shape repeats along the rows.
  mutating func repeated(_ value: ValueID) -> ValueID? {
    guard graph.op(of: value) == .broadcastInDim, let source = operands(value).first else {
      return nil
    }
    let shape = shape(value)
    let from = self.shape(source)
    let axes = graph.attributes(of: graph.node(of: value)).ints("axes")
    guard axes == Array(from.indices), Array(from.prefix(shape.count - 1)) == shape.dropLast(),
      from.count == shape.count - 1 || from.last == 1
    else { return nil }
    nodes.append(graph.node(of: value))
    return source
  }

  /// What is summed for a value that is the mean of each row of an array of the given shape.
  mutating func mean(_ value: ValueID, of shape: [Int]) -> ValueID? {
    var value = value
    var factor = 1.0
    while true {
      let operands = operands(value)
      switch graph.op(of: value) {
      case .reshape: break
      case .multiply, .divide:
        guard let number = number(operands[1]) else { return nil }
        factor = graph.op(of: value) == .multiply ? factor * number : factor / number
      case .reduceSum:
        nodes.append(graph.node(of: value))
        let axes = graph.attributes(of: graph.node(of: value)).ints("axes")
        let isMean = abs(factor * Double(shape.last ?? 0) - 1) < 1e-12
        return isMean && axes == [shape.count - 1] && self.shape(operands[0]) == shape
          ? operands[0] : nil
      default: return nil
      }
      nodes.append(graph.node(of: value))
      value = operands[0]
    }
  }

  /// The number that a constant is throughout, repeated or not.
  func number(_ value: ValueID) -> Double? {
    var value = value
    while graph.op(of: value) == .broadcastInDim, let source = operands(value).first {
      value = source
    }
    guard graph.op(of: value) == .constant else { return nil }
    let values = graph.attributes(of: graph.node(of: value)).numbers("values")
    return values.allSatisfy { $0 == values.first } ? values.first : nil
  }

  /// The vector that every row of a value is.
  func vector(_ value: ValueID) -> ValueID? {
    guard graph.op(of: value) == .broadcastInDim, !analysis.isFree[value.index],
      let source = operands(value).first, let n = shape(value).last, shape(source) == [n]
    else { return nil }
    let axes = graph.attributes(of: graph.node(of: value)).ints("axes")
    return axes == [shape(value).count - 1] ? source : nil
  }

  /// The nodes that read a value.
  func users(_ value: ValueID) -> [NodeID] {
    analysis.users.of(value).map { NodeID(Int($0)) }
  }

  /// The only node that reads a value, once.
  func onlyUser(_ value: ValueID) -> NodeID? {
    let users = users(value)
    return users.count == 1 && !analysis.isResult[value.index] ? users[0] : nil
  }

  /// The sum over all rows of a value that an instruction of its own would take.
  func isRowSum(_ node: NodeID, length: Int) -> Bool {
    guard let sum = FusedSum(graph, node, analysis) else { return false }
    return sum.sumsRows && sum.length == length && !analysis.isAbsorbed[node.index]
  }
}
