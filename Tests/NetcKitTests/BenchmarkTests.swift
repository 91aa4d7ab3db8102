import Foundation
import NetcCore
import NetcKit
import Testing

/// Benchmarks on folders of arrays as other frameworks read them.
@Suite struct BenchmarkTests {
  static let program = """
    input x: float[batch, 3]
    input k: class(2)[batch]
    let logits = x |> dense(4) |> tanh |> dense(2)
    loss cross_entropy(logits, k)
    optimizer sgd(lr: 0.5)
    output logits
    train(batch: 4, seed: 1, last_batch: drop)
    """

  static let text = """
    input tokens: class(5)[batch, 3]
    input next: class(5)[batch, 3]
    loss cross_entropy(embedding(tokens, 5, 4) |> self_attention(heads: 2) |> dense(5), next)
    optimizer sgd(lr: 0.5)
    train(batch: 2, seed: 1, last_batch: drop)
    """

  @Test func `check takes fixed batches from the folder's first values`() throws {
    let folder = try ArrayFolder(
      Self.program, rows: 12, parameters: ["w1": [3, 4], "b1": [4], "w2": [4, 2], "b2": [2]])
    let compiled = try model(Self.program)
    let losses = try Benchmark(compiled, options: folder.options).check(steps: 5)
    let session = try TrainingSession(compiled, options: .alone)
    for (name, part) in zip(
      ["dense_1.weight", "dense_1.bias", "dense_2.weight", "dense_2.bias"], folder.parameters)
    {
      try session.set(name, to: part)
    }
    let expected = try (0..<5).map { step in
      let rows = (step % 3) * 4..<(step % 3) * 4 + 4
      return try session.step(folder.batch(rows))[0].value
    }
    #expect(losses == expected)
    #expect(losses[4] < losses[1], "row 4 to 8 again, after three updates")
  }

  @Test func `query, key and value may be stored side by side, tokens as a sequence`() throws {
    let shapes: KeyValuePairs = [
      "emb": [5, 4], "qkv.w": [4, 12], "qkv.b": [12], "proj.w": [4, 4], "proj.b": [4],
      "out.w": [4, 5],
      "out.b": [5],
    ]
    let folder = try ArrayFolder(Self.text, tokens: 60, parameters: shapes)
    let compiled = try model(Self.text)
    let losses = try Benchmark(compiled, options: folder.options).check(steps: 2)
    let session = try TrainingSession(compiled, options: .alone)
    var names = ["embedding_1.weight"]
    for part in ["weight", "bias"] {
      names += ["query", "key", "value"].map { "self_attention_1.\($0).\(part)" }
    }
    let stored = folder.parameters
    let pieces = [stored[0]] + stored[1].columns(4) + stored[2].columns(4)
    let rest = [
      "self_attention_1.output.weight", "self_attention_1.output.bias", "dense_1.weight",
      "dense_1.bias",
    ]
    for (name, tensor) in zip(names + rest, pieces + stored[3...]) {
      try session.set(name, to: tensor)
    }
    let expected = try (0..<2).map { step in
      let starts = [6 * step, 6 * step + 3]
      return try session.step(folder.windows(starts, width: 3))[0].value
    }
    #expect(losses == expected)
  }

  @Test func `blocks, inference and the report of drawn data`() throws {
    var options = BenchmarkOptions()
    options.run = .alone
    options.rows = 40
    options.blockSeconds = 0.002
    let benchmark = try Benchmark(model(Self.program), options: options)
    #expect(try benchmark.warmUp() > 0)
    let block = try benchmark.block()
    #expect(block.count > 0 && block.seconds > 0 && block.loss.isFinite)
    let times = try benchmark.inference().block()
    #expect(!times.isEmpty && times == times.sorted())
    let report = try benchmark.report()
    #expect(report.operations == 2 * Double(2 * 4 * 12 + 3 * 4 * 8))
    #expect(report.peak > 1e8 && report.threads == 1 && report.arenaBytes > 0 && report.bytes > 0)
    let profile = try benchmark.profile()
    #expect(profile.count + 1 == report.instructions)
    #expect(profile.allSatisfy { $0.turns == 1 && $0.nanoseconds >= 0 })
  }

  @Test func `a folder that does not fit is refused`() throws {
    let shapes: KeyValuePairs = ["w1": [3, 4], "b1": [4], "w2": [4, 3]]
    let folder = try ArrayFolder(Self.program, rows: 12, parameters: shapes)
    let error = #expect(throws: NetcError.self) {
      try Benchmark(model(Self.program), options: folder.options)
    }
    #expect(error?.description == "no parameter of the program fits `w2` of shape [4, 3]")
    var options = folder.options
    options.folder = "/nowhere"
    #expect(throws: NetcError.self) { try Benchmark(model(Self.program), options: options) }
  }
}

/// `manifest.json`, `X.bin`, `Y.i32` and `params.f32` with numbers of a seed.
private final class ArrayFolder {
  let parameters: [Tensor]
  private let folder: TemporaryFolder
  private var examples: [Float] = []
  private var labels: [Int32] = []

  init(
    _ program: String, rows: Int = 0, tokens: Int = 0,
    parameters shapes: KeyValuePairs<String, [Int]>
  ) throws {
    folder = try TemporaryFolder()
    parameters = shapes.enumerated().map { place, entry in
      let count = entry.value.reduce(1, *)
      let values = (0..<count).map { Float(($0 * 7 + place * 3) % 11) / 11 - 0.4 }
      return Tensor(shape: entry.value, .float(values))
    }.compactMap { $0 }
    var members: [String] = []
    if tokens > 0 {
      labels = (0..<tokens).map { Int32(($0 * $0 + $0 / 3) % 5) }
      try folder.write(labels.map { UInt16($0) }, to: "X.bin")
      members.append("\"X\": [\"uint16\", [\(tokens)]]")
    } else {
      examples = (0..<rows * 3).map { Float(($0 * 5) % 7) / 7 }
      labels = (0..<rows).map { Int32($0 * 3 % 2) }
      try folder.write(examples, to: "X.bin")
      try folder.write(labels, to: "Y.i32")
      members.append("\"X\": [\"float32\", [\(rows), 3]], \"Y\": [\"int32\", [\(rows)]]")
    }
    try folder.write(parameters.flatMap(\.floats), to: "params.f32")
    let list = shapes.map { "[\"\($0.key)\", \($0.value)]" }.joined(separator: ", ")
    members.append("\"params\": [\(list)]")
    _ = try folder.write("{\(members.joined(separator: ", "))}", to: "manifest.json")
  }

  var options: BenchmarkOptions {
    var options = BenchmarkOptions()
    options.folder = folder.path
    options.run = .alone
    return options
  }

  /// Some rows as a step takes them.
  func batch(_ rows: Range<Int>) throws -> [String: Tensor] {
    let values = Array(examples[rows.lowerBound * 3..<rows.upperBound * 3])
    return [
      "x": try #require(Tensor(shape: [rows.count, 3], .float(values))),
      "k": try #require(Tensor(shape: [rows.count], .int(Array(labels[rows])))),
    ]
  }

  /// Windows of the sequence and the same one place later.
  func windows(_ starts: [Int], width: Int) throws -> [String: Tensor] {
    func cut(_ shift: Int) throws -> Tensor {
      let values = starts.flatMap { labels[$0 + shift..<$0 + shift + width] }
      return try #require(Tensor(shape: [starts.count, width], .int(values)))
    }
    return ["tokens": try cut(0), "next": try cut(1)]
  }
}

extension TemporaryFolder {
  fileprivate func write<T: BitwiseCopyable>(_ values: [T], to name: String) throws {
    let data = values.withUnsafeBytes { Data($0) }
    try data.write(to: URL(fileURLWithPath: file(name)))
  }
}

extension Tensor {
  fileprivate var floats: [Float] { doubles.map { Float($0) } }

  /// Groups of `width` columns.
  fileprivate func columns(_ width: Int) -> [Tensor] {
    let all = shape.last ?? 1
    let rows = count / all
    return stride(from: 0, to: all, by: width).compactMap { first in
      let values = (0..<rows).flatMap { floats[$0 * all + first..<$0 * all + first + width] }
      return Tensor(shape: shape.dropLast() + [width], .float(values))
    }
  }
}
