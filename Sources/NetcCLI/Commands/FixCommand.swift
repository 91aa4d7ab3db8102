import NetcCore
import NetcKit

/// `netc fix model.net`: what diagnostics can mend by themselves.
enum FixCommand: Command {
  static let name = "fix"
  static let summary = "apply the corrections that errors and warnings suggest"
  static let arguments = "MODEL.net [options]"
  static let discussion = """
    Applies each correction of which there is only one: a misspelt name with one near candidate, a
    size that another number decides, softmax before a loss that normalises, an unused `let`. Comments
    and line breaks stay; of corrections of the same text the first is applied; one that would not
    parse is not. Then prints what is left, with exit code 1 when an error is.
    """
  static let examples = [
    (line: "netc fix model.net", meaning: "mend the file in place and say what is left"),
    (line: "netc fix --dry-run model.net", meaning: "print the lines that would change"),
    (line: "netc fix --check model.net", meaning: "the same; exit 1 if there are any"),
  ]
  static let check = OptionRule(
    "--check", "write nothing; print the lines that would change, exit 1 if any")
  static let dryRun = OptionRule("--dry-run", "write nothing; print the lines that would change")
  static let options: [OptionRule] = [check, dryRun, .set, .allowOutside, .quiet]

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    let path = try reading { () throws(UsageError) in try arguments.onlyPositional("MODEL.net") }
    let options = try ModelArguments.compilerOptions(arguments)
    let writes = !arguments.has(check) && !arguments.has(dryRun)
    let (before, outcome) = try running { () throws(NetcError) in
      try SourceFixer(options: options).fix(fileAt: path, writes: writes)
    }
    guard writes else {
      for line in LineDifference.lines(from: before, to: outcome.text, name: path) {
        terminal.print(line)
      }
      return arguments.has(check) && outcome.text != before ? 1 : 0
    }
    if !arguments.has(.quiet) { report(outcome, path, terminal) }
    terminal.report(outcome.left.diagnostics, outcome.left.sources)
    return outcome.left.hasErrors ? 1 : 0
  }

  private static func report(
    _ outcome: SourceFixer.Outcome, _ path: String, _ terminal: Terminal
  ) {
    for fix in outcome.applied {
      terminal.print("\(path):\(fix.line):\(fix.column): fixed [\(fix.code)] \(fix.message)")
    }
    let left = outcome.left.diagnostics.count
    terminal.print("\(outcome.applied.count) fixed, \(left) left")
  }
}
