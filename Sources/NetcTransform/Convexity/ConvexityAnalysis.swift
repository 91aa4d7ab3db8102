package import NetcCore
package import NetcGraph

/// How the losses of a graph bend as functions of its parameters, all of them together, with inputs
/// and draws as they come. What is said holds; much that is convex is not found to be.
///
/// Besides the curvature of values it follows that of their logarithms and square roots, in which
/// log Σ exp and norms are sums, and treats functions of one number made of polynomials (`relu`,
/// `huber`) exactly.
///
/// - Parameters:
///   - fixed: the parameters that are not trained.
///   - nonnegative: the inputs that are never below 0.
///   - isShown: whether a range is in text that the user wrote; causes in other text (the library)
///     are told by the call.
/// - Complexity: O(nodes), those of bodies once for each call.
package func convexity(
  of graph: Graph, fixed: Set<String>, nonnegative: Set<String>,
  isShown: @escaping (SourceRange) -> Bool
) -> [ConvexityReport] {
  var analysis = ConvexityAnalysis(fixed: fixed, nonnegative: nonnegative, isShown: isShown)
  let losses = graph.results(.loss)
  let needed = graph.needed(losses.map(\.value))
  let values = analysis.values(of: graph, arguments: [], needed: needed, depth: 0)
  return losses.map { loss in
    let value = values[loss.value.index]
    let curvature = value?.curvature ?? .unknown
    return ConvexityReport(
      loss: loss.name, curvature: curvature, cause: curvature == .unknown ? value?.cause : nil)
  }
}

/// A walk over a graph that keeps what is known of each value.
struct ConvexityAnalysis {
  /// Calls within calls that are followed.
  private static let depthLimit = 100

  let fixed: Set<String>
  let nonnegative: Set<String>
  let isShown: (SourceRange) -> Bool
  /// Values that others are functions of: how they bend and their signs.
  private(set) var atoms: [(curvature: Curvature, sign: SignRange)] = []

  init(
    fixed: Set<String>, nonnegative: Set<String>, isShown: @escaping (SourceRange) -> Bool
  ) {
    self.fixed = fixed
    self.nonnegative = nonnegative
    self.isShown = isShown
  }

  /// What is known of the values of a graph, by index.
  mutating func values(
    of graph: Graph, arguments: [ValueCurvature], needed: [Bool]?, depth: Int
  ) -> [ValueCurvature?] {
    var known = [ValueCurvature?](repeating: nil, count: graph.valueCount)
    for node in graph.nodeIDs where needed?[node.index] ?? true {
      if graph.op(of: node) == .argument {
        let place = graph.attributes(of: node).int("index")
        known[graph.result(of: node).index] =
          place < arguments.count ? arguments[place] : fresh(.unknown, .unknown)
        continue
      }
      let step = ConvexityStep(graph: graph, node: node, known: known)
      for (result, value) in zip(graph.results(of: node), results(of: step, depth: depth)) {
        known[result.index] = value
      }
    }
    return known
  }

  /// A value that is a function of nothing else.
  mutating func fresh(_ curvature: Curvature, _ sign: SignRange) -> ValueCurvature {
    atoms.append((curvature, sign))
    return ValueCurvature(
      curvature: curvature, sign: sign,
      form: ValueCurvature.Form(atom: atoms.count - 1, pieces: .identity))
  }

  private mutating func results(of step: ConvexityStep, depth: Int) -> [ValueCurvature] {
    let count = step.graph.results(of: step.node).count
    if step.op == .composite, depth < Self.depthLimit {
      let body = step.graph.attributes(of: step.node).body("body").graph
      let inner = values(of: body, arguments: step.operands, needed: nil, depth: depth + 1)
      return body.results.map { result in
        let value = inner[result.value.index] ?? fresh(.unknown, .unknown)
        return blamed(value, step)
      }
    }
    let allConstant = step.operands.allSatisfy { $0.curvature == .constant }
    return (0..<count).map { place in
      var value = place == 0 ? result(of: step, allConstant) : fresh(.unknown, .unknown)
      if allConstant, step.op != .parameter { value.curvature = .constant }
      settle(&value)
      return blamed(value, step)
    }
  }

  /// Completes what one view of a value says by what the others do.
  private mutating func settle(_ value: inout ValueCurvature) {
    let atom = atoms[value.form.atom]
    let pieces = value.form.pieces
    value.sign.formIntersection(pieces.sign(atom.sign))
    if value.curvature == .unknown {
      value.curvature = pieces.curvature(atom.sign).of(atom.curvature, pieces.slope(atom.sign))
    }
    if value.logarithm.isConvex || value.root.isConvex, value.curvature == .unknown {
      value.curvature = .convex
    }
    if value.curvature == .constant {
      value.logarithm = value.sign.isNonnegative ? .constant : .unknown
      value.root = value.logarithm
    }
    if pieces == .identity { atoms[value.form.atom] = (value.curvature, value.sign) }
  }

  /// The value with the operation that made it unknown: this one when it knew its operands.
  private func blamed(_ value: ValueCurvature, _ step: ConvexityStep) -> ValueCurvature {
    var value = value
    if value.curvature != .unknown {
      value.cause = nil
      return value
    }
    if let cause = step.operands.first(where: { $0.curvature == .unknown && $0.cause != nil })?
      .cause
    {
      value.cause = cause
    } else if step.givesReals, value.cause?.range.map({ !isShown($0) }) ?? true {
      value.cause = step.cause
    }
    return value
  }
}

extension Graph {
  /// Which nodes some values depend on, by index.
  fileprivate func needed(_ values: [ValueID]) -> [Bool] {
    var needed = [Bool](repeating: false, count: nodeCount)
    for value in values { needed[node(of: value).index] = true }
    for node in nodeIDs.reversed() where needed[node.index] {
      for operand in operands(of: node) { needed[self.node(of: operand).index] = true }
    }
    return needed
  }
}
