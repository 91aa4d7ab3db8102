import NetcCore
package import NetcGraph

/// The named functions that one instruction computes, recognised by what their bodies say.
package enum CompositeClaims {
  /// An instruction that stands for a body; arguments are numbered as the body's.
  enum Claim: Hashable {
    /// softmax, or its logarithm, of argument `x` along the last axis.
    case softmax(x: Int, logarithm: Bool)
    /// Its adjoint from the result `y` and the adjoint `dy`.
    case softmaxAdjoint(y: Int, dy: Int, logarithm: Bool)
    /// -Σ q log softmax(logits) along the last axis, with q from the labels.
    case crossEntropy(logits: Int, target: LabelTarget)
    /// Its adjoint d (softmax(logits) - q) from the adjoint `d` of each row.
    case crossEntropyAdjoint(logits: Int, target: LabelTarget, d: Int)
  }

  /// A distribution over classes: `on` more at the class of argument `labels`, `off` everywhere.
  struct LabelTarget: Hashable {
    var labels: Int
    var on = 1.0
    var off = 0.0
  }

  /// Whether an instruction computes a body, so that calls of it need not be inlined.
  package static func claims(_ body: GraphBody) -> Bool { claim(body) != nil }

  /// The instruction for a body, if there is one.
  /// - Complexity: O(nodes of the body).
  static func claim(_ body: GraphBody) -> Claim? {
    let pattern = BodyPattern(body.graph)
    guard body.graph.results.count == 1, body.graph.nodeCount <= 32,
      body.graph.type(of: body.graph.results[0].value).shape.rank > 0
    else { return nil }
    let result = body.graph.results[0].value
    return pattern.softmax(result) ?? pattern.logSoftmax(result) ?? pattern.softmaxAdjoint(result)
      ?? pattern.logSoftmaxAdjoint(result) ?? pattern.crossEntropy(result)
      ?? pattern.crossEntropyAdjoint(result)
  }
}
