import NetcCore

/// A command line read by a subcommand's rules.
struct ParsedArguments: Sendable {
  /// What is not an option, in order.
  private(set) var positionals: [String] = []
  private var values: [String: [String]] = [:]

  /// Reads `words` by `rules`: `--name value`, `--name=value`, flags; `--` ends the options.
  /// - Throws: `UsageError` for an unknown, repeated or incomplete option.
  init(_ words: [String], rules: [OptionRule]) throws(UsageError) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        positionals += rest
        return
      }
      guard word.hasPrefix("-"), word != "-" else {
        positionals.append(word)
        continue
      }
      try readOption(word, &rest, rules)
    }
  }

  private mutating func readOption(
    _ word: String, _ rest: inout ArraySlice<String>, _ rules: [OptionRule]
  ) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = word == "-h" ? "--help" : String(parts[0])
    guard let rule = rules.first(where: { $0.name == name }) else {
      let near = suggestion(for: name, among: rules.map(\.name))
      throw UsageError("unknown option `\(name)`", help: near.map { "did you mean `\($0)`?" })
    }
    var value = ""
    if let placeholder = rule.value {
      if parts.count == 2 {
        value = String(parts[1])
      } else if let next = rest.popFirst() {
        value = next
      } else {
        throw UsageError("`\(name)` needs a value: \(name) \(placeholder)")
      }
    } else if parts.count == 2 {
      throw UsageError("`\(name)` takes no value")
    }
    if values[name] != nil, !rule.repeats { throw UsageError("`\(name)` is given twice") }
    values[name, default: []].append(value)
  }

  /// Whether the option was given.
  func has(_ rule: OptionRule) -> Bool { values[rule.name] != nil }

  /// The value of an option given at most once.
  func value(_ rule: OptionRule) -> String? { values[rule.name]?.first }

  /// The values of an option in order.
  func all(_ rule: OptionRule) -> [String] { values[rule.name] ?? [] }

  /// The value as a whole number of at least `minimum`.
  func whole(_ rule: OptionRule, atLeast minimum: Int = 1) throws(UsageError) -> Int? {
    guard let text = value(rule) else { return nil }
    guard let number = Int(text), number >= minimum else {
      throw UsageError(
        "`\(rule.name)` takes a whole number of at least \(minimum), found `\(text)`")
    }
    return number
  }

  /// The value as a number that is not negative.
  func number(_ rule: OptionRule) throws(UsageError) -> Double? {
    guard let text = value(rule) else { return nil }
    guard let number = Double(text), number >= 0, number.isFinite else {
      throw UsageError("`\(rule.name)` takes a number of at least 0, found `\(text)`")
    }
    return number
  }

  /// The value as a number of bytes, as `50MB`.
  func bytes(_ rule: OptionRule) throws(UsageError) -> Int? {
    guard let text = value(rule) else { return nil }
    guard let bytes = ByteCount.parsed(text) else {
      throw UsageError(
        "`\(rule.name)` takes a number of bytes as 4096, 50MB, 1.5GB or 64MiB, found `\(text)`")
    }
    return bytes
  }

  /// The value as one of `choices`.
  func choice(_ rule: OptionRule, among choices: [String]) throws(UsageError) -> String? {
    guard let text = value(rule) else { return nil }
    if choices.contains(text) { return text }
    let near = suggestion(for: text, among: choices)
    throw UsageError(
      "`\(rule.name)` takes \(choices.joined(separator: ", ")), found `\(text)`",
      help: near.map { "did you mean `\($0)`?" })
  }

  /// The values as `NAME=VALUE` pairs.
  func pairs(_ rule: OptionRule) throws(UsageError) -> [(name: String, value: String)] {
    var result: [(name: String, value: String)] = []
    for text in all(rule) {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw UsageError("`\(rule.name)` takes \(rule.value ?? ""), found `\(text)`")
      }
      result.append((String(parts[0]), String(parts[1])))
    }
    return result
  }

  /// The only positional argument, `what` it is.
  func onlyPositional(_ what: String) throws(UsageError) -> String {
    guard let first = positionals.first else { throw UsageError("\(what) is missing") }
    guard positionals.count == 1 else {
      throw UsageError("one \(what) expected, found also `\(positionals[1])`")
    }
    return first
  }
}

/// A mistake on the command line; exit code 2.
struct UsageError: Error, Hashable, Sendable {
  let message: String
  let help: String?

  init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}
