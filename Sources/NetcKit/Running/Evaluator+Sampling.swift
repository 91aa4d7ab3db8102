import NetcCore
import NetcGraph
import NetcRuntime
import NetcSemantics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How a model of characters writes text.
public struct SamplingOptions: Hashable, Sendable {
  /// What it continues; empty to begin anew.
  public var prompt = ""
  /// How many characters it writes.
  public var length = 500
  /// What logits are divided by before a character is drawn by softmax; 0 takes the likeliest.
  public var temperature = 1.0
  /// The seed of the draws.
  public var seed: UInt64 = 0
  /// The output with a logit for each character at each place; nil for the only one of that shape.
  public var output: String?

  /// The defaults.
  public init() {}
}

extension Evaluator {
  /// Writes text with a model trained on `text` data: each character is drawn from what the model
  /// expects after those before it, as many of them as its window holds.
  ///
  /// The model must look only back, since places after the last character hold no text yet. Draws
  /// are Philox's at the site `sample`, the character's number their step.
  /// - Parameter onCharacter: is given each character as it is written.
  /// - Throws: `NetcError.unsupported` for a model that is no such model, `.data` for a prompt with
  ///   characters it does not know.
  public func sample(
    _ sampling: SamplingOptions, onCharacter: (String) -> Void
  ) throws(NetcError) {
    var writer = try TextWriter(self, sampling)
    for place in 0..<max(0, sampling.length) {
      onCharacter(try writer.next(place))
    }
  }
}

/// The state of writing: the last characters and the plan that looks at them.
private struct TextWriter {
  private let session: ModelSession
  private let plans: PlanCache
  private let input: String
  private let output: String
  private let characters: [String]
  private let window: Int
  private let temperature: Double
  private let draws: Philox
  private var text: [Int32] = []

  init(_ evaluator: Evaluator, _ sampling: SamplingOptions) throws(NetcError) {
    let model = evaluator.model
    let (input, window) = try model.textWindow()
    guard let characters = evaluator.saved.classNames[input] else {
      throw .unsupported(
        "the saved parameters name no characters of `\(input)`; train with `netc run`")
    }
    var sizes = evaluator.options.dimensions
    let dims = model.model.inputs.first { $0.name == input }?.type.shape.dims ?? []
    if let symbol = dims.last?.symbol { sizes[symbol] = window }
    output = try model.logits(
      named: sampling.output, window: window, characters: characters.count, sizes)
    let graph = try model.graph(ofOutputs: [output])
    if let other = graph.inputNames.first(where: { $0 != input }) {
      throw .unsupported("the output `\(output)` needs the input `\(other)` beside `\(input)`")
    }
    self.input = input
    self.window = window
    self.characters = characters
    temperature = sampling.temperature
    draws = Philox(seed: sampling.seed, site: "sample")
    session = try evaluator.session(sizes)
    plans = session.plans(ofOne: graph)
    for character in sampling.prompt.unicodeScalars {
      guard let number = characters.firstIndex(of: String(Character(character))) else {
        throw .data(
          message:
            "`\(Character(character))` is not among the \(characters.count) characters of the"
            + " training text", help: "take it out of the prompt")
      }
      text.append(Int32(truncatingIfNeeded: number))
    }
    // A text begins where a line would.
    if text.isEmpty { text.append(Int32(characters.firstIndex(of: "\n") ?? 0)) }
  }

  /// The next character, the `place`th written.
  mutating func next(_ place: Int) throws(NetcError) -> String {
    text = Array(text.suffix(window))
    let padded = text + Array(repeating: 0, count: window - text.count)
    guard let fed = Tensor(shape: [1, window], .int(padded)) else {
      internalError("writing: \(padded.count) characters for a window of \(window)")
    }
    let outputs: RunOutputs
    do {
      outputs = try session.executor.runOnce(plans, batch: 1, inputs: [input: fed])
    } catch {
      throw .feed(error.message)
    }
    guard let logits = outputs[.output, output]?.doubles else {
      internalError("writing: no output `\(output)`")
    }
    let start = (text.count - 1) * characters.count
    let number = drawn(logits[start..<start + characters.count], step: UInt64(place))
    text.append(Int32(truncatingIfNeeded: number))
    return characters[number]
  }

  /// An index drawn by softmax(logits / temperature).
  private func drawn(_ logits: ArraySlice<Double>, step: UInt64) -> Int {
    let top = logits.max() ?? 0
    guard temperature > 0 else {
      return (logits.firstIndex(of: top) ?? logits.startIndex) - logits.startIndex
    }
    let weights = logits.map { exp(($0 - top) / temperature) }
    var rest = Double(Philox.uniform(draws.word(element: 0, step: step))) * weights.reduce(0, +)
    for (number, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return number }
    }
    return weights.lastIndex { $0 > 0 } ?? 0
  }
}

extension CompiledModel {
  /// The input that a text's window feeds, and the window's length.
  fileprivate func textWindow() throws(NetcError) -> (input: String, length: Int) {
    let wanted = model.train?.data
    let texts = model.data.filter { $0.reader == "text" }
    guard let request = texts.first(where: { $0.name == wanted }) ?? texts.first else {
      throw .unsupported("the program reads no `text`, so it cannot write one")
    }
    for binding in request.bindings {
      if case .window(let length) = binding.selector { return (binding.input, length) }
    }
    throw .unsupported("no input of `\(request.name)` is a `window(…)` of the text")
  }

  /// The output that has a logit for each character at each place of a window.
  fileprivate func logits(
    named name: String?, window: Int, characters: Int, _ sizes: DimBindings
  ) throws(NetcError) -> String {
    let fitting = evaluation.results(.output).filter { result in
      let dims = evaluation.type(of: result.value).shape.dims
      return dims.count == 3 && dims[1].value(sizes) == window && dims[2].value(sizes) == characters
    }.map(\.name)
    if let name {
      _ = try graph(ofOutputs: [name])
      guard fitting.contains(name) else {
        throw .unsupported("the output `\(name)` is not [batch, \(window), \(characters)]")
      }
      return name
    }
    guard let only = fitting.first else {
      throw .unsupported(
        "the program has no output of shape [batch, \(window), \(characters)]: add `output logits`")
    }
    guard fitting.count == 1 else {
      throw .unsupported("several outputs hold a number for each character: name one of \(fitting)")
    }
    return only
  }
}
