import NetcRuntime

/// The matrix products of the speed workloads: forward, gradient of the input (B transposed) and of
/// the weights (A transposed).
enum ProductShapes {
  /// C [m, n] = A [m, k] B [k, n], `batch` times.
  struct Shape {
    let m: Int
    let k: Int
    let n: Int
    var layout = "NN"
    var batch = 1

    var work: Double { 2 * Double(m) * Double(n) * Double(k) * Double(batch) }

    var name: String { "\(m)x\(k)x\(n) \(layout)" + (batch > 1 ? " \(batch) times" : "") }

    var instruction: GemmInstruction {
      let a =
        layout == "TN"
        ? GemmInstruction.Layout(row: 1, column: m, batch1: m * k)
        : .init(row: k, column: 1, batch1: m * k)
      let b =
        layout == "NT"
        ? GemmInstruction.Layout(row: 1, column: k, batch1: k * n)
        : .init(row: n, column: 1, batch1: k * n)
      var result = GemmInstruction(
        m: m, n: n, k: k, a: a, b: b, c: .init(row: n, column: 1, batch1: m * n))
      result.batch1 = batch
      return result
    }
  }

  static let all: [(workload: String, shape: Shape)] =
    layer("W1", 32, 64, 32, isFirst: true) + layer("W1", 32, 32, 10)
    + layer("W2", 128, 784, 512, isFirst: true) + layer("W2", 128, 512, 512)
    + layer("W2", 128, 512, 10)
    + layer("W3", 64, 784, 128) + layer("W3", 64, 128, 10)
    + layer("W4", 8192, 32, 64) + layer("W4", 2048, 64, 128) + layer("W4", 32, 128, 10)
    + layer("W5", 768, 128, 384) + layer("W5", 768, 128, 128) + layer("W5", 768, 128, 512)
    + layer("W5", 768, 512, 128) + layer("W5", 768, 128, 65)
    + [
      ("W5", Shape(m: 64, k: 32, n: 64, layout: "NT", batch: 48)),
      ("W5", Shape(m: 64, k: 64, n: 32, batch: 48)),
      ("W5", Shape(m: 64, k: 64, n: 32, layout: "TN", batch: 48)),
    ]
    + layer("W6", 1024, 128, 384) + layer("W6", 32, 128, 384) + layer("W6", 1024, 128, 65)
    + layer("W7", 1, 30, 1, isFirst: true)
    + layer("W8", 64, 64, 64) + layer("W8", 64, 64, 10)
    + [(784, 512), (512, 512), (512, 10)].map { ("W2 of one", Shape(m: 1, k: $0.0, n: $0.1)) }
    + [(784, 128), (128, 10)].map { ("W3 of one", Shape(m: 1, k: $0.0, n: $0.1)) }
    + [(128, 384), (128, 512), (512, 128), (128, 65)].map {
      ("W5 of one", Shape(m: 64, k: $0.0, n: $0.1))
    }
    + ["NN", "NT", "TN"].map { ("large", Shape(m: 512, k: 512, n: 512, layout: $0)) }
    + ["NN", "NT", "TN"].map { ("large", Shape(m: 1024, k: 1024, n: 1024, layout: $0)) }

  /// The products of a layer with `k` inputs and `n` outputs; the first layer has no gradient of
  /// its input.
  private static func layer(
    _ workload: String, _ batch: Int, _ k: Int, _ n: Int, isFirst: Bool = false
  ) -> [(workload: String, shape: Shape)] {
    let forward = Shape(m: batch, k: k, n: n)
    let input = Shape(m: batch, k: n, n: k, layout: "NT")
    let weights = Shape(m: k, k: batch, n: n, layout: "TN")
    return ([forward] + (isFirst ? [] : [input]) + [weights]).map { (workload, $0) }
  }
}
