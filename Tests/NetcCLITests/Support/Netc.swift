import Foundation
import Testing

/// The built executable, run as a child process.
struct Netc {
  /// How a run ended and what it printed.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    /// The lines of standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// `netc`, in the folder of the test bundle.
  static func executable() throws -> URL {
    let bundles = [Bundle.main] + Bundle.allBundles
    let folders = bundles.flatMap { bundle in
      [bundle.bundleURL.deletingLastPathComponent(), bundle.bundleURL]
        + [bundle.executableURL?.deletingLastPathComponent()].compactMap { $0 }
    }
    let found = folders.map { $0.appendingPathComponent("netc") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) && !$0.hasDirectoryPath }
    return try #require(found, "netc is not beside the tests")
  }

  /// Runs it to its end with standard output and error in files, which are no terminals.
  static func run(
    _ arguments: String..., in folder: Folder, environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(arguments, in: folder, environment: environment)
  }

  /// The same with the arguments in a list.
  static func run(
    _ arguments: [String], in folder: Folder, environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = try executable()
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
    let name = UUID().uuidString
    let output = try folder.write("", to: "\(name).out")
    let errors = try folder.write("", to: "\(name).err")
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    defer { for path in [output, errors] { try? FileManager.default.removeItem(atPath: path) } }
    return Outcome(
      status: process.terminationStatus,
      output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }
}

/// A folder of its own that goes with its owner.
final class Folder: Sendable {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory.appendingPathComponent("netc-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in it.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a text file; returns its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// The bytes of a file; nil when there is none.
  func bytes(_ name: String) -> Data? { FileManager.default.contents(atPath: file(name)) }
}

/// Programs for the command line.
enum Programs {
  /// Two classes of points in a CSV file beside it; trains in milliseconds.
  static let points = """
    const hidden = 4
    input x: float[batch, 2]
    input k: class("out", "in")[batch]
    let logits = x |> dense(hidden) |> tanh |> dense(2)
    loss cross_entropy(logits, k)
    optimizer adam(lr: 0.05)
    metric accuracy(logits, k)
    output probabilities = softmax(logits)
    output best = argmax(logits, axis: -1)
    data points = csv("points.csv", x: columns("a", "b"), k: column("kind"))
    train(points, validation: 0.25, epochs: 3, batch: 4, seed: 3)

    """

  static let rows = """
    a,b,kind
    0,0,in
    2,1,out
    0.5,-0.2,in
    -2,1,out
    0.1,0.3,in
    1.5,-1.7,out
    -0.3,0.2,in
    0.2,2.5,out
    -0.4,-0.4,in
    -1.8,-1.1,out
    0.6,0.1,in
    2.2,2.1,out

    """

  /// A folder with `points.net` and its data.
  static func folder() throws -> Folder {
    let folder = try Folder()
    try folder.write(points, to: "points.net")
    try folder.write(rows, to: "points.csv")
    return folder
  }
}
