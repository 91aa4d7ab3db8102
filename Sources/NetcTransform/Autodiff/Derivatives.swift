import NetcCore
package import NetcGraph

extension Graph {
  /// The graph with `grad` nodes for a scalar's derivatives appended and added to its results with
  /// the role `.gradient`, in the order and under the names of `wrt`.
  ///
  /// Order 1 is the gradient. Each further order is the gradient of the sum of all elements of the
  /// one before: for order 2 the matrix of second derivatives times a vector of ones.
  package func addingGradients(
    of scalar: ValueID, wrt: [(name: String, value: ValueID)], order: Int = 1
  ) -> Graph {
    var builder = GraphBuilder(self)
    builder.origin = Origin(range: origin(of: node(of: scalar)).range)
    var target = scalar
    for _ in 1..<max(1, order) {
      let parts = wrt.map { builder.grad(of: target, wrt: $0.value) }
      let sums = parts.map { builder.reduceSum($0) }
      target = sums.dropFirst().reduce(sums.first ?? builder.constant(0)) { builder.add($0, $1) }
    }
    for (name, value) in wrt {
      let made = builder.grad(of: target, wrt: value)
      builder.graph.results.append(GraphResult(.gradient, name, made))
    }
    return builder.graph
  }
}
