import NetcCore
import NetcKit

/// `netc spec adam`: what a function of the library is exactly.
enum SpecCommand: Command {
  static let name = "spec"
  static let summary =
    "print a library function's formula, source, derivative and how others differ"
  static let arguments = "NAME"
  static let discussion = "Without a name it lists all of them."
  static let examples = [
    (
      line: "netc spec cross_entropy",
      meaning: "the loss, its source and its hand-written derivative"
    ),
    (line: "netc spec adam", meaning: "the update rule and where other systems put eps"),
  ]
  static let options: [OptionRule] = []

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    if arguments.positionals.isEmpty {
      for name in LibrarySpecification.names { terminal.print(name) }
      return 0
    }
    let name = try reading { () throws(UsageError) in try arguments.onlyPositional("NAME") }
    guard let spec = LibrarySpecification(of: name) else {
      let near = suggestion(for: name, among: LibrarySpecification.names)
      throw .usage(
        UsageError(
          "the library has no `\(name)`",
          help: near.map { "did you mean `\($0)`?" } ?? "`netc spec` lists all"))
    }
    terminal.print("\(spec.sort) \(spec.name)\n\n\(spec.documentation)")
    section("source", spec.source, terminal)
    if let derivative = spec.derivative { section("derivative", derivative, terminal) }
    if let elsewhere = spec.elsewhere { section("elsewhere", elsewhere, terminal) }
    return 0
  }

  private static func section(_ title: String, _ text: String, _ terminal: Terminal) {
    terminal.print("\n\(title):")
    for line in text.split(separator: "\n") { terminal.print("  \(line)") }
  }
}
