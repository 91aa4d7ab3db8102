import NetcCore
import NetcGraph
import NetcRuntime
import NetcSemantics
import NetcTransform

/// The derived gradient of one parameter against central differences.
public struct GradientCheckRow: Hashable, Sendable {
  /// The loss and the parameter.
  public let loss: String
  public let parameter: String
  /// Elements compared, and elements left out because a kink lies within the step.
  public let compared: Int
  public let skipped: Int
  /// ‖a - n‖ and max(‖a‖, ‖n‖) over the elements compared, a derived, n numeric.
  public let difference: Double
  public let scale: Double

  /// ‖a - n‖ ≤ 1e-6·max(‖a‖, ‖n‖) + 1e-9, and at most 1 % of the elements left out.
  public var passes: Bool {
    difference <= GradientChecker.relativeTolerance * scale + GradientChecker.absoluteTolerance
      && Double(skipped) <= 0.01 * Double(compared + skipped)
  }
}

/// Proves derived gradients against central differences, in double, through the compiled plan.
struct GradientChecker {
  static let relativeTolerance = 1e-6
  static let absoluteTolerance = 1e-9
  /// Elements of a parameter up to which each is moved on its own; beyond, random directions are.
  private static let elementLimit = 256
  private static let directionCount = 32
  /// Relative disagreement of the one-sided differences that marks a kink.
  private static let kinkThreshold = 1e-3

  private let model: CompiledModel
  private let session: ModelSession
  private let inputs: [String: Tensor]
  private let plan: Plan

  /// - Parameter graph: results `.loss` and `.gradient`.
  init(
    _ model: CompiledModel, graph: Graph, session: ModelSession, inputs: [String: Tensor],
    bindings: DimBindings, batch: Int
  ) throws(NetcError) {
    self.model = model
    self.session = session
    self.inputs = inputs
    do {
      plan = try Plan(
        graph: graph, bindings: bindings, batch: batch, layout: session.executor.layout,
        options: PlanOptions(.once))
    } catch {
      throw NetcError(error, model)
    }
  }

  /// Compares one parameter's gradient of one loss, the graph's result of the name `result`.
  func check(
    loss: String, parameter: String, result: String, generator: Philox
  ) throws(NetcError) -> GradientCheckRow {
    guard let value = session.read(parameter), let derived = try run()[.gradient, result]
    else { internalError("check-grad: no gradient of `\(loss)` in `\(parameter)`") }
    let start = value.doubles
    let gradient = derived.doubles
    var compared = 0
    var skipped = 0
    var differenceSum = 0.0, derivedSum = 0.0, numericSum = 0.0
    for direction in directions(start, generator) {
      let analytic = zip(direction.indices, direction.weights)
        .reduce(0.0) { $0 + gradient[$1.0] * $1.1 }
      guard let numeric = try slope(parameter, value, direction, loss) else {
        skipped += 1
        continue
      }
      compared += 1
      differenceSum += (analytic - numeric) * (analytic - numeric)
      derivedSum += analytic * analytic
      numericSum += numeric * numeric
    }
    try session.load(parameter, value)
    return GradientCheckRow(
      loss: loss, parameter: parameter, compared: compared, skipped: skipped,
      difference: differenceSum.squareRoot(), scale: max(derivedSum, numericSum).squareRoot())
  }

  /// A direction to move a parameter in: some of its elements with weights, and the step's length.
  private struct Direction {
    let indices: [Int]
    let weights: [Double]
    let step: Double
  }

  /// Each element on its own when there are few, else random directions of unit length.
  private func directions(_ start: [Double], _ generator: Philox) -> [Direction] {
    func step(_ magnitude: Double) -> Double { 1e-5 * max(1, magnitude) }
    if start.count <= Self.elementLimit {
      return start.indices.map {
        Direction(indices: [$0], weights: [1], step: step(abs(start[$0])))
      }
    }
    let norm = start.reduce(0) { $0 + $1 * $1 }.squareRoot() / Double(start.count).squareRoot()
    return (0..<Self.directionCount).map { number in
      let draws = generator.uniforms(
        count: start.count, step: UInt64(number), offset: 0)
      let weights = draws.map { Double($0) - 0.5 }
      let length = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return Direction(
        indices: Array(start.indices), weights: weights.map { $0 / length }, step: step(norm))
    }
  }

  /// The central difference along a direction; nil at a kink: where one-sided differences disagree by more than a
  /// thousandth and halving the step does not bring them nearer, as it does where the loss only bends.
  private func slope(
    _ parameter: String, _ value: Tensor, _ direction: Direction, _ loss: String
  ) throws(NetcError) -> Double? {
    let center = try lossValue(loss)
    var step = direction.step
    var widerGap = Double.infinity
    for _ in 0..<4 {
      let above = try moved(parameter, value, direction, step, loss)
      let below = try moved(parameter, value, direction, -step, loss)
      let right = (above - center) / step
      let left = (center - below) / step
      let gap = abs(right - left)
      // The loss is known to a few units in its last place, so each side is to that over the step.
      let noise = 16 * max(1e-300, abs(center)) * Double.ulpOfOne / step
      let isSmall = gap <= Self.kinkThreshold * max(abs(right), abs(left)) + noise
      if isSmall || (widerGap.isFinite && gap <= 0.6 * widerGap) {
        return (above - below) / (2 * step)
      }
      widerGap = gap
      step /= 2
    }
    return nil
  }

  private func moved(
    _ parameter: String, _ value: Tensor, _ direction: Direction, _ step: Double, _ loss: String
  ) throws(NetcError) -> Double {
    var numbers = value.doubles
    for (index, weight) in zip(direction.indices, direction.weights) {
      numbers[index] += step * weight
    }
    guard let tensor = Tensor(shape: value.shape, .double(numbers)) else { return .nan }
    try session.load(parameter, tensor)
    let result = try lossValue(loss)
    try session.load(parameter, value)
    return result
  }

  private func lossValue(_ loss: String) throws(NetcError) -> Double {
    try run()[.loss, loss]?.doubles.first ?? .nan
  }

  private func run() throws(NetcError) -> RunOutputs {
    do { return try session.executor.runOnce(plan, inputs: inputs) } catch {
      throw .feed(error.message)
    }
  }
}
