import NetcCore
import NetcGraph

/// A node with what is known of its operands.
struct ConvexityStep {
  let graph: Graph
  let node: NodeID
  let known: [ValueCurvature?]

  var op: OpID { graph.op(of: node) }

  /// What is known of the operands, in order.
  var operands: [ValueCurvature] {
    graph.operands(of: node).compactMap { known[$0.index] }
  }

  /// What is known of those operands that are real numbers.
  var reals: [ValueCurvature] {
    graph.operands(of: node).compactMap {
      graph.type(of: $0).element == .float ? known[$0.index] : nil
    }
  }

  /// Whether the result is a real number.
  var givesReals: Bool { graph.type(of: graph.result(of: node)).element == .float }

  /// Whether the result is a real number and all operands of other kinds are constant.
  var isReal: Bool {
    givesReals
      && graph.operands(of: node).allSatisfy {
        graph.type(of: $0).element == .float || known[$0.index]?.curvature == .constant
      }
  }

  /// This operation as what convexity was lost at.
  var cause: ConvexityCause {
    let kinds = reals.filter { $0.curvature != .constant }.map(\.kind)
    var words = kinds.first ?? "what varies"
    if kinds.count == 2 { words += " and \(kinds[1])" }
    if kinds.count == 2, kinds[0] == kinds[1] {
      words = "two " + kinds[0].split(separator: " ").dropFirst().joined(separator: " ") + "s"
    }
    if kinds.count > 2 { words = "\(kinds.count) values that vary" }
    if kinds.count == 1, reals.count == 2,
      let factor = reals.first(where: { $0.curvature == .constant }), factor.sign == .unknown,
      [.multiply, .divide, .dotGeneral, .convolution].contains(op)
    {
      words += " and a constant of either sign"
    }
    return ConvexityCause(
      operation: operationName, operands: words, range: graph.origin(of: node).range)
  }

  /// The operation as the language writes it.
  private var operationName: String {
    switch op {
    case .composite: graph.attributes(of: node).text("name")
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .dotGeneral: "@"
    case .power: "^"
    case .select: "where"
    case .maximum, .reduceMax: "max"
    case .minimum: "min"
    default: op.operation.netName
    }
  }
}

extension ValueCurvature {
  /// In words: "an affine value".
  fileprivate var kind: String {
    switch curvature {
    case .affine: "an affine value"
    case .convex: "a convex value"
    case .concave: "a concave value"
    case .constant: "a constant value"
    case .unknown: "an unknown value"
    }
  }
}
