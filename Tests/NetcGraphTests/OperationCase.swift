import NetcGraph
import Testing

/// One sample of one operation, as a test argument.
struct OperationCase: Sendable, CustomTestStringConvertible {
  let op: OpID
  let sample: OperationSample
  let place: Int

  var testDescription: String { "\(op.operation.name) sample \(place)" }

  /// Every sample of every operation.
  static let all: [OperationCase] = OperationCatalogue.operations.indices.flatMap { index in
    let op = OpID(rawValue: UInt16(index))
    return op.operation.samples.enumerated().map { OperationCase(op: op, sample: $1, place: $0) }
  }
}
