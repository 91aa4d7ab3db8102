import NetcCore
import NetcGraph
import NetcRuntime
import NetcTransform

/// A network of two dense layers for classes, written with the builder, and data it can learn.
struct SmallNetwork {
  enum Rule { case descent, adam }

  let inputs: Int
  let hidden: Int
  let classes: Int
  var rule = Rule.descent

  /// The training step after differentiation and passes.
  func training() -> Graph {
    var b = GraphBuilder()
    let (logits, parameters) = forward(&b)
    let loss = crossEntropy(&b, logits)
    b.graph.results.append(GraphResult(.loss, "loss", loss))
    let rate = b.divide(
      b.constant(0.5), b.shifted(b.scaled(b.convert(b.step(), to: .float), 0.01), 1))
    b.graph.results.append(GraphResult(.watched, "learning_rate", rate))
    for (name, w) in parameters {
      let gradient = b.grad(of: loss, wrt: w)
      update(&b, name, w, gradient, rate)
    }
    return TrainingStep.training(b.graph).graph
  }

  /// The loss, the share of right answers and their number.
  func evaluation() -> Graph {
    var b = GraphBuilder()
    let (logits, _) = forward(&b)
    let batch = Dim(symbol: "batch")
    b.graph.results.append(GraphResult(.loss, "loss", crossEntropy(&b, logits)))
    let target = b.input("digit", TensorType(.int, [batch]))
    let hits = b.convert(b.compare(.eq, b.argmax(logits, axis: 1), target), to: .float)
    let count = b.reduceSum(hits)
    b.graph.results.append(
      GraphResult(.metric, "accuracy", b.divide(count, b.realDimension(batch))))
    b.graph.results.append(GraphResult(.metric, "hits", count))
    b.graph.results.append(GraphResult(.output, "logits", logits))
    return TrainingStep.evaluation(b.graph)
  }

  private func forward(_ b: inout GraphBuilder) -> (ValueID, [(String, ValueID)]) {
    let batch = Dim(symbol: "batch")
    let x = b.input("pixels", TensorType(.float, [batch, Dim(inputs)]))
    var parameters: [(String, ValueID)] = []
    func dense(_ x: ValueID, _ name: String, _ n: Int, _ m: Int) -> ValueID {
      let w = b.parameter(name + ".weight", TensorType(.float, [Dim(n), Dim(m)]))
      let bias = b.parameter(name + ".bias", TensorType(.float, [Dim(m)]))
      parameters += [(name + ".weight", w), (name + ".bias", bias)]
      return b.add(b.dot(x, w), b.broadcast(bias, to: [batch, Dim(m)], axes: [1]))
    }
    let before = dense(x, "first", inputs, hidden)
    let zeros = b.zeros([batch, Dim(hidden)])
    let active = b.select(b.compare(.le, before, zeros), zeros, before)
    return (dense(active, "second", hidden, classes), parameters)
  }

  private func crossEntropy(_ b: inout GraphBuilder, _ logits: ValueID) -> ValueID {
    let batch = Dim(symbol: "batch")
    let shape = b.shape(of: logits)
    let target = b.input("digit", TensorType(.int, [batch]))
    let hot = b.convert(
      b.compare(.eq, b.broadcast(target, to: shape, axes: [0]), b.iota(shape, axis: 1)), to: .float)
    let most = b.broadcast(b.stopGradient(b.reduceMax(logits, axes: [1])), to: shape, axes: [0])
    let shifted = b.subtract(logits, most)
    let whole = b.log(b.reduceSum(b.exponential(shifted), axes: [1]))
    let chosen = b.reduceSum(b.multiply(hot, shifted), axes: [1])
    return b.divide(b.reduceSum(b.subtract(whole, chosen)), b.realDimension(batch))
  }

  private func update(
    _ b: inout GraphBuilder, _ name: String, _ w: ValueID, _ d: ValueID, _ rate: ValueID
  ) {
    let shape = b.shape(of: w)
    guard rule == .adam else {
      let step = b.multiply(b.broadcastScalar(rate, to: shape), d)
      b.graph.results.append(GraphResult(.update, name, b.subtract(w, step)))
      return
    }
    let m = b.state(name + ".adam.m", TensorType(.float, shape))
    let v = b.state(name + ".adam.v", TensorType(.float, shape))
    let m1 = b.add(b.scaled(m, 0.9), b.scaled(d, 0.1))
    let v1 = b.add(b.scaled(v, 0.999), b.scaled(b.multiply(d, d), 0.001))
    let t = b.shifted(b.convert(b.step(), to: .float), 1)
    func corrected(_ x: ValueID, _ beta: Double) -> ValueID {
      let share = b.subtract(b.constant(1), b.power(b.constant(beta), t))
      return b.divide(x, b.broadcastScalar(share, to: shape))
    }
    let step = b.divide(corrected(m1, 0.9), b.shifted(b.sqrt(corrected(v1, 0.999)), 1e-8))
    b.graph.results += [
      GraphResult(.update, name + ".adam.m", m1), GraphResult(.update, name + ".adam.v", v1),
      GraphResult(.update, name, b.subtract(w, b.scaled(step, 0.003))),
    ]
  }

  /// Rows of noise around one pattern for each class.
  func data(_ rows: Int, seed: UInt64) throws(ExecutorError) -> [DataFeed.Column] {
    let patterns = Philox(seed: 5, site: "pattern").uniforms(count: classes * inputs, step: 0)
    let noise = Philox(seed: seed, site: "noise").uniforms(count: rows * inputs, step: 0)
    var pixels: [Float] = []
    var labels: [Int32] = []
    for row in 0..<rows {
      let label = (row * 7 + Int(seed)) % classes
      labels.append(Int32(label))
      for k in 0..<inputs {
        pixels.append(patterns[label * inputs + k] + noise[row * inputs + k] - 1)
      }
    }
    return [
      DataFeed.Column(name: "pixels", rowShape: [inputs], storage: .floats(pixels)),
      DataFeed.Column(name: "digit", rowShape: [], storage: .ints(labels)),
    ]
  }

  /// Small weights, zero biases and states.
  func initialize(_ executor: Executor) throws(ExecutorError) {
    for entry in executor.layout.entries {
      let scale: Double = entry.name.hasSuffix("weight") ? 0.2 : 0
      let draws = Philox(seed: 3, site: entry.name).uniforms(count: entry.count, step: 0)
      let values = draws.map { (Double($0) - 0.5) * scale }
      guard let tensor = Tensor(shape: entry.shape, .double(values)) else { continue }
      try executor.load(entry.name, tensor)
    }
  }
}
