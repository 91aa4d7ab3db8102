import NetcCore
import NetcKit

/// `netc explain E0304`: the page of a diagnostic's code.
enum ExplainCommand: Command {
  static let name = "explain"
  static let summary = "print the page of an error or warning code"
  static let arguments = "CODE"
  static let discussion = "Without a code it lists all of them."
  static let examples = [
    (line: "netc explain E0304", meaning: "what the error means, with a wrong and a right program"),
    (line: "netc explain", meaning: "every code with its title"),
  ]
  static let options: [OptionRule] = []

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    let kinds = DiagnosticCatalogue.kinds
    guard let given = arguments.positionals.first else {
      for kind in kinds { terminal.print("\(kind.code)  \(kind.title)") }
      return 0
    }
    let code = try reading { () throws(UsageError) in try arguments.onlyPositional("CODE") }
      .uppercased()
    guard let kind = kinds.first(where: { $0.code == code }) else {
      let near = suggestion(for: code, among: kinds.map(\.code))
      throw .usage(
        UsageError(
          "no code `\(given)`",
          help: near.map { "did you mean `\($0)`?" } ?? "`netc explain` lists all"))
    }
    terminal.print("\(kind.severity.rawValue)[\(kind.code)]: \(kind.title)\n\n\(kind.page)")
    return 0
  }
}
