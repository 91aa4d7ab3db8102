import NetcCore
import NetcKit

/// The JSON lines of a training run.
enum TrainingJSON {
  /// `{"event":"epoch",…}`
  static func epoch(_ report: EpochReport) -> JSONText {
    var members: [JSONText.Member] = [
      .init("event", .string("epoch")), .init("epoch", .integer(report.epoch)),
      .init("step", .integer(report.step)), .init("train", figures(report.train)),
    ]
    if !report.validation.isEmpty {
      members.append(.init("validation", figures(report.validation)))
    }
    if let rate = report.learningRate { members.append(.init("learning_rate", .number(rate))) }
    members.append(.init("examples_per_second", .number(report.examplesPerSecond.rounded())))
    return .object(members)
  }

  /// `{"event":"end",…}` for the parameters kept.
  static func end(_ result: TrainingResult, saved: String?) -> JSONText {
    var members: [JSONText.Member] = [
      .init("event", .string("end")), .init("reason", .string(reason(result.reason))),
      .init("best_epoch", .integer(result.bestEpoch)), .init("train", figures(result.train)),
    ]
    if !result.validation.isEmpty {
      members.append(.init("validation", figures(result.validation)))
    }
    if case .diverged(let divergence) = result.reason {
      members.append(.init("step", .integer(divergence.step)))
      members.append(.init("operation", .string(divergence.operation)))
      if let location = divergence.location { members.append(.init("source", .string(location))) }
    }
    members.append(.init("saved", saved.map(JSONText.string) ?? .null))
    return .object(members)
  }

  /// `{"loss":0.5,"accuracy":0.9,"recall":[0.8,1]}`
  static func figures(_ figures: [Figure]) -> JSONText {
    .object(figures.map { JSONText.Member($0.name, FigureText.json($0)) })
  }

  private static func reason(_ reason: TrainingResult.Reason) -> String {
    switch reason {
    case .finished: "finished"
    case .patience: "patience"
    case .stopped: "stopped"
    case .diverged: "diverged"
    }
  }
}
