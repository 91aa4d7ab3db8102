import NetcCore
import NetcKit

/// What the subcommands that take a model have in common.
enum ModelArguments {
  /// Compiles the only positional argument and prints its diagnostics.
  static func model(
    _ arguments: ParsedArguments, _ terminal: Terminal, precision: Precision? = nil
  ) throws(CommandFailure) -> CompiledModel {
    let path = try reading { () throws(UsageError) in try arguments.onlyPositional("MODEL.net") }
    return try compile(path, arguments, terminal, precision: precision)
  }

  /// Compiles a file and prints its diagnostics.
  static func compile(
    _ path: String, _ arguments: ParsedArguments, _ terminal: Terminal, precision: Precision? = nil
  ) throws(CommandFailure) -> CompiledModel {
    let options = try compilerOptions(arguments, precision: precision)
    let compilation = try running { () throws(NetcError) in
      try Compiler(options: options).compile(fileAt: path)
    }
    terminal.report(compilation.diagnostics, compilation.sources)
    guard let model = compilation.model else {
      let errors = compilation.diagnostics.filter { $0.severity == .error }.count
      terminal.printError(
        "\(path): \(errors) error\(errors == 1 ? "" : "s"); `netc explain CODE` says more")
      throw .diagnosed
    }
    return model
  }

  /// The settings of the compilation from the command line.
  static func compilerOptions(
    _ arguments: ParsedArguments, precision: Precision? = nil
  ) throws(CommandFailure) -> CompilerOptions {
    var options = CompilerOptions()
    options.allowsOutsideImports = arguments.has(.allowOutside)
    try reading { () throws(UsageError) in
      for (name, value) in try arguments.pairs(.set) {
        options.settings.append(.init(name: name, expression: value))
      }
      let chosen = try arguments.choice(.precision, among: Precision.allCases.map(\.rawValue))
      options.precision = precision ?? chosen.flatMap(Precision.init(rawValue:)) ?? .single
    }
    return options
  }

  /// The run's settings from the command line.
  static func runOptions(_ arguments: ParsedArguments) throws(CommandFailure) -> RunOptions {
    var options = RunOptions()
    try reading { () throws(UsageError) in
      options.threads = try arguments.whole(.threads)
      if let threads = options.threads, threads > RunOptions.mostThreads {
        throw UsageError("`--threads` takes at most \(RunOptions.mostThreads), found `\(threads)`")
      }
      options.memory = try arguments.bytes(.memory)
      let names = InstructionSet.allCases.map(\.rawValue)
      options.instructionSet = try arguments.choice(.isa, among: names).flatMap(
        InstructionSet.init(rawValue:))
      for (name, value) in try arguments.pairs(.dim) {
        guard let size = Int(value), size > 0 else {
          throw UsageError("`--dim` takes NAME=SIZE with a whole size, found `\(name)=\(value)`")
        }
        options.dimensions[name] = size
      }
    }
    return options
  }

  /// Where a model's parameters are saved: beside it, with another ending.
  static func weightsPath(_ model: CompiledModel) -> String {
    let base = model.name.hasSuffix(".net") ? String(model.name.dropLast(4)) : model.name
    return base + ".safetensors"
  }

  /// The numbers that a run left: of `--weights`, or beside the model.
  static func saved(
    _ model: CompiledModel, _ arguments: ParsedArguments
  ) throws(CommandFailure) -> SavedModel {
    let path = arguments.value(.weights) ?? weightsPath(model)
    return try running { () throws(NetcError) in try SavedModel(contentsOf: path) }
  }
}

/// Runs a closure of the library, its error in words for people.
func running<T>(_ body: () throws(NetcError) -> T) throws(CommandFailure) -> T {
  do { return try body() } catch { throw CommandFailure(error) }
}

extension CommandFailure {
  /// An error of the library in words for people, what to change on a line of its own.
  init(_ error: NetcError) {
    switch error {
    case .data(let message, let help): self = .failed(message, help: help)
    case .tooLarge(let message, let help): self = .failed(message, help: help)
    default: self = .failed(error.description)
    }
  }
}
