import Foundation
import NetcCore

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

  /// As JSON with members in a fixed order.
  var json: JSONText {
    .object([
      "step": .integer(step), "epoch": .integer(epoch), "position": .integer(position),
      "best": best.map(JSONText.number) ?? .null, "best_epoch": .integer(bestEpoch),
      "reports_since_best": .integer(reportsSinceBest), "kept_epoch": .integer(keptEpoch),
      "kept_train": SavedProgress.json(keptTrain), "kept_validation": SavedProgress.json(keptValidation),
    ])
  }

  /// What `json` wrote; nil when it is something else.
  init?(parsing text: String) {
    guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)),
      let members = object as? [String: Any]
    else { return nil }
    func whole(_ name: String) -> Int? { (members[name] as? NSNumber).map(\.intValue) }
    guard let step = whole("step"), let epoch = whole("epoch"), let position = whole("position"),
      step >= 0, epoch >= 0, position >= 0
    else { return nil }
    self.step = step
    self.epoch = epoch
    self.position = position
    best = (members["best"] as? NSNumber).map(\.doubleValue)
    bestEpoch = whole("best_epoch") ?? 0
    reportsSinceBest = whole("reports_since_best") ?? 0
    keptEpoch = whole("kept_epoch") ?? 0
    keptTrain = SavedProgress.figures(members["kept_train"])
    keptValidation = SavedProgress.figures(members["kept_validation"])
  }

  init(
    step: Int, epoch: Int, position: Int, best: Double?, bestEpoch: Int, reportsSinceBest: Int,
    keptEpoch: Int, keptTrain: [Figure], keptValidation: [Figure]
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
  }

  /// A list keeps the figures' order, which an object would lose on reading.
  private static func json(_ figures: [Figure]) -> JSONText {
    .array(figures.map { .array([.string($0.name), .number($0.value)]) })
  }

  private static func figures(_ value: Any?) -> [Figure] {
    (value as? [[Any]] ?? []).compactMap { pair in
      guard pair.count == 2, let name = pair[0] as? String else { return nil }
      return Figure(name: name, value: (pair[1] as? NSNumber).map(\.doubleValue) ?? .nan)
    }
  }
}
