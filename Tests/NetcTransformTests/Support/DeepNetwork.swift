import NetcCore
import NetcGraph

/// A chain of dense layers with tanh, a mean of squares and gradient descent: a training graph of
/// any length.
func deepNetwork(layers: Int, width: Int = 8) -> Graph {
  var b = GraphBuilder()
  let batch = Dim(symbol: "batch")
  let matrix = TensorType.real(width, width)
  let shape = Shape([batch, Dim(width)])
  var x = b.input("x", TensorType(.float, shape))
  var parameters: [(String, ValueID)] = []
  for layer in 0..<layers {
    let weight = b.parameter("layer_\(layer).weight", matrix)
    let bias = b.parameter("layer_\(layer).bias", .real(width))
    parameters.append(("layer_\(layer).weight", weight))
    parameters.append(("layer_\(layer).bias", bias))
    let row = b.broadcast(b.reshape(bias, to: [1, Dim(width)]), to: shape, axes: [0, 1])
    x = b.tanh(b.add(b.dot(x, weight), row))
  }
  let total = b.reduceSum(b.multiply(x, x))
  let count = b.multiply(b.realDimension(batch), b.constant(Double(width)))
  let loss = b.divide(total, count)
  b.graph.setName("loss", of: loss)
  b.graph.results = [GraphResult(.loss, "loss", loss), GraphResult(.output, "y", x)]
  let rate = b.constant(0.1)
  for (name, value) in parameters {
    let step = b.multiply(
      b.grad(of: loss, wrt: value), b.broadcastScalar(rate, to: b.shape(of: value)))
    b.graph.results.append(GraphResult(.update, name, b.subtract(value, step)))
  }
  return b.graph
}
