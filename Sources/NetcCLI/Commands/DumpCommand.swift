import NetcCore
import NetcKit

/// `netc dump model.net`: what the compiler made of a model at each stage.
enum DumpCommand: Command {
  static let name = "dump"
  static let summary = "print what the compiler makes of a model at a stage or after a pass"
  static let arguments = "MODEL.net [options]"
  static let discussion = """
    ast        the tree the parser built
    graph      the forward graph of a training step
    gradient   with the gradients and updates written out
    optimized  after all passes, as it is planned
    schedule   the instructions with their addresses
    memory     what is alive where, and the arena
    """
  static let examples = [
    (
      line: "netc dump examples/digits.net --stage schedule",
      meaning: "the instructions of a training step"
    ),
    (line: "netc dump model.net --dump-after common-values", meaning: "the graph after one pass"),
    (
      line: "netc dump model.net --stage graph --evaluation --format dot",
      meaning: "a picture of evaluation"
    ),
  ]
  static let stage = OptionRule(
    "--stage", value: "STAGE", "one of the stages above (default graph)")
  static let after = OptionRule("--dump-after", value: "PASS", "the training graph after this pass")
  static let evaluation = OptionRule(
    "--evaluation", "the evaluation graph instead of the training step")
  static let format = OptionRule(
    "--format", value: "text|dot|json|exact", "the form of a graph (default text)")
  static let options: [OptionRule] = [
    stage, after, evaluation, format, .set, .allowOutside, .dim, .memory, .precision,
  ]

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    let options = try ModelArguments.runOptions(arguments)
    var request = StageDump()
    try reading { () throws(UsageError) in
      let stages = StageDump.Stage.allCases.map(\.rawValue)
      request.stage =
        try arguments.choice(stage, among: stages).flatMap(StageDump.Stage.init(rawValue:))
        ?? .graph
      let formats = ["text", "dot", "json", "exact"]
      request.format =
        try arguments.choice(format, among: formats).flatMap(GraphFormat.init(rawValue:)) ?? .text
      request.pass = try arguments.choice(after, among: StageDump.passNames)
      if arguments.has(stage), arguments.has(after) {
        throw UsageError("`--stage` and `--dump-after` exclude one another")
      }
    }
    request.memory = options.memory
    request.isEvaluation = arguments.has(evaluation)
    let model = try ModelArguments.model(arguments, terminal)
    terminal.printRaw(
      try running { () throws(NetcError) in
        try model.stageText(request, dimensions: options.dimensions)
      })
    return 0
  }
}
