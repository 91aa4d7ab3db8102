import NetcCore
import NetcKit

/// `netc explain-grad model.net fc1.weight`: how one gradient is derived.
enum ExplainGradCommand: Command {
  static let name = "explain-grad"
  static let summary = "print how the gradient of one parameter is derived, from the loss down"
  static let arguments = "MODEL.net PARAMETER [options]"
  static let discussion = """
    First the values of the forward pass that the derivative needs, then each link of the chain with
    the rule that gave it and the line it belongs to.
    """
  static let examples = [
    (
      line: "netc explain-grad examples/hinge.net W1",
      meaning: "from the hinge loss down to the first layer"
    )
  ]
  static let options: [OptionRule] = [.set, .allowOutside]

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    guard arguments.positionals.count == 2 else {
      throw .usage(
        UsageError(
          "a model and a parameter are needed", help: "netc explain-grad MODEL.net fc1.weight"))
    }
    let model = try ModelArguments.compile(arguments.positionals[0], arguments, terminal)
    terminal.printRaw(
      try running { () throws(NetcError) in try model.derivationText(of: arguments.positionals[1]) }
    )
    return 0
  }
}
