import NetcCore
import NetcEmit
import NetcGraph
import NetcTransform

extension CompiledModel {
  /// How the gradient of the loss in one parameter is derived: the links from the loss down to it,
  /// each with its rule and the line it belongs to.
  /// - Throws: `NetcError.unsupported` when there is no loss or no such parameter, or the loss does
  ///   not reach it.
  public func derivationText(of parameter: String) throws(NetcError) -> String {
    guard parameters.contains(where: { $0.name == parameter }) else {
      let near = suggestion(for: parameter, among: parameters.map(\.name))
      throw .unsupported(
        "the program has no parameter `\(parameter)`"
          + (near.map { "; did you mean `\($0)`?" } ?? ""))
    }
    var graph = PassPipeline.derivation.run(try gradientGraph(wrt: [parameter])).graph
      .inliningComposites { $0.text("name").hasPrefix("d_") }
    let gradients = graph.results(.gradient)
    guard !gradients.isEmpty else {
      throw .unsupported("no loss depends on `\(parameter)` in a way that has a derivative")
    }
    var text = ""
    for gradient in gradients {
      let loss = losses.count == 1 ? losses[0] : String(gradient.name.prefix { $0 != "/" })
      graph.results = [gradient]
      var emitter = TextEmitter(Pass.eliminateDeadCode.apply(graph), sources: sources)
      if !text.isEmpty { text += "\n" }
      text += "∂\(loss)/∂\(parameter)\n" + emitter.derivedText()
    }
    return text
  }
}
