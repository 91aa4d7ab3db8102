import NetcCore
import NetcRuntime

/// Where a run is: enough, with parameters and states, to continue it as if it had never stopped.
struct SavedProgress: Hashable, Sendable {
  /// Completed updates.
  var step: Int
  /// Epochs begun before the present one, and its examples already taken.
  var epoch: Int
  var position: Int
  /// Early stopping: the best figure, its epoch, and reports since.
  var best: Double?
  var bestEpoch: Int
  var reportsSinceBest: Int
  /// The epoch whose parameters are kept, with its figures.
  var keptEpoch: Int
  var keptTrain: [Figure]
  var keptValidation: [Figure]
  /// What a report that was stopped in the middle had added up.
  var partial: Figures.Sums?

  /// No run takes as many steps or epochs; sums and products of them stay within Int.
  private static let largest = 1 << 40

  /// As JSON with members in a fixed order.
  var json: JSONText {
    let sums: JSONText =
      partial.map { sums in
        .object([
          "examples": .integer(sums.examples), "steps": .integer(sums.steps),
          "values": .array(sums.values.map(JSONText.number)),
        ])
      } ?? .null
    return .object([
      "step": .integer(step), "epoch": .integer(epoch), "position": .integer(position),
      "best": best.map(JSONText.number) ?? .null, "best_epoch": .integer(bestEpoch),
      "reports_since_best": .integer(reportsSinceBest), "kept_epoch": .integer(keptEpoch),
      "kept_train": SavedProgress.json(keptTrain),
      "kept_validation": SavedProgress.json(keptValidation),
      "partial": sums,
    ])
  }

  /// What `json` wrote; nil when it is something else.
  init?(parsing text: String) {
    guard let object = JSONText(parsing: text) else { return nil }
    func count(_ name: String) -> Int? {
      object[name]?.integer.flatMap { (0...SavedProgress.largest).contains($0) ? $0 : nil }
    }
    guard let step = count("step"), let epoch = count("epoch"), let position = count("position")
    else { return nil }
    self.step = step
    self.epoch = epoch
    self.position = position
    best = object["best"]?.double
    bestEpoch = count("best_epoch") ?? 0
    reportsSinceBest = count("reports_since_best") ?? 0
    keptEpoch = count("kept_epoch") ?? 0
    keptTrain = SavedProgress.figures(object["kept_train"])
    keptValidation = SavedProgress.figures(object["kept_validation"])
    partial = object["partial"].flatMap(SavedProgress.sums)
  }

  init(
    step: Int, epoch: Int, position: Int, best: Double?, bestEpoch: Int, reportsSinceBest: Int,
    keptEpoch: Int, keptTrain: [Figure], keptValidation: [Figure], partial: Figures.Sums?
  ) {
    self.step = step
    self.epoch = epoch
    self.position = position
    self.best = best
    self.bestEpoch = bestEpoch
    self.reportsSinceBest = reportsSinceBest
    self.keptEpoch = keptEpoch
    self.keptTrain = keptTrain
    self.keptValidation = keptValidation
    self.partial = partial
  }

  private static func sums(_ value: JSONText) -> Figures.Sums? {
    guard let examples = value["examples"]?.integer, (0...largest).contains(examples),
      let steps = value["steps"]?.integer, (0...largest).contains(steps),
      let values = value["values"]?.elements?.compactMap(\.double)
    else { return nil }
    return Figures.Sums(examples: examples, steps: steps, values: values)
  }

  /// A list keeps the figures' order, which readers of objects may lose.
  private static func json(_ figures: [Figure]) -> JSONText {
    .array(
      figures.map { figure in
        .array([
          .string(figure.name), .array(figure.shape.map(JSONText.integer)),
          .array(figure.values.map(JSONText.number)),
        ])
      })
  }

  private static func figures(_ value: JSONText?) -> [Figure] {
    (value?.elements ?? []).compactMap { pair in
      guard let parts = pair.elements, parts.count == 3, let name = parts[0].string,
        let shape = parts[1].elements?.compactMap(\.integer),
        let values = parts[2].elements?.map({ $0.double ?? .nan }),
        let tensor = Tensor(shape: shape, .double(values))
      else { return nil }
      return Figure(name: name, tensor: tensor)
    }
  }
}
