/// The subcommands in the order `netc --help` lists them: a line each.
enum CommandCatalogue {
  static let commands: [any Command.Type] = [
    ExplainCommand.self
  ]
}
