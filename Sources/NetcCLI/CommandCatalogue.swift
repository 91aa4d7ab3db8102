/// The subcommands in the order `netc --help` lists them: a line each.
enum CommandCatalogue {
  static let commands: [any Command.Type] = [
    RunCommand.self,
    EvalCommand.self,
    PredictCommand.self,
    SampleCommand.self,
    CheckCommand.self,
    CheckGradCommand.self,
    BenchCommand.self,
    DumpGradCommand.self,
    DumpCommand.self,
    ExplainGradCommand.self,
    FmtCommand.self,
    FixCommand.self,
    SpecCommand.self,
    ExplainCommand.self,
  ]
}
