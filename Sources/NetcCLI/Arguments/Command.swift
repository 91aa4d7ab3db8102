/// A subcommand: one file under `Commands/`, one line in `CommandCatalogue`.
protocol Command: Sendable {
  /// The word on the command line.
  static var name: String { get }
  /// One line for the list of commands.
  static var summary: String { get }
  /// What follows the name, as `MODEL.net [options]`.
  static var arguments: String { get }
  /// A few sentences for its help.
  static var discussion: String { get }
  /// Command lines with what they do.
  static var examples: [(line: String, meaning: String)] { get }
  /// Its options but for `--help`.
  static var options: [OptionRule] { get }

  /// Does it.
  /// - Returns: the exit code.
  /// - Throws: `CommandFailure`, which the caller prints.
  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
}

extension Command {
  /// The whole help text.
  static var helpText: String {
    var lines = ["netc \(name): \(summary)", "", "Usage: netc \(name) \(arguments)"]
    if !discussion.isEmpty { lines += ["", discussion] }
    lines += ["", "Options:"]
    let rules = options + [.help]
    let heads = rules.map { $0.name + ($0.value.map { " " + $0 } ?? "") }
    let width = min(28, heads.map(\.count).max() ?? 0)
    for (head, rule) in zip(heads, rules) {
      lines.append("  " + head.padded(to: width) + "  " + rule.help)
    }
    lines += ["", "Examples:"]
    for example in examples {
      lines.append("  " + example.line)
      lines.append("      " + example.meaning)
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension String {
  /// The text with spaces after it up to `width` characters.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }

  /// The text with spaces before it up to `width` characters.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
}
