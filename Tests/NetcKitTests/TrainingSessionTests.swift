import NetcCore
import NetcKit
import Testing

@Suite struct TrainingSessionTests {
  private func session() throws -> TrainingSession {
    try TrainingSession(model(SmallPrograms.classes), seed: 4, options: .alone)
  }

  private let rows: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0]

  @Test func `steps lower the loss of the batch they see`() throws {
    let session = try session()
    let batch = [
      "x": try Tensor.reals([4, 3], rows), "k": try Tensor.integers([4], [0, 1, 2, 0]),
    ]
    let first = try #require(try session.step(batch)["loss"])
    for _ in 0..<50 { _ = try session.step(batch) }
    let last = try #require(try session.evaluate(batch)["loss"])
    #expect(last < first && last.isFinite)
    #expect(session.stepCount == 51)
    let logits = try session.predict(["x": Tensor.reals([1, 3], [0, 1, 0])])
    #expect(logits.map(\.name) == ["logits"])
    #expect(logits[0].tensor.shape == [1, 3])
  }

  @Test func `sessions with one seed are equal, also in numbers saved and loaded`() throws {
    let batch = [
      "x": try Tensor.reals([4, 3], rows), "k": try Tensor.integers([4], [0, 1, 2, 0]),
    ]
    let first = try session()
    let second = try session()
    _ = try first.step(batch)
    _ = try second.step(batch)
    #expect(first["W"] == second["W"])
    let third = try TrainingSession(model(SmallPrograms.classes), seed: 9, options: .alone)
    #expect(third["W"] != first["W"])
    try third.load(first.saved)
    #expect(third["W"] == first["W"])
  }

  @Test func `what does not fit is said, never run`() throws {
    let session = try session()
    let x = try Tensor.reals([4, 3], rows)
    let k = try Tensor.integers([4], [0, 1, 2, 0])
    let before = session["W"]
    func message(_ inputs: [String: Tensor]) -> String? {
      let error = #expect(throws: NetcError.self) { _ = try session.step(inputs) }
      return error?.description
    }
    #expect(message(["x": x]) == "input `k` is missing")
    #expect(
      message(["x": x, "k": k, "kk": k]) == "the program has no input `kk`; did you mean `k`?")
    #expect(
      message(["x": x, "k": try .integers([4], [0, 1, 3, 0])])
        == "input `k` holds class 3, outside class(3), which takes 0 to 2")
    #expect(
      message(["x": x, "k": try .integers([4], [0, -1, 2, 0])])
        == "input `k` holds class -1, outside class(3), which takes 0 to 2")
    #expect(
      message(["x": x, "k": try .reals([4], [0, 1, 2, 0])])
        == "input `k` is int[batch], found float[4]")
    #expect(
      message(["x": try .reals([3, 4], rows), "k": k]) == "input `x` is [batch, 3], found [3, 4]")
    #expect(
      message(["x": try .reals([12], rows), "k": k]) == "input `x` is [batch, 3], found [12]")
    #expect(
      message(["x": x, "k": try .integers([3], [0, 1, 2])]) == "input `k` is [batch], found [3]")
    #expect(
      message(["x": try .reals([0, 3], []), "k": try .integers([0], [])]) == "there are no examples"
    )
    #expect(session["W"] == before)
    #expect(throws: NetcError.self) { try session.set("W", to: k) }
    #expect(throws: NetcError.self) { try session.set("V", to: x) }
    #expect(throws: NetcError.self) { _ = try session.predict(["x": x], outputs: ["logit"]) }
  }

  @Test func `a step that is not finite is not taken`() throws {
    let session = try session()
    let before = session["W"]
    let error = #expect(throws: NetcError.self) {
      _ = try session.step([
        "x": try .reals([1, 3], [.infinity, 0, 0]), "k": try .integers([1], [0]),
      ])
    }
    #expect(error?.description.hasPrefix("step 0: ") == true)
    #expect(session["W"] == before)
    #expect(session.stepCount == 0)
  }

  @Test func `an ignored label may be fed`() throws {
    let text = SmallPrograms.classes.replacing("class(3)", with: "class(3, ignore: 255)")
    let session = try TrainingSession(model(text), options: .alone)
    let figures = try session.step([
      "x": try .reals([2, 3], [1, 0, 0, 0, 1, 0]), "k": try .integers([2], [0, 255]),
    ])
    #expect(figures["loss"]?.isFinite == true)
  }

  @Test func `programs without data or loss say so`() throws {
    let classes = try model(SmallPrograms.classes)
    #expect(throws: NetcError.self) { _ = try Trainer(classes, options: .alone).train() }
    let plain = try model("input x: float[batch]\nparam w: float = 2\noutput y = w * x\n")
    #expect(throws: NetcError.self) { _ = try Trainer(plain, options: .alone).train() }
    #expect(throws: NetcError.self) { _ = try plain.gradientText() }
    let session = try TrainingSession(plain, options: .alone)
    #expect(throws: NetcError.self) { _ = try session.step(["x": try .reals([1], [1])]) }
    #expect(try session.predict(["x": .reals([2], [1, 3])])[0].tensor.doubles == [2, 6])
  }

  @Test func `predictions follow the parameters, whatever sizes were asked for before`() throws {
    let plain = try model(
      "input x: float[batch]\nparam w: float = 2\noutput y = w * x\noutput z = w + x\n")
    let session = try TrainingSession(plain, options: .alone)
    func outputs(_ x: [Float], _ names: [String] = []) throws -> [[Double]] {
      try session.predict(["x": .reals([x.count], x)], outputs: names).map(\.tensor.doubles)
    }
    #expect(try outputs([1, 3]) == [[2, 6], [3, 5]])
    #expect(try outputs([5]) == [[10], [7]])
    try session.set("w", to: .reals([], [4]))
    #expect(try outputs([5]) == [[20], [9]])
    #expect(try outputs([1, 3], ["z"]) == [[5, 7]])
    #expect(try outputs([2, 1]) == [[8, 4], [6, 5]])
    #expect(throws: NetcError.self) { _ = try outputs([]) }
    #expect(try outputs([1], ["y"]) == [[4]])
  }
}
