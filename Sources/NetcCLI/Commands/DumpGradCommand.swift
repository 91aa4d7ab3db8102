import NetcCore
import NetcKit

/// `netc dump-grad model.net`: the derived gradient as a program.
enum DumpGradCommand: Command {
  static let name = "dump-grad"
  static let summary = "print the derived gradients, or run them once on given numbers"
  static let arguments = "MODEL.net [options]"
  static let discussion = """
    text   one value a line with its type, the line it comes from and the rule that derived it
    net    a complete program: parses, compiles, computes the same numbers and trains to the same curve
    dot    for Graphviz; json for tools
    With --values, runs the derived graph once on the inputs, parameters and states found by name in a
    safetensors file and writes the loss, the outputs and each gradient as d_NAME to --out.
    """
  static let examples = [
    (
      line: "netc dump-grad examples/hinge.net", meaning: "the backward pass of a two-layer network"
    ),
    (
      line: "netc dump-grad model.net --wrt 'fc1.*'",
      meaning: "what the gradients of one layer need"
    ),
    (
      line: "netc dump-grad model.net --format net > step.net",
      meaning: "the whole training step as a program"
    ),
    (line: "netc dump-grad model.net --format dot | dot -Tsvg > step.svg", meaning: "a picture"),
    (
      line: "netc dump-grad model.net --values in.safetensors --out grads.safetensors",
      meaning: "numbers"
    ),
  ]
  static let format = OptionRule("--format", value: "text|net|dot|json", "the form (default text)")
  static let wrt = OptionRule(
    "--wrt", value: "PATTERN", repeats: true, "parameters by pattern, `*` any run (default: all)")
  static let order = OptionRule(
    "--order", value: "1|2", "2: the derivative of the summed gradients")
  static let stage = OptionRule(
    "--stage", value: "derived|optimized", "before or after the passes (default derived)")
  static let values = OptionRule(
    "--values", value: "FILE", "safetensors with inputs, parameters, states")
  static let out = OptionRule("--out", value: "FILE", "safetensors for the results of --values")
  static let reference = OptionRule(
    "--reference", "with --values: the derived graph node by node, unoptimised")
  static let options: [OptionRule] = [
    format, wrt, order, stage, values, out, reference, RunCommand.seed, .set, .allowOutside, .dim,
    .precision, .threads, .isa,
  ]

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    var options = try ModelArguments.runOptions(arguments)
    var request = GradientDump()
    try reading { () throws(UsageError) in
      options.seed = try arguments.whole(RunCommand.seed, atLeast: 0).map { UInt64($0) }
      let formats = GraphFormat.allCases.map(\.rawValue)
      request.format =
        try arguments.choice(format, among: formats).flatMap(GraphFormat.init(rawValue:)) ?? .text
      request.patterns = arguments.all(wrt)
      request.order = try arguments.choice(order, among: ["1", "2"]) == "2" ? 2 : 1
      request.isOptimized =
        try arguments.choice(stage, among: ["derived", "optimized"]) == "optimized"
      if arguments.has(values) != arguments.has(out) {
        throw UsageError("`--values` and `--out` go together", help: "give both files")
      }
      if arguments.has(reference), !arguments.has(values) {
        throw UsageError("`--reference` computes numbers", help: "give `--values` and `--out`")
      }
      if request.format == .net,
        request.order == 2 || request.isOptimized || !request.patterns.isEmpty
      {
        throw UsageError(
          "`--format net` is the whole derived training step",
          help: "leave out --order, --stage and --wrt")
      }
    }
    let model = try ModelArguments.model(arguments, terminal)
    if let input = arguments.value(values), let output = arguments.value(out) {
      try running { () throws(NetcError) in
        try model.runGradients(
          request, valuesAt: input, writingTo: output, options: options,
          usingReference: arguments.has(reference))
      }
      return 0
    }
    terminal.printRaw(try running { () throws(NetcError) in try model.gradientText(request) })
    return 0
  }
}
