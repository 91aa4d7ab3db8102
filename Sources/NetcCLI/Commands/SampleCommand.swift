import NetcCore
import NetcKit

/// `netc sample model.net`: text that a trained model of characters writes.
enum SampleCommand: Command {
  static let name = "sample"
  static let summary = "write text with a trained model of characters"
  static let arguments = "MODEL.net [options]"
  static let discussion = """
    For a model trained on `text` data that looks only back and has an output with a number for each
    character at each place, as `output logits`. Characters are drawn one after another by softmax;
    the same seed writes the same text.
    """
  static let examples = [
    (line: "netc sample examples/gpt.net", meaning: "500 characters"),
    (
      line: "netc sample examples/gpt.net --prompt \"ROMEO:\" --temperature 0.7",
      meaning: "goes on from a prompt, with fewer surprises"
    ),
  ]
  static let prompt = OptionRule(
    "--prompt", value: "TEXT", "what it goes on from (default: a new line)")
  static let length = OptionRule("--length", value: "N", "how many characters (default 500)")
  static let temperature = OptionRule(
    "--temperature", value: "T", "0 takes the likeliest, 1 draws as learnt (default 1)")
  static let seed = OptionRule("--seed", value: "N", "of the draws (default 0)")
  static let output = OptionRule("--output", value: "NAME", "the output, where several fit")
  static let options: [OptionRule] = [
    prompt, length, temperature, seed, output, .weights, .set, .allowOutside, .dim, .threads,
    .precision, .isa,
  ]

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    let options = try ModelArguments.runOptions(arguments)
    var sampling = SamplingOptions()
    sampling.prompt = arguments.value(prompt) ?? ""
    sampling.output = arguments.value(output)
    try reading { () throws(UsageError) in
      if let given = try arguments.whole(length) { sampling.length = given }
      if let given = try arguments.number(temperature) { sampling.temperature = given }
      if let given = try arguments.whole(seed, atLeast: 0) { sampling.seed = UInt64(given) }
    }
    let model = try ModelArguments.model(arguments, terminal)
    let saved = try ModelArguments.saved(model, arguments)
    try running { () throws(NetcError) in
      var isBegun = false
      try Evaluator(model, saved: saved, options: options).sample(sampling) { character in
        if !isBegun { terminal.printRaw(sampling.prompt) }
        isBegun = true
        terminal.printRaw(character)
      }
    }
    terminal.printRaw("\n")
    return 0
  }
}
