import NetcCore
import NetcKit

/// `netc run model.net`: trains as the file says.
enum RunCommand: Command {
  static let name = "run"
  static let summary = "train a model as its file says and save the parameters"
  static let arguments = "MODEL.net [options]"
  static let discussion = """
    Reads the data, trains, validates after each epoch, stops early when `patience` says so and
    saves the parameters kept beside the model (MODEL.safetensors). The same file, seed and data
    give the same numbers, bit for bit, on any number of threads.
    """
  static let examples = [
    (line: "netc run examples/digits.net", meaning: "train on handwritten digits"),
    (
      line: "netc run model.net --set hidden=128 --save wide.safetensors",
      meaning: "another width, saved elsewhere"
    ),
    (
      line: "netc run model.net --epochs 10 --resume model.safetensors",
      meaning: "continue a saved run up to epoch 10"
    ),
    (
      line: "netc run model.net --json > log.jsonl",
      meaning: "one JSON object an epoch, then one for the end"
    ),
  ]
  static let save = OptionRule(
    "--save", value: "FILE", "where the parameters go (default: beside the model)")
  static let noSave = OptionRule("--no-save", "save nothing")
  static let resume = OptionRule("--resume", value: "FILE", "continue a saved run")
  static let epochs = OptionRule("--epochs", value: "N", "train for N epochs in all")
  static let steps = OptionRule("--steps", value: "N", "train for N steps in all")
  static let seed = OptionRule("--seed", value: "N", "replace the file's seed")
  static let options: [OptionRule] = [
    .set, .allowOutside, epochs, steps, seed, save, noSave, resume, .threads, .memory, .precision,
    .isa, .json, .quiet,
  ]

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    var options = try ModelArguments.runOptions(arguments)
    try reading { () throws(UsageError) in
      options.epochs = try arguments.whole(epochs)
      options.steps = try arguments.whole(steps)
      if options.epochs != nil, options.steps != nil {
        throw UsageError(
          "`--epochs` and `--steps` both say how long to train", help: "give one of them")
      }
      options.seed = try arguments.whole(seed, atLeast: 0).map { UInt64($0) }
      if arguments.has(save), arguments.has(noSave) {
        throw UsageError("`--save` and `--no-save` exclude one another")
      }
    }
    options.resume = arguments.value(resume)
    let model = try ModelArguments.model(arguments, terminal)
    let stop = StopSwitch()
    let interrupts = Interrupts(stop)
    defer { interrupts.end() }
    var printer = TrainingPrinter(terminal, style: style(arguments, terminal))
    let trained: TrainedModel
    do {
      trained = try Trainer(model, options: options).train(stop: stop) { printer.show($0) }
    } catch {
      printer.clearBar()
      throw CommandFailure(error)
    }
    printer.clearBar()
    return try finish(trained, arguments, terminal)
  }

  private static func style(_ arguments: ParsedArguments, _ terminal: Terminal)
    -> TrainingPrinter.Style
  {
    if arguments.has(.json) { return .json }
    if arguments.has(.quiet) { return .quiet }
    return terminal.isInteractive ? .bar : .lines
  }

  private static func finish(
    _ trained: TrainedModel, _ arguments: ParsedArguments, _ terminal: Terminal
  ) throws(CommandFailure) -> Int32 {
    let result = trained.result
    if case .diverged(let divergence) = result.reason {
      if arguments.has(.json) { terminal.print(TrainingJSON.end(result, saved: nil).text) }
      throw .failed(
        words(divergence),
        help: "a smaller learning rate, or `clip_norm(1.0) |>` before the rule; nothing was saved")
    }
    var path: String?
    if !arguments.has(noSave) {
      let target = arguments.value(save) ?? ModelArguments.weightsPath(trained.model)
      try running { () throws(NetcError) in try trained.saved.write(to: target) }
      path = target
    }
    if arguments.has(.json) {
      terminal.print(TrainingJSON.end(result, saved: path).text)
    } else {
      printSummary(trained, path, terminal)
    }
    return result.reason == .stopped ? 130 : 0
  }

  private static func words(_ divergence: Divergence) -> String {
    var text = "training diverged at step \(divergence.step): "
    text += divergence.isDerivative ? "the derivative " : ""
    text += "\(divergence.operation) gave \(divergence.found)"
    if let location = divergence.location { text += ", at \(location)" }
    return text
  }

  private static func printSummary(_ trained: TrainedModel, _ path: String?, _ terminal: Terminal) {
    let result = trained.result
    let seconds = NumberFormat.fixed(result.seconds, 1)
    switch result.reason {
    case .patience:
      terminal.print(
        "stopped early after \(result.epoch) epochs, \(seconds) s; kept epoch \(result.bestEpoch)")
    case .stopped: terminal.print("stopped in epoch \(result.epoch) after \(result.step) steps")
    case .finished, .diverged:
      terminal.print("done: \(result.step) steps in \(seconds) s; kept epoch \(result.bestEpoch)")
    }
    var names = result.train.filter(\.isScalar).map(\.name)
    for figure in result.validation where figure.isScalar && !names.contains(figure.name) {
      names.append(figure.name)
    }
    var table = Table([""] + names)
    func row(_ figures: [Figure]) -> [String] {
      names.map { name in figures[name].map(NumberFormat.figure) ?? "" }
    }
    table.add(["train"] + row(result.train))
    if !result.validation.isEmpty { table.add(["validation"] + row(result.validation)) }
    let tables = FigureText.tables(result.validation, classNames: trained.saved.classNames)
    for line in table.lines + tables { terminal.print(line) }
    if let path { terminal.print("saved \(path)") }
  }
}
