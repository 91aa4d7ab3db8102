import NetcCore
import NetcGraph

extension Lowering {
  /// Warns of probabilities handed to a loss that takes logits: softmax before cross_entropy,
  /// sigmoid before binary_cross_entropy.
  /// - Complexity: O(nodes).
  mutating func lintNormalisation() {
    let graph = b.graph
    for node in graph.nodeIDs where graph.op(of: node) == .composite {
      let name = graph.attributes(of: node).text("name")
      guard let input = graph.operands(of: node).first, let range = graph.origin(of: node).range
      else {
        continue
      }
      switch name {
      case "cross_entropy" where isComposite(input, named: ["softmax", "log_softmax"]):
        warn(name, "softmax", at: range)
      case "binary_cross_entropy" where graph.op(of: input) == .logistic:
        warn(name, "sigmoid", at: range)
      case "nll" where isComposite(input, named: ["softmax"]):
        fail(
          .softmaxTwice, "`nll` takes log-probabilities, and these are probabilities", at: range,
          help: ["use `log_softmax`, or `cross_entropy` on the logits"])
      default: break
      }
    }
  }

  private func isComposite(_ value: ValueID, named names: [String]) -> Bool {
    let node = b.graph.node(of: value)
    guard b.graph.op(of: node) == .composite else { return false }
    return names.contains(b.graph.attributes(of: node).text("name"))
  }

  private mutating func warn(_ loss: String, _ function: String, at range: SourceRange) {
    fail(
      .softmaxTwice, "`\(loss)` takes logits, and these have been through `\(function)`", at: range,
      help: ["leave `\(function)` out: `\(loss)` normalises by itself"])
  }
}
