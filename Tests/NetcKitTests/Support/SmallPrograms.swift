import Foundation
import NetcCore
import NetcKit
import Testing

/// Programs that train in milliseconds.
enum SmallPrograms {
  /// Twelve points of a curve with a hidden layer, dropout and adam: parameters, optimizer states
  /// and draws.
  static let curve = """
    const hidden = 4
    input x: float[batch, 2]
    input y: float[batch]
    let h = x |> dense(hidden) |> tanh |> dropout(0.2)
    let p = h |> dense(1) |> squeeze(axis: -1)
    loss mse(p, y)
    optimizer adam(lr: 0.05)
    metric mae(p, y)
    output p
    data points = table(
      x: [[0, 1], [1, 0.5], [2, -1], [0.3, 0.2], [-1, 2], [1.5, 1.5],
          [0.1, -0.7], [2.2, 0.4], [-0.6, -0.6], [0.9, 1.9], [1.1, -1.2], [-0.4, 0.8]],
      y: [1, 0.2, -1.5, 0.3, 2.5, 0.4, -0.9, -0.3, 0.1, 1.2, -1.4, 1.1])

    """

  /// `curve` with its `train` statement.
  static func curve(_ train: String) -> String { curve + "train(points, \(train))\n" }

  /// Ten classes of one-hot rows; no data.
  static let classes = """
    input x: float[batch, 3]
    input k: class(3)[batch]
    param W: float[3, 3] = he_normal()
    let logits = x @ W
    loss cross_entropy(logits, k)
    optimizer sgd(lr: 0.1)
    output logits
    """
}

/// Compiles a program that must be without errors.
func model(
  _ text: String, directory: String = "", precision: Precision = .single,
  settings: [CompilerOptions.Setting] = []
) throws -> CompiledModel {
  var options = CompilerOptions()
  options.precision = precision
  options.settings = settings
  let compilation = Compiler(options: options).compile(text, name: "test.net", directory: directory)
  if compilation.hasErrors { Issue.record("\(compilation.renderedDiagnostics())") }
  return try compilation.get()
}

extension RunOptions {
  /// One thread: tests run beside one another.
  static var alone: RunOptions {
    var options = RunOptions()
    options.threads = 1
    return options
  }
}

/// A folder of its own that goes with its owner.
final class TemporaryFolder {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("netc-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Where it is.
  var path: String { url.path }

  /// The path of a file in it.
  func file(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a text file; returns its path.
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
    return file(name)
  }

  /// The bytes of a file; nil when there is none.
  func bytes(_ name: String) -> Data? { FileManager.default.contents(atPath: file(name)) }
}

extension Tensor {
  /// Single-precision numbers of a shape that holds as many.
  static func reals(_ shape: [Int], _ values: [Float]) throws -> Tensor {
    try #require(Tensor(shape: shape, .float(values)))
  }

  /// Integers of a shape that holds as many.
  static func integers(_ shape: [Int], _ values: [Int32]) throws -> Tensor {
    try #require(Tensor(shape: shape, .int(values)))
  }
}
