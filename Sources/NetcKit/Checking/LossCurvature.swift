import NetcCore
import NetcGraph
import NetcSemantics
import NetcTransform

/// How a loss bends as a function of all trained parameters together.
public struct LossCurvature: Hashable, Sendable {
  /// What is proved of it; `unknown` says that nothing is, not that it is not convex.
  public enum Kind: String, Hashable, Sendable {
    case constant, affine, convex, concave, unknown
  }

  /// The operation at which no more was known.
  public struct Obstacle: Hashable, Sendable {
    /// The operation or function as the language writes it.
    public let operation: String
    /// What it was applied to: "an affine value".
    public let operands: String
    /// Where: `line 7`, or file, line and column in an imported file; nil when it has no place.
    public let place: String?
  }

  /// The loss's name.
  public let loss: String
  public let curvature: Kind
  /// For `unknown`: what the calculus stopped at.
  public let obstacle: Obstacle?

  /// One line for a person.
  public var sentence: String {
    guard curvature == .unknown else { return "\(loss) is \(curvature.rawValue) in the parameters" }
    guard let obstacle else { return "\(loss) is not known to be convex in the parameters" }
    return "\(loss) is not known to be convex in the parameters: `\(obstacle.operation)` of "
      + obstacle.operands + (obstacle.place.map { " at \($0)" } ?? "")
  }
}

extension CompiledModel {
  /// How each loss bends in the trained parameters, by the rules of disciplined convex programming:
  /// what is said holds for every input, and many a convex loss is not found.
  /// - Complexity: O(nodes of the forward graph, those of functions once for each call).
  public var lossCurvatures: [LossCurvature] {
    let reports = convexity(
      of: model.training, fixed: Set(model.parameters.filter(\.isFrozen).map(\.name)),
      nonnegative: Set(model.inputs.filter(\.isNeverNegative).map(\.name)),
      isShown: { !sources[$0.file].name.hasPrefix("std/") })
    return reports.map { report in
      LossCurvature(
        loss: report.loss,
        curvature: LossCurvature.Kind(rawValue: report.curvature.rawValue) ?? .unknown,
        obstacle: report.cause.map { cause in
          LossCurvature.Obstacle(
            operation: cause.operation, operands: cause.operands, place: cause.range.map(place))
        })
    }
  }

  private func place(_ range: SourceRange) -> String {
    if range.file.rawValue != 0 { return sources.location(range) }
    return "line \(sources[range.file].position(of: range.start).line)"
  }
}

extension ModelInput {
  /// Whether it holds labels or truth values, which are 0 or more.
  fileprivate var isNeverNegative: Bool {
    switch element {
    case .float, .int: false
    case .bool: true
    case .classes(_, let ignored, _): (ignored ?? 0) >= 0
    }
  }
}
