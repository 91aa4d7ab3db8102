import Foundation
import NetcCore
import NetcKit
import Testing

/// Programs with each sort of data train, evaluate, predict and print themselves again.
@Suite struct DataReaderTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("netc-readers-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func write(_ name: String, _ bytes: some Sequence<UInt8>) throws {
    try Data(Array(bytes)).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  private func compiled(_ text: String) throws -> CompiledModel {
    let compilation = Compiler().compile(text, name: "test.net", directory: folder)
    #expect(compilation.diagnostics.isEmpty, "\(compilation.renderedDiagnostics())")
    return try compilation.get()
  }

  /// Trains, evaluates and predicts, then does the same with the program that `--format net`
  /// prints.
  @discardableResult
  private func run(_ text: String, _ lines: [String]) throws -> TrainedModel {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try compiled(text)
    let trained = try Trainer(model).train()
    let evaluator = Evaluator(model, saved: trained.saved)
    #expect(try evaluator.evaluate(.validation).figures == trained.result.validation)
    var dump = GradientDump()
    dump.format = .net
    let printed = try model.gradientText(dump)
    for line in lines { #expect(printed.contains(line), "\(printed)") }
    let again = try Trainer(compiled(printed)).train()
    #expect(again.result.validation.map(\.name) == trained.result.validation.map(\.name))
    // Functions with kernels of their own round otherwise than their text.
    for (one, other) in zip(again.result.validation, trained.result.validation) {
      #expect(abs(one.value - other.value) <= 1e-4 * max(1, abs(one.value)), "\(one) \(other)")
    }
    return trained
  }

  @Test func `arrays are standardised number by number`() throws {
    try write("x", [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2] + [0, 9, 2, 9, 4, 9, 6, 9])
    try write("t", [0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3, 4])
    let trained = try run(
      """
      input x: float[batch, 1, 1, 2]
      input t: float[batch]
      let y = x |> flatten |> dense(1) |> squeeze(axis: 1)
      loss mse(y, t)
      metric mae(y, t)
      optimizer sgd(lr: 0.1)
      data d = idx(x: "x", t: "t", scale: 0.5, standardize: true)
      train(d, validation: d, epochs: 2, batch: 4)
      """, ["standardize: true"])
    #expect(trained.saved["x.mean"]?.doubles == [1.5, 4.5])
    #expect(trained.saved["x.deviation"]?.doubles.last == 1)
    #expect(trained.saved["t.mean"] == nil)
  }

  @Test func `images of bytes train as floats do`() throws {
    try write(
      "x", [0, 0, 8, 3, 0, 0, 0, 8, 0, 0, 0, 2, 0, 0, 0, 2] + (0..<32).map { UInt8($0 * 8) })
    try write("y", [0, 0, 8, 1, 0, 0, 0, 8, 0, 0, 0, 0, 1, 1, 1, 1])
    let trained = try run(
      """
      input x: float[batch, 1, 2, 2]
      input y: class(2)[batch]
      let h = x |> flatten |> dense(2)
      loss cross_entropy(h, y)
      metric accuracy(h, y)
      optimizer sgd(lr: 0.5)
      output kind = argmax(h, axis: 1)
      data d = idx(x: "x", y: "y", scale: 1/255)
      train(d, validation: d, epochs: 60, batch: 4)
      """,
      ["data d = idx(x: \"x\", y: \"y\", scale: 0.00392156862745098)"])
    #expect(trained.result.validation["accuracy"] == 1)
    let evaluator = Evaluator(trained.model, saved: trained.saved)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try write(
      "new", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 250, 250, 250, 250, 0, 0, 0, 0])
    let kinds = try evaluator.predict(path: "\(folder)/new").first?.tensor
    #expect(kinds?.doubles == [1, 0])
  }

  @Test func `a text trains on windows that are drawn`() throws {
    let text = String(repeating: "hello world\n", count: 40)
    try write("t.txt", text.utf8)
    let trained = try run(
      """
      input now: class(9)[batch, 4]
      input next: class(9)[batch, 4]
      param table: float[9, 9] = zeros()
      let h = gather(table, now, axis: 0)
      loss cross_entropy(h, next)
      optimizer sgd(lr: 5)
      output h
      data d = text("t.txt", now: window(4), next: shifted(1))
      train(d, validation: 0.2, steps: 60, batch: 8, seed: 3)
      """,
      ["data d = text(\"t.txt\", now: window(4), next: shifted(1))", "validation: 0.2"])
    #expect(try #require(trained.result.validation["loss"]) < 0.6)
    #expect(trained.saved.classNames["now"]?.joined() == "\n dehlorw")
    let evaluator = Evaluator(trained.model, saved: trained.saved)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try write("new", "low wheel".utf8)
    let scores = try #require(try evaluator.predict(path: "\(folder)/new").first?.tensor)
    #expect(scores.shape == [2, 4, 9])
    let afterH = scores.doubles[5 * 9..<6 * 9]
    #expect(afterH.firstIndex(of: afterH.max() ?? 0) == afterH.startIndex + 3)
  }

  @Test func `windows of a series tell its next value`() throws {
    let rows = (0..<60).map { "\(Double(($0 * $0) % 7) / 7)\n" }
    try write("series.csv", ("v\n" + rows.joined()).utf8)
    let trained = try run(
      """
      input past: float[batch, 7]
      input next: float[batch]
      let p = past |> dense(1) |> squeeze(-1)
      loss mse(p, next)
      optimizer adam(lr: 0.03)
      metric rmse(p, next)
      output p
      data d = csv("series.csv", past: column("v"), next: column("v"), window: 7)
      train(d, validation: 0.25, epochs: 100, batch: 8, seed: 3)
      """,
      ["data d = csv(\"series.csv\", past: column(\"v\"), next: column(\"v\"), window: 7)"])
    #expect(try #require(trained.result.validation["rmse"]) < 0.02)
    let evaluator = Evaluator(trained.model, saved: trained.saved)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try write("series.csv", ("v\n" + rows.joined()).utf8)
    #expect(try evaluator.evaluate(.validation).examples == 8)
    #expect(try evaluator.evaluate(.training).examples == 38)
    try write("new", ("v\n" + rows[..<8].joined()).utf8)
    let told = try #require(try evaluator.predict(path: "\(folder)/new").first?.tensor)
    #expect(told.shape == [2] && abs(told.doubles[1] - 1.0 / 7) < 0.05, "\(told)")
  }

  @Test func `pixels and folders of images feed a program`() throws {
    for (kind, grey) in [("dark", 20), ("light", 200)] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(kind)", withIntermediateDirectories: true)
      for place in 0..<4 {
        try write("\(kind)/\(place).pgm", "P2 2 2 255 \(grey) \(grey + place) 9 \(grey)".utf8)
      }
    }
    let trained = try run(
      """
      input x: float[batch, 1, 2, 2]
      input y: class(2)[batch]
      let h = x |> flatten |> dense(2)
      loss cross_entropy(h, y)
      metric accuracy(h, y)
      optimizer sgd(lr: 1)
      data d = images(".", x: pixels(), y: folder(), scale: 1/255)
      train(d, validation: d, epochs: 100, batch: 4)
      """,
      ["data d = images(\".\", x: pixels(), y: folder(), scale: 0.00392156862745098)"])
    #expect(trained.result.validation["accuracy"] == 1)
    #expect(trained.saved.classNames["y"] == ["dark", "light"])
  }

  @Test func `a column tells training from validation, classes weigh alike`() throws {
    let rows = (0..<24).map { row in
      let kind = row % 6 == 0 ? 1 : 0
      return
        "\(Double(kind) + Double(row % 3) / 10),\(kind),\(["train", "train", "validation", "test"][row / 6])\n"
    }
    let half = rows.count / 2
    try write("a.csv", ("x,y,part\n" + rows[..<half].joined()).utf8)
    try write("b.csv", ("x,y,part\n" + rows[half...].joined()).utf8)
    let trained = try run(
      """
      input x: float[batch, 1]
      input y: class(2)[batch]
      input w: float[batch]
      let h = x |> dense(2)
      loss mean(w * cross_entropy(h, y, reduction: none))
      metric accuracy(h, y)
      metric weight = mean(w)
      optimizer sgd(lr: 1)
      data d = csv(["a.csv", "b.csv"], x: columns("x"), y: column("y"), w: class_weight(y))
      train(d, validation: column("part"), epochs: 100, batch: 4)
      """,
      [
        "data d = csv([\"a.csv\", \"b.csv\"], x: columns(\"x\"), y: column(\"y\"), w: class_weight(y))",
        "validation: column(\"part\")",
      ])
    #expect(trained.result.validation["accuracy"] == 1)
    let weight = try #require(trained.result.validation["weight"])
    #expect(abs(weight - 1) < 1e-6)
  }

  @Test func `sequences of a long table feed a program`() throws {
    let rows = (0..<8).flatMap { series in
      (0...series % 3).map { "\(series),\($0),\(series + $0),\(series)\n" }
    }
    try write("s.csv", ("id,t,v,y\n" + rows.joined()).utf8)
    try run(
      """
      input x: float[batch, 3]
      input m: float[batch, 3]
      input y: float[batch]
      param a: float[] = 0.5
      loss mse(a * sum(x * m, axis: 1) / sum(m, axis: 1), y)
      optimizer sgd(lr: 0.001)
      data d = csv("s.csv", id: "id", order: "t", x: column("v"), m: mask(), y: column("y"))
      train(d, validation: 0.5, epochs: 2, batch: 4)
      """,
      ["x: column(\"v\"), m: mask(), y: column(\"y\"), id: \"id\", order: \"t\")"])
  }
}
