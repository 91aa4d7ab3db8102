import Foundation
import NetcCore
import Testing

/// One entry of the files in `Reference`: a program, what it is given and what JAX made of it.
struct ReferenceCase: Decodable, Sendable, CustomTestStringConvertible {
  /// What is compared.
  enum Kind: String, Decodable {
    /// The loss and the outputs, derivatives among them.
    case gradient
    /// The parameters after each step.
    case steps
    /// The metric `m` over all batches.
    case metric
  }

  /// Which lowering of the program is compared, when they differ.
  enum Mode: String, Decodable {
    case training
    case evaluation
  }

  /// Numbers in row-major order.
  struct Numbers: Decodable {
    var shape: [Int]
    var data: [Double]

    /// Real numbers.
    var tensor: Tensor? { Tensor(shape: shape, .double(data)) }
    /// Labels.
    var labels: Tensor? { Tensor(shape: shape, .int(data.map { Int32($0) })) }
  }

  let kind: Kind
  let name: String
  let program: String
  let parameters: [String: Numbers]
  /// One entry a step or batch.
  let inputs: [[String: Numbers]]
  /// One entry a step; otherwise a single one.
  let expected: [[String: Numbers]]
  /// What values may differ by beside the relative tolerance.
  let absolute: Double?
  /// Nil when both agree.
  let mode: Mode?

  var testDescription: String { name }

  /// All entries of all files.
  static let all: [ReferenceCase] = {
    struct File: Decodable { let cases: [ReferenceCase] }
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .appendingPathComponent("NetcSemanticsTests/Reference")
    let names = ["reference.json", "sequence_reference.json", "shapes_reference.json"]
    return names.flatMap { name in
      let data = try? Data(contentsOf: folder.appendingPathComponent(name))
      return data.flatMap { try? JSONDecoder().decode(File.self, from: $0).cases } ?? []
    }
  }()

  /// The entries of one kind.
  static func of(_ kind: Kind) -> [ReferenceCase] { all.filter { $0.kind == kind } }
}
