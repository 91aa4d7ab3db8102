import NetcCore
import NetcKit

/// `netc eval model.net`: losses and metrics of saved parameters.
enum EvalCommand: Command {
  static let name = "eval"
  static let summary = "print the losses and metrics of saved parameters"
  static let arguments = "MODEL.net [options]"
  static let discussion =
    "Evaluates over the rows held out by `train`, or over other rows of its data."
  static let examples = [
    (
      line: "netc eval examples/digits.net",
      meaning: "the held-out rows, with the parameters beside the model"
    ),
    (
      line: "netc eval model.net --part all --weights best.safetensors",
      meaning: "all rows, other parameters"
    ),
  ]
  static let part = OptionRule(
    "--part", value: "validation|training|all", "which rows (default: those held out, else all)")
  static let options: [OptionRule] = [
    .weights, part, RunCommand.seed, .set, .allowOutside, .threads, .precision, .isa, .json,
  ]

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    var options = try ModelArguments.runOptions(arguments)
    var chosen: DataPart?
    try reading { () throws(UsageError) in
      chosen = try arguments.choice(part, among: DataPart.allCases.map(\.rawValue)).flatMap(
        DataPart.init(rawValue:))
      options.seed = try arguments.whole(RunCommand.seed, atLeast: 0).map { UInt64($0) }
    }
    let model = try ModelArguments.model(arguments, terminal)
    let saved = try ModelArguments.saved(model, arguments)
    let evaluator = Evaluator(model, saved: saved, options: options)
    let rows = chosen ?? (model.holdsOut ? .validation : .all)
    let result = try running { () throws(NetcError) in try evaluator.evaluate(rows) }
    if arguments.has(.json) {
      let line: JSONText = .object([
        "part": .string(rows.rawValue), "examples": .integer(result.examples),
        "figures": TrainingJSON.figures(result.figures),
      ])
      terminal.print(line.text)
    } else {
      terminal.print("\(NumberFormat.grouped(result.examples)) examples (\(rows.rawValue))")
      let numbers = result.figures.filter(\.isScalar)
      let width = numbers.map(\.name.count).max() ?? 0
      for figure in numbers {
        terminal.print("  \(figure.name.padded(to: width))  \(NumberFormat.figure(figure.value))")
      }
      for line in FigureText.tables(result.figures, classNames: saved.classNames) {
        terminal.print(line)
      }
    }
    return 0
  }
}
