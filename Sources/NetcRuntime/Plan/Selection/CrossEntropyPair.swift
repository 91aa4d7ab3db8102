import NetcCore
import NetcGraph

/// A cross-entropy and the adjoint that belongs to it.
enum CrossEntropyPair {
  /// What both halves read.
  struct Key: Hashable {
    let logits: ValueID
    let labels: ValueID
    let target: CompositeClaims.LabelTarget
  }

  /// The key of a cross-entropy, and whether it is the adjoint with a factor that is one number.
  /// - Returns: nil for other nodes and for adjoints with a factor for each row.
  static func half(
    _ graph: Graph, _ node: NodeID, _ analysis: GraphAnalysis
  ) -> (key: Key, isAdjoint: Bool)? {
    guard graph.op(of: node) == .composite,
      let claim = CompositeClaims.claim(graph.attributes(of: node).body("body"))
    else { return nil }
    let operands = analysis.operands(node)
    func key(_ logits: Int, _ target: CompositeClaims.LabelTarget) -> Key {
      var shared = target
      shared.labels = 0
      return Key(logits: operands[logits], labels: operands[target.labels], target: shared)
    }
    switch claim {
    case .crossEntropy(let logits, let target): return (key(logits, target), false)
    case .crossEntropyAdjoint(let logits, let target, let d):
      return analysis.isUniform(graph, operands[d]) ? (key(logits, target), true) : nil
    case .softmax, .softmaxAdjoint: return nil
    }
  }
}
