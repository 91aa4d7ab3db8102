/// One option of a subcommand, as `--set NAME=EXPR`.
struct OptionRule: Sendable {
  /// With its dashes.
  let name: String
  /// What stands for its value in the help; nil for a flag.
  let value: String?
  /// One line for the help.
  let help: String
  /// Whether it may be given several times.
  let repeats: Bool

  init(_ name: String, value: String? = nil, repeats: Bool = false, _ help: String) {
    self.name = name
    self.value = value
    self.repeats = repeats
    self.help = help
  }
}

/// Options that several subcommands take, written once.
extension OptionRule {
  static let set = OptionRule(
    "--set", value: "NAME=VALUE", repeats: true, "override a `const` of the file")
  static let allowOutside = OptionRule(
    "--allow-outside", "let `import` leave the folder of the file")
  static let precision = OptionRule(
    "--precision", value: "single|double", "how `float` is computed (default single)")
  static let threads = OptionRule("--threads", value: "N", "worker threads (default: all cores)")
  static let json = OptionRule("--json", "print one JSON object a line")
  static let weights = OptionRule(
    "--weights", value: "FILE", "saved parameters (default: beside the model)")
  static let isa = OptionRule(
    "--isa", value: "portable|avx2|avx512", "instruction set of the kernels (default: the best)")
  static let dim = OptionRule(
    "--dim", value: "NAME=SIZE", repeats: true, "size of a symbolic dimension no data binds")
  static let memory = OptionRule(
    "--memory", value: "BYTES",
    "most memory of a training step, as 50MB or 1.5GiB: values are computed again to fit")
  static let quiet = OptionRule("--quiet", "print results and errors only")
  static let help = OptionRule("--help", "print this help")
}
