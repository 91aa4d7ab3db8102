import NetcCore
import NetcKit
import Testing

/// The library's layers and losses put together: derived gradients against central differences.
@Suite struct LibraryGradientTests {
  private static let normalization = """
    input x: float[batch, 4, 3]
    let u = x |> dense(3) |> batch_norm |> instance_norm |> group_norm(2) |> rms_norm
    loss mean(square(u |> residual(dense(3)) |> layer_norm |> dense(2)))
    optimizer adam() |> ema()
    """
  private static let transformer = """
    input labels: class(5)[batch, 4]
    input next: class(5)[batch, 4]
    layer block(x: float[batch, time, d]) {
      let a = x + (layer_norm(x) |> self_attention(heads: 2, causal: true, rotary: true))
      return a + (layer_norm(a) |> dense(2 * d) |> gelu |> dense(d))
    }
    var h = embedding(labels, 5, 8, init: normal(1)) |> learned_positions(6)
    for i in 0..<2 { h = block(h) }
    loss cross_entropy(layer_norm(h) |> dense(5, bias: false), next)
    optimizer lamb(lr: one_cycle(1e-3, steps: 10))
    """
  private static let memory = """
    input x: float[batch, 3, 4]
    input source: float[batch, 5, 6]
    input present: float[batch, 5]
    let q = x |> dense(4) |> sinusoidal_positions |> rotary(pairs: halves)
    let y = cross_attention(q, dense(source, 4), heads: 2, mask: present > 0)
    loss mean(square(y |> self_attention(1)))
    optimizer adamax()
    """
  private static let losses = """
    input x: float[batch, 4]
    input label: class(3)[batch]
    input two: class(2)[batch, 3]
    input real: float[batch, 3]
    let z = x |> dense(3)
    let w = x |> dense(3)
    let of_labels = multiclass_hinge(z, label) + focal(z, label) + binary_focal(w, two, alpha: 0.3)
    let of_vectors = cosine_distance(z, real) + contrastive(z, w, symmetric: true) + triplet(z, w, real)
    loss of_labels + of_vectors + poisson_nll(z, square(real)) + gaussian_nll(z, real, w)
    optimizer nadam(lr: warm_restarts(0.1, period: 4, growth: 2)) for "dense_1.*"
    optimizer adadelta() for "dense_2.*"
    """

  private static let pictures = """
    input x: float[batch, 2, 5, 4]
    let h = x |> conv2d(2, kernel: 3, padding: same) |> random_flip |> random_shift(1, fill: 0.5)
    let y = h |> random_crop(4, 3, padding: 1) |> cutout(2) |> gaussian_noise(0.1)
    loss mean(square(y |> flatten |> dense(2)))
    optimizer sgd(lr: 0.1)
    """

  @Test(arguments: [normalization, transformer, memory, losses, pictures])
  func `derived gradients agree with central differences`(program: String) throws {
    var options = CompilerOptions()
    options.precision = .double
    let model = try Compiler(options: options).compile(program).get()
    let rows = try model.checkGradients(options: .alone)
    #expect(rows.count == model.parameters.count)
    for row in rows {
      #expect(row.passes, "\(row.parameter): \(row.difference) of \(row.scale)")
      #expect(row.compared > 0)
    }
  }

  @Test(arguments: [normalization, transformer, memory, losses, pictures])
  func `the derived program printed is a program`(program: String) throws {
    var request = GradientDump()
    request.format = .net
    let text = try Compiler().compile(program).get().gradientText(request)
    let printed = Compiler().compile(text)
    #expect(!printed.hasErrors, "\(printed.renderedDiagnostics())")
  }
}
