import Foundation

/// The developer's commands: what each does and how it is called, in the order of the help text.
let commands: [(name: String, summary: String, run: ([String]) throws -> Void)] = [
  (
    "bench", "check kernels and time them on one thread: [--set N] [--double] [NAME]",
    BenchKernels.run
  ),
  ("embed", "write the standard library's .net files into Swift sources", Embed.run),
]

let arguments = Array(CommandLine.arguments.dropFirst())
if let name = arguments.first, let command = commands.first(where: { $0.name == name }) {
  do {
    try command.run(Array(arguments.dropFirst()))
  } catch {
    FileHandle.standardError.write(Data("netc-dev \(name): \(error)\n".utf8))
    exit(1)
  }
} else {
  print("usage: netc-dev COMMAND\n")
  for command in commands { print("  \(command.name)  \(command.summary)") }
  exit(arguments.isEmpty ? 0 : 2)
}
