import Foundation
import NetcCore
import NetcKit
import Testing

/// Examples with a token deleted, doubled by another's, or swapped with its neighbour: whatever
/// they say, the compiler answers, and soon.
@Suite struct MutantTests {
  #if DEBUG
    private static let mutantsOfSeed = 12
    private static let longestSeconds = 10.0
    private static let seeds = ShippedProgram.examples + forms
  #else
    private static let mutantsOfSeed = 600
    private static let longestSeconds = 1.0
    private static let seeds = ShippedProgram.examples + forms + ShippedProgram.designs
  #endif

  /// Programs of the forms that few examples have, each for itself.
  private static let forms: [ShippedProgram] = [
    (
      "loops",
      """
      input words: float[batch, time, 6]
      input mask: bool[batch, time]
      layer cell(x: float[batch, n], h: float[batch, units], units: int) -> float[batch, units] {
        return tanh(dense(x, units) + dense(h, units, bias: false))
      }
      var h = zeros(batch, 8)
      layer step_cell = cell(8)
      let states = scan word in words, here in mask along 1 {
        let next = step_cell(word, h)
        h = where(expand(here, axis: 1), next, h)
        yield h
      }
      let back = scan word in words along 1 reversed { yield sum(word, axis: -1) }
      var total_of = 0.0
      scan i in 0..<5 { total_of = total_of + i }
      loss mean(square(h)) + 0.1 * mean(square(states)) + mean(back) * total_of
      optimizer clip_norm(1.0) |> adam(lr: cosine(1e-3, steps: 10)) every 2
      metric size = mean(abs(h))
      """
    ),
    (
      "derivatives",
      """
      const η = 0.1
      input x: float[batch, 3]
      input y: float[batch]
      param w: float[3] = [0.1, 0.2, 0.3]
      fn soft(z: float[...], sharp: float = 2) -> float[...] { return log(1 + exp(sharp * z)) / sharp }
      gradient soft(z, sharp, out, d_out) { return d_out * sigmoid(sharp * z) }
      let z = x @ w
      let energy = sum(soft(z))
      let slope = grad(energy, x)
      loss data_term = mean(square(z - y))
      loss smooth = mean(square(norm(slope, axis: 1) - 1)) + stop_gradient(mean(z))
      update w = w - η * grad(data_term, w) - 0.01 * grad(smooth, w)
      output curvature = grad(sum(grad(sum(z ^ 3), w)), w)
      """
    ),
    (
      "pictures",
      """
      input image: float[batch, 3, 8, 8]
      input kind: class("cat", "dog", "bird")[batch]
      layer block(x: float[n, c, h, w], channels: int, stride: int = 1) {
        let y = x |> conv2d(channels, kernel: 3, stride: stride, padding: same) |> batch_norm |> relu
        if c == channels and stride == 1 { return x + y }
        return y + conv2d(x, channels, kernel: 1, stride: stride)
      }
      var h = image
      for c in [4, 8] { h = h |> block(c, stride: 2) |> block(c) }
      let tokens = transpose(reshape(h, [batch, 8, 4]), axes: [0, 2, 1])
      let seen = tokens |> layer_norm |> self_attention(2, causal: true) |> residual(dense(8))
      let pooled = mean(seen, axis: 1)
      let dropped = if training then pooled |> dropout(0.1) else pooled
      let logits = dense(dropped, 3)
      loss cross_entropy(logits, kind)
      freeze "block_1.*"
      optimizer weight_decay(1e-4) |> momentum(lr: 0.1) for "dense*", "self_attention.*", "residual.*"
      optimizer sgd(lr: 0.01) for "block*", "layer_norm.*"
      metric f = f1_by_class(logits, kind)
      output argmax(logits, axis: -1)
      data d = images("pictures", image: pixels(), kind: folder())
      train(d, validation: 0.2, epochs: 2, batch: 4, patience: 1, monitor: loss)
      """
    ),
    (
      "imports",
      """
      import "blocks.net" as parts
      import "rules.net"
      const width = parts.wide * 2
      input x: float[batch, 4]
      layer first = parts.block(width) |> relu
      let y = x |> first |> parts.block(1)
      loss mean(square(y))
      optimizer halved(lr: 0.1)
      """
    ),
  ].map { ShippedProgram(name: $0.0, text: $0.1, directory: "") }

  @Test func `there are enough mutants`() {
    let least = Self.mutantsOfSeed == 12 ? 250 : 20_000
    #expect(Self.seeds.count * Self.mutantsOfSeed >= least)
  }

  @Test(arguments: forms.filter { $0.name != "imports" })
  func `the programs of the forms compile`(program: ShippedProgram) {
    let compilation = Compiler().compile(program.text)
    #expect(compilation.model != nil, "\(compilation.renderedDiagnostics())")
  }

  @Test(arguments: seeds)
  func `no mutant crashes or hangs the compiler`(program: ShippedProgram) throws {
    var generator = SplitMix(state: UInt64(program.text.utf8.count))
    let tokens = Tokens(program.text)
    let folder = try TemporaryFolder()
    var directory = program.directory
    if program.name == "imports" {
      directory = folder.path
      _ = try folder.write(
        "const wide = 3\nlayer block(x: float[..., n], m: int) { return dense(x, m) }\n",
        to: "blocks.net")
      _ = try folder.write("rule halved(lr: float) { return lr * grad / 2 }\n", to: "rules.net")
    }
    for number in 0..<Self.mutantsOfSeed {
      let mutant = tokens.mutant(number, of: Self.mutantsOfSeed, &generator)
      // Stands on the disk while it is compiled, so that a crash leaves its cause.
      _ = try folder.write(mutant, to: "\(program.name.replacing("/", with: "_"))")
      let start = Self.processorSeconds
      let compilation = Compiler().compile(mutant, name: program.name, directory: directory)
      let elapsed = Self.processorSeconds - start
      #expect(elapsed < Self.longestSeconds, "mutant \(number):\n\(mutant)")
      #expect((compilation.model == nil) == compilation.hasErrors)
      _ = compilation.renderedDiagnostics()
    }
  }

  /// Seconds this thread has computed: what other work of the machine does not lengthen.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// The text cut into words, numbers, strings, symbols and what lies between.
private struct Tokens {
  private var pieces: [String] = []
  /// The places of the pieces that are no space or comment.
  private var places: [Int] = []

  init(_ text: String) {
    let pattern =
      /\/\/[^\n]*|"[^"\n]*"|[\p{L}_][\p{L}\p{N}_]*|[0-9]+(\.[0-9]+)?(e-?[0-9]+)?|\s+|\|>|->|\.\.\.|\.\.<|[=!<>]=|./
    for match in text.matches(of: pattern) {
      let piece = String(match.output.0)
      if !piece.hasPrefix("//"), piece.contains(where: { !$0.isWhitespace }) {
        places.append(pieces.count)
      }
      pieces.append(piece)
    }
  }

  /// Words that no example has but that the language knows or nearly knows.
  private static let foreign = [
    "scan", "yield", "update", "state", "var", "gradient", "total", "grad", "stop_gradient",
    "training", "step", "none", "inf", "nan", "class", "dims", "fn", "for", "in", "every",
    "minimize", "freeze", "0", "-1", "1e308", "9223372036854775807", "99999999999999999999", "0.5",
    "\"\"", "\"*\"", "...", "..<", "^", "@", "not", "{", "}", "(", ")", "[", "]", "input", "param",
    "layer", "rule", "return", "import", "else", "then", "random_normal", "reshape", "transpose",
    "concat", "split", "pad", "gather", "one_hot", "cumsum", "argmax", "group_sum", "batch",
    "conv2d", "max_pool2d", "self_attention", "along", "reversed", "accumulate", "as", "import",
    "batch_norm", "every 0", "every -1", "along 9", "where", "expand", "squeeze", "shape",
    "flatten", "(x, y)", "[0]", "[:, ::0]", "⊙", "ᵀ", "'", "\\", "\u{0}", "≤", ";", "/*", "//", "#",
  ]

  /// The mutant of a number: first deletions and swaps at every place in turn, then insertions
  /// anywhere.
  func mutant(_ number: Int, of count: Int, _ generator: inout SplitMix) -> String {
    var copy = pieces
    let kind = number % 3
    let place =
      number / 3 < places.count && count > places.count
      ? number / 3 : generator.next(below: places.count)
    switch kind {
    case 0: copy[places[place]] = ""
    case 1: copy.swapAt(places[place], places[(place + 1) % places.count])
    default:
      let fromHere = generator.next(below: 2) == 0
      let word =
        fromHere
        ? pieces[places[generator.next(below: places.count)]]
        : Self.foreign[generator.next(below: Self.foreign.count)]
      copy[places[place]] =
        generator.next(below: 2) == 0 ? word : copy[places[place]] + " " + word + " "
    }
    return copy.joined()
  }
}

/// Seeded numbers: SplitMix64.
private struct SplitMix {
  var state: UInt64

  mutating func next(below limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(max(1, limit)))
  }
}
