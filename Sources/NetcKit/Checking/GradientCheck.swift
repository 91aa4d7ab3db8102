import NetcCore
import NetcGraph
import NetcRuntime
import NetcSemantics
import NetcTransform

/// Proves derived gradients against central differences, in double, through the compiled plans.
struct GradientChecker {
  static let relativeTolerance = 1e-6
  static let absoluteTolerance = 1e-9
  /// The fewest and the most directions a parameter is moved in; how many follows from how many
  /// multiply-adds of the forward pass all of them should take together.
  private static let directionLimits = 4...32
  private static let workLimit = 40e9
  /// Evaluations that a direction mostly takes.
  private static let evaluations = 4.0

  private let model: CompiledModel
  private let session: ModelSession
  private let inputs: [String: Tensor]
  private let batch: Int
  private let losses: PlanCache
  /// Directions a parameter is moved in.
  private let directionCount: Int
  /// The derived gradients by the names of the graph's results.
  private let gradients: [String: Tensor]

  /// - Parameter graph: results `.loss` and `.gradient`, not yet optimised.
  init(
    _ model: CompiledModel, graph: Graph, session: ModelSession, inputs: [String: Tensor],
    bindings: DimBindings, batch: Int
  ) throws(NetcError) {
    self.model = model
    self.session = session
    self.inputs = inputs
    self.batch = batch
    func plans(_ roles: [GraphResult.Role]) -> PlanCache {
      PlanCache(
        graph: graph.optimized(roles), layout: session.executor.layout,
        options: PlanOptions(.once), symbol: model.batchSymbol, bindings: bindings)
    }
    losses = plans([.loss])
    let work = Double(losses.graph.multiplyAdds.value(losses.bindings(batch: batch)) ?? 0)
    let checks = Double(max(1, graph.results(.gradient).count)) * Self.evaluations
    let affordable = Self.workLimit / (max(1, work) * checks)
    directionCount = Int(
      min(
        max(affordable, Double(Self.directionLimits.lowerBound)),
        Double(Self.directionLimits.upperBound)))
    var gradients: [String: Tensor] = [:]
    let derived = try Self.run(plans(.derivative), session, batch, inputs)
    for entry in derived.entries where entry.role == .gradient {
      gradients[entry.name] = entry.tensor
    }
    self.gradients = gradients
  }

  /// Compares one parameter's gradient of one loss, the graph's result of the name `result`.
  func check(
    loss: String, parameter: String, result: String, generator: Philox
  ) throws(NetcError) -> GradientCheckRow {
    guard let value = session.read(parameter), let gradient = gradients[result]?.doubles else {
      internalError("check-grad: no gradient of `\(loss)` in `\(parameter)`")
    }
    let start = value.doubles
    var compared = 0
    var skipped = 0
    var differenceSum = 0.0, derivedSum = 0.0, numericSum = 0.0
    let center = try lossValue(loss, parameter, value, .element(0, of: start), 0)
    func compare(_ direction: Direction) throws(NetcError) {
      let analytic = zip(direction.indices, direction.weights)
        .reduce(0.0) { $0 + gradient[$1.0] * $1.1 }
      let slope = try CentralDifference.slope(center: center, length: direction.length) {
        (step) throws(NetcError) in
        try lossValue(loss, parameter, value, direction, step)
      }
      guard let numeric = slope else {
        skipped += 1
        return
      }
      compared += 1
      differenceSum += (analytic - numeric) * (analytic - numeric)
      derivedSum += analytic * analytic
      numericSum += numeric * numeric
    }
    if start.count <= directionCount {
      for index in start.indices { try compare(.element(index, of: start)) }
    } else {
      for index in sampled(start.count, generator) {
        try compare(.element(index, of: start))
      }
      // A direction that meets a kink is replaced by another, as often as they are compared.
      var number = 0
      while compared < directionCount, number < 2 * directionCount {
        try compare(.random(number, start, generator))
        number += 1
      }
    }
    try session.load(parameter, value)
    return GradientCheckRow(
      loss: loss, parameter: parameter, elements: start.count, compared: compared,
      skipped: skipped, difference: differenceSum.squareRoot(),
      scale: max(derivedSum, numericSum).squareRoot())
  }

  /// Some different places among `count`, in order: a third of the directions.
  private func sampled(_ count: Int, _ generator: Philox) -> [Int] {
    let draws = generator.uniforms(count: directionCount / 3, step: 1 << 32, offset: 0)
    return Set(draws.map { min(count - 1, Int(Double($0) * Double(count))) }).sorted()
  }

  /// The loss with a parameter moved along a direction.
  private func lossValue(
    _ loss: String, _ parameter: String, _ value: Tensor, _ direction: Direction, _ step: Double
  ) throws(NetcError) -> Double {
    var numbers = value.doubles
    for (index, weight) in zip(direction.indices, direction.weights) {
      numbers[index] += step * weight
    }
    guard let tensor = Tensor(shape: value.shape, .double(numbers)) else { return .nan }
    try session.load(parameter, tensor)
    return try Self.run(losses, session, batch, inputs)[.loss, loss]?.doubles.first ?? .nan
  }

  private static func run(
    _ plans: PlanCache, _ session: ModelSession, _ batch: Int, _ inputs: [String: Tensor]
  ) throws(NetcError) -> RunOutputs {
    do { return try session.executor.runOnce(plans, batch: batch, inputs: inputs) } catch {
      throw .feed(error.message)
    }
  }
}

/// A direction to move a parameter in: some of its elements with weights, and what a step is
/// relative to.
private struct Direction {
  let indices: [Int]
  let weights: [Double]
  let length: Double

  /// One element.
  static func element(_ index: Int, of start: [Double]) -> Direction {
    Direction(indices: [index], weights: [1], length: max(1, abs(start[index])))
  }

  /// A direction of unit length through all elements.
  static func random(_ number: Int, _ start: [Double], _ generator: Philox) -> Direction {
    let draws = generator.uniforms(count: start.count, step: UInt64(number), offset: 0)
    let weights = draws.map { Double($0) - 0.5 }
    let length = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let mean = start.reduce(0) { $0 + $1 * $1 } / Double(start.count)
    return Direction(
      indices: Array(start.indices), weights: weights.map { $0 / length },
      length: max(1, mean.squareRoot()))
  }
}
