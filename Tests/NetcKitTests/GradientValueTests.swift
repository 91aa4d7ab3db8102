import Foundation
import NetcCore
import NetcKit
import Testing

/// What `dump-grad --values` computes.
@Suite struct GradientValueTests {
  private static let program = """
    input x: float[batch, 2]
    input k: class(2)[batch]
    param W: float[2, 2] = normal(0.5)
    param b: float[2] = zeros()
    let logits = tanh(x @ W + b)
    loss cross_entropy(logits, k)
    optimizer sgd(lr: 0.1)
    output logits
    """
  private static let weights = [0.5, -0.25, 1.5, 0.75]
  private static let inputs = [1.0, 2.0, -0.5, 0.25, 3.0, -1.0]
  private static let labels = [0, 1, 1]

  /// Runs the gradients on a file made by hand.
  private func values(
    of text: String = program, precision: Precision = .double,
    _ request: GradientDump = GradientDump(),
    seed: UInt64? = nil, usingReference: Bool = false, _ fill: (inout SafetensorsBytes) -> Void
  ) throws -> SavedModel {
    let folder = try TemporaryFolder()
    var bytes = SafetensorsBytes()
    fill(&bytes)
    try bytes.data().write(to: URL(fileURLWithPath: folder.file("in")))
    var options = RunOptions.alone
    options.seed = seed
    try model(text, precision: precision).runGradients(
      request, valuesAt: folder.file("in"), writingTo: folder.file("out"), options: options,
      usingReference: usingReference)
    return try SavedModel(contentsOf: folder.file("out"))
  }

  private func fill(_ bytes: inout SafetensorsBytes, weights: [Double] = weights) {
    bytes.add("x", "F64", [3, 2], Self.inputs)
    bytes.add("k", "I64", [3], Self.labels.map(Int64.init))
    bytes.add("W", "F64", [2, 2], weights)
    bytes.add("b", "F64", [2], [0.1, -0.1])
  }

  private func loss(_ weights: [Double]) throws -> Double {
    let found = try values { fill(&$0, weights: weights) }
    return try #require(found["loss"]?.doubles.first)
  }

  @Test(arguments: [false, true])
  func `loss, outputs and gradients are written`(usingReference: Bool) throws {
    let found = try values(usingReference: usingReference) { fill(&$0) }
    #expect(found.names == ["loss", "logits", "d_W", "d_b"])
    #expect(found["loss"]?.shape == [])
    #expect(found["logits"]?.shape == [3, 2])
    let first = tanh(1 * 0.5 + 2 * 1.5 + 0.1)
    #expect(abs(try #require(found["logits"]?.doubles.first) - first) < 1e-14)
    let gradient = try #require(found["d_W"]?.doubles)
    for place in 0..<4 {
      var up = Self.weights
      var down = Self.weights
      up[place] += 1e-5
      down[place] -= 1e-5
      let numeric = try (loss(up) - loss(down)) / 2e-5
      #expect(abs(numeric - gradient[place]) < 1e-8)
    }
  }

  @Test func `every number type gives the same gradients`() throws {
    let wide = try values(precision: .single) { fill(&$0) }
    let narrow = try values(precision: .single) { bytes in
      bytes.add("x", "F32", [3, 2], Self.inputs.map(Float.init))
      bytes.add("k", "I32", [3], Self.labels.map(Int32.init))
      bytes.add("W", "F32", [2, 2], Self.weights.map(Float.init))
      bytes.add("b", "F32", [2], [Float(0.1), Float(-0.1)])
    }
    let mixed = try values(precision: .single) { bytes in
      fill(&bytes)
      bytes.add("k", "F64", [3], Self.labels.map(Double.init))
    }
    #expect(wide == narrow)
    #expect(wide == mixed)
    #expect(wide["d_W"]?.storage.isSingle == true)
    let double = try values { fill(&$0) }
    #expect(double["d_W"]?.storage.isSingle == false)
    for (a, b) in zip(wide["d_W"]?.doubles ?? [], double["d_W"]?.doubles ?? []) {
      #expect(abs(a - b) < 1e-6)
    }
    let whole = try values { bytes in
      bytes.add("x", "I64", [1, 2], [Int64(1), 2])
      bytes.add("k", "I64", [1], [Int64(1)])
    }
    #expect(whole["logits"]?.shape == [1, 2])
  }

  @Test func `a missing parameter starts from the seed`() throws {
    func weights(_ seed: UInt64) throws -> Tensor? {
      try values(seed: seed) { bytes in
        bytes.add("x", "F64", [1, 2], [1.0, 2])
        bytes.add("k", "I64", [1], [Int64(1)])
      }["d_W"]
    }
    #expect(try weights(1) == weights(1))
    #expect(try weights(1) != weights(2))
  }

  @Test func `mistakes are named`() throws {
    func message(_ write: (inout SafetensorsBytes) -> Void) throws -> String {
      let error = #expect(throws: NetcError.self) { _ = try values { write(&$0) } }
      let text = (error?.description ?? "").components(separatedBy: "/in").last ?? ""
      return text.trimmingCharacters(in: CharacterSet(charactersIn: ": "))
    }
    func added<T: BitwiseCopyable>(
      _ name: String, _ type: String, _ shape: [Int], _ values: [T]
    ) throws -> String {
      try message {
        fill(&$0)
        $0.add(name, type, shape, values)
      }
    }
    #expect(try message { $0.add("x", "F64", [1, 2], [1.0, 2]) } == "holds no input `k`")
    #expect(try added("other", "F64", [1], [1.0]) == "the program has no `other`")
    #expect(try added("WW", "F64", [1], [1.0]) == "the program has no `WW`; did you mean `W`?")
    #expect(
      try added("W", "F64", [4], Self.weights) == "`W` is float[2, 2], found float[4]")
    #expect(
      try added("k", "I64", [3], [Int64(0), 1, 2])
        == "input `k` holds class 2, outside class(2), which takes 0 to 1")
    #expect(
      try added("k", "F64", [3], [0, 1, 0.5]) == "input `k` is int[batch], found float[3]")
    #expect(try added("k", "I64", [2], [Int64(0), 1]) == "input `k` is [batch], found [2]")
    let nothing = try message {
      fill(&$0)
      $0.add("x", "F64", [0, 2], [] as [Double])
      $0.add("k", "I64", [0], [] as [Int64])
    }
    #expect(nothing == "there are no examples")
  }

  @Test func `wrt chooses parameters`() throws {
    var request = GradientDump()
    request.patterns = ["b*"]
    let found = try values(request) { fill(&$0) }
    #expect(found.names == ["loss", "logits", "d_b"])
    request.patterns = ["w"]
    let error = #expect(throws: NetcError.self) { _ = try values(request) { fill(&$0) } }
    #expect(error?.description == "no parameter fits `w`; did you mean `W`?")
  }

  /// d_NAME is then the derivative of the sum of all first gradients, which central differences of
  /// them give too.
  @Test func `the second order agrees with differences of the first`() throws {
    var request = GradientDump()
    request.order = 2
    let second = try #require(try values(request) { fill(&$0) }["d_W"]?.doubles)
    func sum(_ weights: [Double]) throws -> Double {
      let found = try values { fill(&$0, weights: weights) }
      return ((found["d_W"]?.doubles ?? []) + (found["d_b"]?.doubles ?? [])).reduce(0, +)
    }
    for place in 0..<4 {
      var up = Self.weights
      var down = Self.weights
      up[place] += 1e-5
      down[place] -= 1e-5
      let numeric = try (sum(up) - sum(down)) / 2e-5
      #expect(abs(numeric - second[place]) < 1e-7, "\(numeric) \(second[place])")
    }
  }

  @Test func `several losses are named`() throws {
    let text = """
      input x: float[batch]
      param a: float = 2
      param b: float = 3
      loss near = mean((a * x - 1)^2)
      loss far = mean(a * b * x)
      optimizer sgd(lr: 0.1) minimize near for "a"
      optimizer sgd(lr: 0.1) minimize far for "b"
      """
    let found = try values(of: text) { $0.add("x", "F64", [2], [1.0, 3]) }
    #expect(found.names.filter { $0.hasPrefix("loss") } == ["loss.near", "loss.far"])
    #expect(found["loss.far"]?.doubles == [12])
    #expect(found["d_far/b"]?.doubles == [4])
  }
}

extension SavedModel {
  /// The names in the file's order.
  var names: [String] { tensors.map(\.name) }
}

extension Tensor.Storage {
  fileprivate var isSingle: Bool {
    if case .float = self { true } else { false }
  }
}
