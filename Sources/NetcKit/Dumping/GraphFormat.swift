import NetcCore
import NetcEmit
import NetcGraph

/// The forms a graph is printed in.
public enum GraphFormat: String, Hashable, Sendable, CaseIterable {
  /// For people: one value a line.
  case text
  /// A complete program in the language.
  case net
  /// For Graphviz.
  case dot
  /// For tools.
  case json
  /// The graph's own text, which reads back exactly.
  case exact
}

extension CompiledModel {
  /// A graph in a form that needs nothing beside it.
  func text(_ graph: Graph, _ format: GraphFormat) -> String {
    switch format {
    case .text, .net:
      var emitter = TextEmitter(graph, sources: sources)
      return emitter.text()
    case .dot: return DotEmitter.text(graph, title: name)
    case .json: return JSONEmitter.json(graph, sources: sources).text + "\n"
    case .exact: return graph.text
    }
  }
}
