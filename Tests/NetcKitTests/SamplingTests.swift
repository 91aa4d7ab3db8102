import Foundation
import NetcCore
import NetcKit
import Testing

/// Text that models of characters write.
@Suite struct SamplingTests {
  /// A model that learns which character follows which.
  private static let program = """
    input now: class(4)[batch, 3]
    input next: class(4)[batch, 3]
    let logits = embedding(now, 4, 4, init: normal(1)) |> dense(4)
    loss cross_entropy(logits, next)
    optimizer adam(lr: 0.1)
    output logits
    output best = argmax(logits, axis: -1)
    data verse = text("verse.txt", now: window(3), next: shifted(1))
    train(verse, steps: 60, batch: 8)

    """

  /// A model trained on a text, or not at all.
  private func evaluator(
    _ program: String = program, text: String = String(repeating: "abcd", count: 40),
    steps: Int? = nil
  ) throws -> Evaluator {
    let folder = try TemporaryFolder()
    _ = try folder.write(text, to: "verse.txt")
    let compilation = Compiler().compile(program, name: "verse.net", directory: folder.path)
    var options = RunOptions.alone
    options.steps = steps
    let trained = try Trainer(compilation.get(), options: options).train()
    return Evaluator(trained.model, saved: trained.saved, options: .alone)
  }

  private func text(_ evaluator: Evaluator, _ sampling: SamplingOptions) throws -> String {
    var written = ""
    try evaluator.sample(sampling) { written += $0 }
    return written
  }

  @Test func `it goes on as the text it learnt, from prompts shorter and longer than its window`()
    throws
  {
    let evaluator = try evaluator()
    var sampling = SamplingOptions()
    sampling.length = 9
    sampling.temperature = 0
    for (prompt, expected) in [("a", "bcdabcdab"), ("bcdabc", "dabcdabcd"), ("", "bcdabcdab")] {
      sampling.prompt = prompt
      #expect(try text(evaluator, sampling) == expected)
    }
    sampling.temperature = 1
    sampling.prompt = "a"
    #expect(try text(evaluator, sampling) == "bcdabcdab")
  }

  @Test func `a time without a number is as long as the window`() throws {
    let open = Self.program.replacingOccurrences(of: "[batch, 3]", with: "[batch, time]")
    var sampling = SamplingOptions()
    sampling.prompt = "abcd"
    sampling.length = 5
    sampling.temperature = 0
    #expect(try text(evaluator(open), sampling) == "abcda")
  }

  @Test func `a seed writes one text; a low temperature writes fewer surprises`() throws {
    let evaluator = try evaluator(text: String(repeating: "aabacabd", count: 20))
    var sampling = SamplingOptions()
    sampling.length = 400
    let first = try text(evaluator, sampling)
    #expect(try text(evaluator, sampling) == first)
    #expect(first.count == 400 && Set(first) == Set("abcd"))
    sampling.seed = 1
    #expect(try text(evaluator, sampling) != first)
    // After `a` comes `b` twice as often as `c`.
    func surprises(_ text: String) -> Int { text.filter { $0 == "c" }.count }
    sampling.temperature = 0.1
    let careful = surprises(try text(evaluator, sampling))
    #expect(careful * 4 < surprises(first), "\(careful), \(surprises(first))")
  }

  @Test func `what cannot write says why`() throws {
    func message(_ evaluator: Evaluator, _ change: (inout SamplingOptions) -> Void = { _ in })
      -> String?
    {
      var sampling = SamplingOptions()
      change(&sampling)
      return #expect(throws: NetcError.self) { _ = try text(evaluator, sampling) }?.description
    }
    let evaluator = try evaluator(steps: 1)
    #expect(
      message(evaluator) { $0.prompt = "ax" }
        == "`x` is not among the 4 characters of the training text (take it out of the prompt)")
    #expect(message(evaluator) { $0.output = "best" } == "the output `best` is not [batch, 3, 4]")
    #expect(
      message(evaluator) { $0.output = "logit" }
        == "the program has no output `logit`; did you mean `logits`?")
    let silent = Self.program.replacingOccurrences(of: "output logits\n", with: "")
    #expect(
      message(try self.evaluator(silent, steps: 1))
        == "the program has no output of shape [batch, 3, 4]: add `output logits`")
    let other = try Trainer(model(SmallPrograms.curve("epochs: 1")), options: .alone).train()
    #expect(
      message(Evaluator(other.model, saved: other.saved))
        == "the program reads no `text`, so it cannot write one")
  }
}
