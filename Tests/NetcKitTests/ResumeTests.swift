import Foundation
import NetcCore
import NetcKit
import Testing

/// A run that is interrupted and continued leaves the same bytes as one that never stopped.
@Suite struct ResumeTests {
  /// Trains and saves as `name`; returns the figures kept.
  @discardableResult
  private func run(
    _ text: String, in folder: TemporaryFolder, saving name: String,
    resuming earlier: String? = nil,
    epochs: Int? = nil, steps: Int? = nil, seed: UInt64? = nil, stopAfterSteps: Int? = nil
  ) throws -> TrainedModel {
    var options = RunOptions.alone
    options.epochs = epochs
    options.steps = steps
    options.seed = seed
    options.progressInterval = 0
    options.resume = earlier.map(folder.file)
    let stop = StopSwitch()
    let trained = try Trainer(model(text), options: options).train(stop: stop) { event in
      if case .progress(let progress) = event, let limit = stopAfterSteps, progress.step >= limit {
        stop.stop()
      }
    }
    try trained.saved.write(to: folder.file(name))
    return trained
  }

  private func expectSame(_ folder: TemporaryFolder, _ a: String, _ b: String) throws {
    let first = try #require(folder.bytes(a))
    let second = try #require(folder.bytes(b))
    #expect(first == second, "\(a) and \(b) differ")
  }

  @Test(arguments: [
    "epochs: 10, batch: 3, seed: 3", "validation: 0.25, epochs: 10, batch: 4, seed: 3",
    "epochs: 10, batch: 5, seed: 1, last_batch: drop", "epochs: 10, batch: all",
    "epochs: 10, batch: 4, shuffle: false",
  ])
  func `ten epochs are five and five`(train: String) throws {
    let folder = try TemporaryFolder()
    let text = SmallPrograms.curve(train)
    try run(text, in: folder, saving: "ten")
    try run(text, in: folder, saving: "five", epochs: 5)
    try run(text, in: folder, saving: "resumed", resuming: "five")
    try expectSame(folder, "ten", "resumed")
    #expect(folder.bytes("five") != folder.bytes("ten"))
  }

  @Test(arguments: 1...12)
  func `with patience, wherever it was cut`(cut: Int) throws {
    let folder = try TemporaryFolder()
    let text = SmallPrograms.curve("validation: 0.25, epochs: 14, batch: 2, seed: 2, patience: 4")
    let whole = try run(text, in: folder, saving: "whole")
    try run(text, in: folder, saving: "part", epochs: cut)
    try run(text, in: folder, saving: "resumed", resuming: "part")
    try expectSame(folder, "whole", "resumed")
    #expect(whole.result.bestEpoch < whole.result.epoch, "the best epoch must not be the last")
  }

  @Test func `kept parameters are those of the best epoch`() throws {
    let folder = try TemporaryFolder()
    let text = SmallPrograms.curve("validation: 0.25, epochs: 14, batch: 2, seed: 2, patience: 4")
    let whole = try run(text, in: folder, saving: "whole")
    let best = try run(text, in: folder, saving: "best", epochs: whole.result.bestEpoch)
    for parameter in whole.model.parameters {
      #expect(whole.saved[parameter.name] == best.saved[parameter.name])
    }
    let evaluated = try Evaluator(whole.model, saved: whole.saved, options: .alone).evaluate(
      .validation)
    #expect(evaluated.figures == whole.result.validation)
    #expect(evaluated.examples == 3)
  }

  @Test(arguments: [1, 7, 20, 30])
  func `steps in place of epochs`(cut: Int) throws {
    let folder = try TemporaryFolder()
    let text = SmallPrograms.curve("steps: 40, batch: 5, seed: 3")
    try run(text, in: folder, saving: "whole")
    try run(text, in: folder, saving: "part", steps: cut)
    try run(text, in: folder, saving: "resumed", resuming: "part")
    let whole = try SavedModel(contentsOf: folder.file("whole"))
    let resumed = try SavedModel(contentsOf: folder.file("resumed"))
    for tensor in try model(text).parameters + model(text).states {
      #expect(whole[tensor.name] == resumed[tensor.name], "\(tensor.name)")
    }
    if cut % 4 == 0 { try expectSame(folder, "whole", "resumed") }
  }

  @Test(arguments: [
    (train: "epochs: 6, batch: 2, seed: 3", steps: [1, 8, 12, 33]),
    (train: "validation: 0.25, epochs: 12, batch: 2, seed: 2, patience: 3", steps: [2, 7, 11, 14]),
    (train: "steps: 60, batch: 5, seed: 3", steps: [2, 9, 31, 59]),
  ])
  func `stopped in the middle of an epoch`(train: String, steps: [Int]) throws {
    let folder = try TemporaryFolder()
    let text = SmallPrograms.curve(train)
    try run(text, in: folder, saving: "whole")
    for step in steps {
      let part = try run(text, in: folder, saving: "part", stopAfterSteps: step)
      #expect(part.result.reason == .stopped)
      try run(text, in: folder, saving: "resumed", resuming: "part")
      try expectSame(folder, "whole", "resumed")
    }
  }

  @Test func `the seed of the run is continued, not the file's`() throws {
    let folder = try TemporaryFolder()
    let text = SmallPrograms.curve("validation: 0.25, epochs: 6, batch: 2, seed: 3")
    let whole = try run(text, in: folder, saving: "whole", seed: 8)
    try run(text, in: folder, saving: "part", epochs: 3, seed: 8)
    try run(text, in: folder, saving: "resumed", resuming: "part")
    try expectSame(folder, "whole", "resumed")
    let evaluated = try Evaluator(whole.model, saved: whole.saved, options: .alone).evaluate(
      .validation)
    #expect(evaluated.figures == whole.result.validation)
  }

  @Test func `a finished run has nothing left to do`() throws {
    let folder = try TemporaryFolder()
    let text = SmallPrograms.curve("epochs: 4, batch: 3, seed: 3")
    try run(text, in: folder, saving: "whole")
    let again = try run(text, in: folder, saving: "again", resuming: "whole")
    #expect(again.result.step == 16)
    try expectSame(folder, "whole", "again")
  }
}
