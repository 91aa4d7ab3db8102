import NetcCore
import NetcGraph

/// Which operations of a graph round differently when one instruction does them together: a product
/// and the sum that takes it, a multiple and the product of matrices that reads it, a sum over
/// numbers in memory and one over numbers as they are computed.
///
/// What is stored beside is done apart, so that a value may be computed elsewhere or stored no more
/// with the same bits only where no such reader takes it.
struct RoundingBonds {
  private let graph: Graph
  /// The nodes that read each value, by `ValueID.index`.
  private var readers: [[NodeID]]
  /// How often each value is read, as a result too.
  private var uses: [Int]

  private static let views: OperationSet = [
    .reshape, .identity, .transpose, .broadcastInDim, .convert, .stopGradient,
  ]
  private static let sums: OperationSet = [.add, .subtract]
  private static let factors: OperationSet = [.multiply, .divide, .negate]
  /// Sums of many products.
  static let products: OperationSet = [.dotGeneral, .convolution, .windowSum]

  /// - Parameter results: the values of a body that are wanted of it.
  /// - Complexity: O(nodes + operands).
  init(_ graph: Graph, results: [ValueID]) {
    self.graph = graph
    readers = Array(repeating: [], count: graph.valueCount)
    uses = Array(repeating: 0, count: graph.valueCount)
    for node in graph.nodeIDs {
      for operand in graph.operands(of: node) {
        uses[operand.index] += 1
        if readers[operand.index].last != node { readers[operand.index].append(node) }
      }
    }
    for value in results { uses[value.index] += 1 }
  }

  /// The operation that makes a value, changes of shape aside.
  func maker(of value: ValueID) -> OpID {
    var value = value
    while Self.views.contains(graph.op(of: value)),
      let operand = graph.operands(of: graph.node(of: value)).first
    { value = operand }
    return graph.op(of: value)
  }

  /// Whether a reader's bits depend on `value`, made by an operation `maker`, being in memory.
  func isTaken(_ value: ValueID, madeBy maker: OpID) -> Bool {
    var pending = [value]
    while let next = pending.popLast() {
      for reader in readers[next.index] {
        if Self.views.contains(graph.op(of: reader)) {
          pending.append(graph.result(of: reader))
        } else if RecomputedChain.sums.contains(graph.op(of: reader))
          || joins(maker, next, reader)
        {
          return true
        }
      }
    }
    return false
  }

  /// Whether a node and what makes one of its operands round as one, or would if nothing else read
  /// that.
  func isShared(_ operand: ValueID, with reader: NodeID) -> Bool {
    var value = operand
    var isShared = uses[value.index] > 1
    while Self.views.contains(graph.op(of: value)),
      let inner = graph.operands(of: graph.node(of: value)).first
    {
      value = inner
      isShared = isShared || uses[value.index] > 1
    }
    return isShared && joins(graph.op(of: value), operand, reader)
  }

  /// Whether a node and what makes one of its operands may round as one.
  func mayJoin(_ operand: ValueID, _ reader: NodeID) -> Bool {
    joins(maker(of: operand), operand, reader)
  }

  private func joins(_ maker: OpID, _ value: ValueID, _ reader: NodeID) -> Bool {
    let op = graph.op(of: reader)
    if maker == .multiply || maker == .divide || maker == .negate {
      return Self.sums.contains(op) || Self.products.contains(op)
    }
    guard Self.products.contains(maker) else { return false }
    if Self.sums.contains(op) { return true }
    return Self.factors.contains(op)
      && graph.operands(of: reader).allSatisfy { $0 == value || isUniform($0) }
  }

  private func isUniform(_ value: ValueID) -> Bool {
    let op = graph.op(of: value)
    return op == .broadcastInDim || op == .constant || graph.type(of: value).shape.rank == 0
  }
}
