import NetcCore
import NetcGraph

/// A graph on the way back from a value, and what its arguments stand for.
indirect enum TraceLevel: Sendable {
  /// A graph under construction, by its number.
  case open(Graph, number: Int)
  /// The body of a call or loop in the graph around it: what its arguments are given; those of
  /// `rows` are rows of what is given.
  case body(Graph, arguments: [ValueID], rows: Range<Int>, call: SourceRange?, outer: TraceLevel)

  var graph: Graph {
    switch self {
    case .open(let graph, _), .body(let graph, _, _, _, _): graph
    }
  }

  /// The call whose body it is.
  var call: SourceRange? {
    if case .body(_, _, _, let call, _) = self { call } else { nil }
  }
}

/// What an argument of a body under construction stands for: a value of the graph around it, or
/// its rows.
struct ArgumentSource: Sendable {
  var value: TensorValue
  /// Whether the argument is a row of the value.
  var isRow = false
}

extension Lowering {
  /// The graph under construction that holds a value.
  func level(of number: Int) -> TraceLevel? {
    if number == graph { return .open(b.graph, number: number) }
    return outerGraphs.last { $0.number == number }.map { .open($0.builder.graph, number: number) }
  }
}
