import NetcCore

/// Reads the command line, runs the subcommand and gives the exit code: 0, 1 (program, data or
/// world), 2 (usage).
package func runNetc(_ words: [String]) -> Int32 {
  let terminal = Terminal()
  do {
    return try dispatch(words, terminal)
  } catch {
    switch error {
    case .usage(let mistake):
      terminal.report(mistake.message, help: mistake.help ?? "see `netc --help`")
      return 2
    case .failed(let message, let help):
      terminal.report(message, help: help)
      return 1
    case .diagnosed:
      return 1
    }
  }
}

private func dispatch(_ words: [String], _ terminal: Terminal) throws(CommandFailure) -> Int32 {
  guard let first = words.first else {
    terminal.printRaw(overview)
    return 2
  }
  switch first {
  case "--version":
    terminal.print("netc \(netcVersion)")
    return 0
  case "--help", "-h", "help":
    return try help(Array(words.dropFirst()), terminal)
  default:
    let command = try command(named: first)
    let arguments = try reading { () throws(UsageError) in
      try ParsedArguments(Array(words.dropFirst()), rules: command.options + [.help])
    }
    if arguments.has(.help) {
      terminal.printRaw(command.helpText)
      return 0
    }
    return try command.run(arguments, terminal)
  }
}

private func help(_ words: [String], _ terminal: Terminal) throws(CommandFailure) -> Int32 {
  if let name = words.first {
    terminal.printRaw(try command(named: name).helpText)
  } else {
    terminal.printRaw(overview)
  }
  return 0
}

private func command(named name: String) throws(CommandFailure) -> any Command.Type {
  if let command = CommandCatalogue.commands.first(where: { $0.name == name }) { return command }
  let near = suggestion(for: name, among: CommandCatalogue.commands.map { $0.name })
  if name.hasSuffix(".net") {
    throw .usage(UsageError("`\(name)` is not a command", help: "to train it: netc run \(name)"))
  }
  throw .usage(UsageError("unknown command `\(name)`", help: near.map { "did you mean `\($0)`?" }))
}

private var overview: String {
  var lines = [
    "netc: the compiler for neural networks written as text", "",
    "Usage: netc COMMAND MODEL.net [options]", "", "Commands:",
  ]
  let width = CommandCatalogue.commands.map { $0.name.count }.max() ?? 0
  for command in CommandCatalogue.commands {
    lines.append("  " + command.name.padded(to: width) + "  " + command.summary)
  }
  lines += [
    "", "Options:", "  --version  print the version", "  --help     print this help", "",
    "Examples:",
    "  netc run examples/digits.net         train, validate and save the parameters",
    "  netc check examples/digits.net       shapes, parameters and memory before any data is read",
    "  netc dump-grad examples/hinge.net    print the derived gradient",
    "", "`netc COMMAND --help` says more about a command.",
  ]
  return lines.joined(separator: "\n") + "\n"
}

/// The version `netc --version` prints.
let netcVersion = "0.1.0"
