import NetcCore
import NetcKit

/// `netc fmt files`: the canonical form.
enum FmtCommand: Command {
  static let name = "fmt"
  static let summary = "write files in the canonical form"
  static let arguments = "FILE.net... [options]"
  static let discussion = """
    Indents, spaces and empty lines become canonical; comments and line breaks stay. A file is only
    written when it changes, and never when it has syntax errors.
    """
  static let examples = [
    (line: "netc fmt model.net", meaning: "format a file in place"),
    (
      line: "netc fmt --check examples/*.net",
      meaning: "name the files that are not formatted; exit 1 if any"
    ),
  ]
  static let check = OptionRule("--check", "write nothing; name the files that would change")
  static let options: [OptionRule] = [check]

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    if arguments.positionals.isEmpty { throw .usage(UsageError("FILE.net is missing")) }
    var status: Int32 = 0
    for path in arguments.positionals {
      let outcome = try running { () throws(NetcError) in
        try SourceFormatter.format(fileAt: path, writes: !arguments.has(check))
      }
      switch outcome {
      case .unchanged: continue
      case .changed:
        terminal.print(path)
        if arguments.has(check) { status = 1 }
      case .hasErrors(let diagnostics, let sources):
        terminal.report(diagnostics, sources)
        status = 1
      }
    }
    return status
  }
}
