import NetcCore
import NetcGraph

/// A value that repeats a list of numbers, one for each place along one axis, along all others.
struct ChannelRow {
  /// The list, which may have further axes of size 1.
  let numbers: ValueID
  /// The axis along which the value changes.
  let axis: Int

  /// - Returns: nil for any other value.
  init?(_ graph: borrowing Graph, _ value: ValueID) {
    guard graph.op(of: value) == .broadcastInDim,
      let numbers = graph.operands(of: graph.node(of: value)).first
    else { return nil }
    self.init(graph, value, repeating: numbers)
  }

  /// - Parameter analysis: what the planner knows, by which a list known beforehand is none.
  /// - Returns: nil for any other value.
  init?(_ graph: borrowing Graph, _ value: ValueID, _ analysis: borrowing GraphAnalysis) {
    guard graph.op(of: value) == .broadcastInDim, !analysis.isFree[value.index],
      let numbers = analysis.operands(graph.node(of: value)).first
    else { return nil }
    self.init(graph, value, repeating: numbers)
  }

  private init?(_ graph: borrowing Graph, _ value: ValueID, repeating numbers: ValueID) {
    let own = graph.type(of: numbers).shape.dims
    let axes = graph.attributes(of: graph.node(of: value)).ints("axes")
    let places = own.count == 1 ? [0] : own.indices.filter { own[$0] != 1 }
    guard places.count == 1, let place = places.first,
      graph.type(of: value).shape[axes[place]] == own[place]
    else { return nil }
    self.numbers = numbers
    axis = axes[place]
  }
}
