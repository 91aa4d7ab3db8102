import Foundation
import NetcCore
import NetcKit
import Testing

@Suite struct SavedModelTests {
  private let text = SmallPrograms.curve(
    "validation: 0.25, epochs: 3, batch: 2, seed: 2, patience: 2")

  private func trained() throws -> TrainedModel {
    try Trainer(model(text), options: .alone).train()
  }

  @Test func `reads back what it wrote`() throws {
    let folder = try TemporaryFolder()
    let saved = try trained().saved
    try saved.write(to: folder.file("a"))
    let read = try SavedModel(contentsOf: folder.file("a"))
    try read.write(to: folder.file("b"))
    #expect(folder.bytes("a") == folder.bytes("b"))
    #expect(read.seed == 2)
    #expect(read["dense_1.weight"] == saved["dense_1.weight"])
    #expect(read["nothing"] == nil)
  }

  @Test func `a parameter that is missing is named with a near one`() throws {
    let other = try model(text.replacing("dense(1)", with: "dense(1, bias: false)"))
    let saved = try Trainer(other, options: .alone).train().saved
    let error = #expect(throws: NetcError.self) {
      try Evaluator(model(text), saved: saved, options: .alone).evaluate(.all)
    }
    guard case .checkpoint(_, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason == "holds no `dense_2.bias`; did you mean its `dense_1.bias`?")
  }

  @Test func `a parameter of another shape is refused with both shapes`() throws {
    let saved = try trained().saved
    let wide = try model(text, settings: [.init(name: "hidden", expression: "5")])
    let error = #expect(throws: NetcError.self) {
      try Evaluator(wide, saved: saved, options: .alone).evaluate(.all)
    }
    #expect(
      error?.description
        == "the saved model: `dense_1.weight` is [2, 4] in the file, [2, 5] in the program")
    let session = try TrainingSession(wide, options: .alone)
    let before = session["dense_1.weight"]
    #expect(throws: NetcError.self) { try session.load(saved) }
    #expect(session["dense_1.weight"] == before)
  }

  @Test func `resuming from a file without a run is refused`() throws {
    let folder = try TemporaryFolder()
    try TrainingSession(model(text), options: .alone).saved.write(to: folder.file("fresh"))
    var options = RunOptions.alone
    options.resume = folder.file("fresh")
    let error = #expect(throws: NetcError.self) {
      try Trainer(model(text), options: options).train()
    }
    #expect(error?.description.hasSuffix("holds no progress of a run to continue") == true)
  }

  @Test func `a file that cannot be written is an error and leaves the earlier one`() throws {
    let saved = try trained().saved
    let error = #expect(throws: NetcError.self) { try saved.write(to: "/no/such/folder/file") }
    guard case .file(let path, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(path == "/no/such/folder/file")
  }

  /// Every place of the file in turn cut off or changed: an error, or numbers, but never the end of
  /// the process.
  @Test func `hostile bytes never trap`() throws {
    let folder = try TemporaryFolder()
    try trained().saved.write(to: folder.file("good"))
    let good = try #require(folder.bytes("good"))
    let compiled = try model(text)
    var generator = Philox(seed: 5, site: "hostile").uniforms(count: 4096, step: 0, offset: 0)[...]
    func draw(_ limit: Int) -> Int {
      Int(generator.popFirst().map { Double($0) * Double(limit) } ?? 0)
    }
    #if DEBUG
      let rounds = 40
    #else
      let rounds = 400
    #endif
    var refused = 0
    for round in 0..<rounds {
      var bytes = good
      if round % 4 == 0 {
        bytes = bytes.prefix(draw(bytes.count))
      } else {
        for _ in 0..<3 {
          bytes[draw(round % 4 == 1 ? bytes.count : min(900, bytes.count))] = UInt8(draw(256))
        }
      }
      try bytes.write(to: URL(fileURLWithPath: folder.file("bad")))
      var options = RunOptions.alone
      options.resume = folder.file("bad")
      options.epochs = 4
      do throws(NetcError) {
        let saved = try SavedModel(contentsOf: folder.file("bad"))
        _ = try Evaluator(compiled, saved: saved, options: .alone).evaluate(.all)
        _ = try Trainer(compiled, options: options).train()
      } catch {
        refused += 1
      }
    }
    #expect(refused > rounds / 3)
  }

  @Test(arguments: [
    "{\"step\":9223372036854775807,\"epoch\":0,\"position\":0}",
    "{\"step\":0,\"epoch\":9223372036854775807,\"position\":9223372036854775807}",
    "{\"step\":-1,\"epoch\":0,\"position\":0}", "{\"step\":1e300,\"epoch\":0,\"position\":0}",
    "[]", "", "{",
    "{\"step\":1,\"epoch\":0,\"position\":0,\"best\":0.5,\"reports_since_best\":9223372036854775807}",
    "{\"step\":1,\"epoch\":0,\"position\":3,\"partial\":{\"examples\":1,\"steps\":1,\"values\":[1,2,3,4,5]}}",
    "{\"step\":1,\"epoch\":1099511627776,\"position\":1099511627776}",
  ])
  func `hostile progress never traps`(progress: String) throws {
    let folder = try TemporaryFolder()
    try trained().saved.write(to: folder.file("good"))
    let bytes = try #require(folder.bytes("good"))
    let file = try SafetensorsBytes(bytes).replacingMetadata("progress", with: progress)
    try file.write(to: URL(fileURLWithPath: folder.file("bad")))
    var options = RunOptions.alone
    options.resume = folder.file("bad")
    let compiled = try model(text)
    do throws(NetcError) { _ = try Trainer(compiled, options: options).train() } catch {
      #expect(error.description.contains("bad"))
    }
  }
}
