import NetcCore
import NetcGraph
import NetcTransform

/// A scalar of a graph as a function of its parameters, differentiated exactly and numerically in
/// double.
struct ScalarFunction {
  /// The graph, in which every gradient is expanded.
  var graph: Graph
  /// The value differentiated.
  var scalar: ValueID
  /// The parameters, with their values by name.
  var wrt: [(name: String, value: ValueID)]
  var point: [String: Tensor]

  /// The value at a point.
  func value(at point: [String: Tensor]) -> Double {
    var probe = graph
    probe.results = [GraphResult(.loss, "loss", scalar)]
    probe = Pass.eliminateDeadCode.apply(probe)
    return evaluate(probe, parameters: point)[0].doubles[0]
  }

  /// The gradients by central differences, an entry for each parameter.
  func numericGradients() -> [[Double]] {
    wrt.map { name, _ in
      guard let tensor = point[name] else { return [] }
      return tensor.doubles.indices.map { index in
        let x = tensor.doubles[index]
        let h = 1e-5 * max(1, x.magnitude)
        func shifted(_ by: Double) -> Double {
          var values = tensor.doubles
          values[index] = x + by
          var moved = point
          moved[name] = Tensor(tensor.shape, values)
          return value(at: moved)
        }
        return (shifted(h) - shifted(-h)) / (2 * h)
      }
    }
  }

  /// The gradients by the derived graph, an entry for each parameter.
  func exactGradients() -> [[Double]] {
    evaluate(differentiated(), parameters: point).map(\.doubles)
  }

  /// The graph with the gradients of the scalar as its results.
  func differentiated() -> Graph {
    var builder = GraphBuilder(graph)
    let made = wrt.map { builder.grad(of: scalar, wrt: $0.value) }
    builder.graph.results = zip(wrt, made).map { GraphResult(.gradient, $0.name, $1) }
    return expandGradients(builder.graph).graph
  }

  /// The function Σ w·∂f, whose gradient is the second derivative applied to fixed weights w.
  func derivative() -> ScalarFunction {
    var builder = GraphBuilder(differentiated())
    var sum = builder.constant(0)
    for result in builder.graph.results {
      sum = builder.add(sum, builder.weightedSum(result.value))
    }
    let graph = builder.graph
    let parameters = graph.nodeIDs.filter { graph.op(of: $0) == .parameter }.map {
      graph.result(of: $0)
    }
    return ScalarFunction(
      graph: graph, scalar: sum,
      wrt: wrt.map { name, value in
        (name, parameters.first { graph.name(of: $0) == name } ?? value)
      }, point: point)
  }
}

extension GraphBuilder {
  /// Σ w·x with fixed weights w of both signs; a scalar.
  mutating func weightedSum(_ x: ValueID) -> ValueID {
    let shape = shape(of: x)
    let count = elementCount(shape.sizes ?? []) ?? 0
    let weights = (0..<count).map { index -> Double in
      let size = Double((index * 7 + 3) % 11) / 10
      return index.isMultiple(of: 2) ? 0.3 + size : 0.3 - size
    }
    return reduceSum(multiply(x, constant(weights, TensorType(.float, shape))))
  }
}
