import Foundation
import NetcCore
import Testing

/// Training, evaluation and prediction by the commands.
@Suite struct RunTests {
  private func object(_ line: String) throws -> [String: Any] {
    let parsed = try JSONSerialization.jsonObject(with: Data(line.utf8))
    return try #require(parsed as? [String: Any])
  }

  private func figures(_ object: [String: Any], _ name: String) throws -> [String: Double] {
    try #require(object[name] as? [String: Double])
  }

  @Test func `JSON lines hold an object an epoch and one for the end`() throws {
    let folder = try Programs.folder()
    let run = try Netc.run("run", "points.net", "--json", "--threads", "1", in: folder)
    #expect(run.status == 0 && run.errors.isEmpty)
    let objects = try run.lines.map(object)
    #expect(objects.count == 4)
    for (number, epoch) in objects.dropLast().enumerated() {
      #expect(epoch["event"] as? String == "epoch")
      #expect(epoch["epoch"] as? Int == number + 1)
      #expect(epoch["step"] as? Int == 3 * (number + 1))
      #expect(epoch["learning_rate"] as? Double == 0.05)
      #expect((epoch["examples_per_second"] as? Double ?? -1) >= 0)
      #expect(try figures(epoch, "train").keys.sorted() == ["loss"])
      #expect(try figures(epoch, "validation").keys.sorted() == ["accuracy", "loss"])
    }
    let end = try #require(objects.last)
    #expect(end["event"] as? String == "end")
    #expect(end["best_epoch"] as? Int == 3)
    #expect(end["saved"] as? String == "points.safetensors")
    #expect(try figures(end, "validation") == figures(objects[2], "validation"))
    #expect(try figures(end, "train") == figures(objects[2], "train"))
    #expect(folder.bytes("points.safetensors") != nil)

    let eval = try Netc.run("eval", "points.net", "--json", in: folder)
    let evaluated = try object(try #require(eval.lines.first))
    #expect(try figures(evaluated, "figures") == figures(end, "validation"))
    #expect(evaluated["examples"] as? Int == 3)
    for (part, count) in [("training", 9), ("validation", 3), ("all", 12)] {
      let found = try Netc.run("eval", "points.net", "--part", part, "--json", in: folder)
      #expect(try object(found.lines[0])["examples"] as? Int == count)
      #expect(try object(found.lines[0])["part"] as? String == part)
    }
    let text = try Netc.run("eval", "points.net", in: folder)
    #expect(text.lines.first == "3 examples (validation)")
    #expect(text.lines.dropFirst().map { $0.split(separator: " ")[0] } == ["loss", "accuracy"])
  }

  @Test func `rows left out are counted, confusions carry the names of classes`() throws {
    let folder = try Programs.folder()
    try folder.write(
      Programs.points.replacingOccurrences(
        of: "column(\"kind\"))", with: "column(\"kind\"), drop_missing: true)")
        + "metric confusion(logits, k)\n", to: "points.net")
    try folder.write(Programs.rows + "NA,1,out\n0.3,,in\n", to: "points.csv")
    let run = try Netc.run("run", "points.net", in: folder)
    #expect(run.status == 0 && run.lines.contains("left out: 2 rows with missing values"))
    let head = try #require(run.lines.first { $0.contains("confusion") })
    #expect(head.split(separator: " ") == ["confusion", "out", "in"])
    let eval = try Netc.run("eval", "points.net", in: folder)
    #expect(eval.lines.contains { $0.split(separator: " ").first == "out" })
  }

  @Test(arguments: [[:], ["NO_COLOR": "1"], ["TERM": "dumb"]])
  func `plain lines without escapes where there is no terminal`(environment: [String: String])
    throws
  {
    let folder = try Programs.folder()
    let run = try Netc.run(["run", "points.net"], in: folder, environment: environment)
    #expect(run.status == 0)
    #expect(!run.output.contains("\u{1B}") && !run.output.contains("\r"))
    #expect(
      run.lines.first?.hasPrefix("training on 9 examples, validating on 3; 22 parameters") == true)
    let epochs = run.lines.filter { line in Int(line.prefix(5).filter { $0 != " " }) != nil }
    #expect(epochs.count == 3)
    #expect(run.lines.last == "saved points.safetensors")
    #expect(run.lines.contains { $0.contains("validation") && !$0.hasPrefix("training") })
  }

  @Test func `options replace what the file says, and files are named`() throws {
    let folder = try Programs.folder()
    let quiet = try Netc.run(
      "run", "points.net", "--quiet", "--epochs", "2", "--seed", "9", "--save", "a", in: folder)
    #expect(quiet.status == 0)
    #expect(folder.bytes("points.safetensors") == nil)
    let none = try Netc.run("run", "points.net", "--no-save", "--json", "--steps", "2", in: folder)
    #expect(none.status == 0)
    #expect(try object(try #require(none.lines.last))["saved"] is NSNull)
    #expect(folder.bytes("points.safetensors") == nil)
    _ = try Netc.run(
      "run", "points.net", "--quiet", "--epochs", "4", "--seed", "9", "--save", "b", in: folder)
    _ = try Netc.run(
      "run", "points.net", "--quiet", "--epochs", "4", "--resume", "a", "--save", "c", in: folder)
    #expect(folder.bytes("b") != nil)
    #expect(folder.bytes("b") == folder.bytes("c"))
    for threads in ["1", "2", "3"] {
      _ = try Netc.run(
        "run", "points.net", "--quiet", "--epochs", "4", "--seed", "9", "--threads", threads,
        "--save", "t", in: folder)
      #expect(folder.bytes("b") == folder.bytes("t"))
    }
    _ = try Netc.run(
      "run", "points.net", "--quiet", "--epochs", "4", "--seed", "9", "--isa", "avx2", "--save",
      "p", in: folder)
    #expect(folder.bytes("b") == folder.bytes("p"))
    let eval = try Netc.run("eval", "points.net", "--weights", "a", in: folder)
    #expect(eval.status == 0)
  }

  @Test func `divergence saves nothing and leaves the earlier file`() throws {
    let folder = try Programs.folder()
    try folder.write("earlier", to: "points.safetensors")
    try folder.write(
      Programs.points.replacing("adam(lr: 0.05)", with: "sgd(lr: 1e38)"), to: "points.net")
    let run = try Netc.run("run", "points.net", "--epochs", "50", in: folder)
    #expect(run.status == 1)
    let said =
      #/error: training diverged at step [0-9]+: .* gave -?(nan|inf), at points\.net:[0-9]+:[0-9]+\n  help: .*\n/#
    #expect(run.errors.wholeMatch(of: said) != nil, "\(run.errors)")
    #expect(folder.bytes("points.safetensors") == Data("earlier".utf8))
    let json = try Netc.run("run", "points.net", "--epochs", "50", "--json", in: folder)
    let end = try object(try #require(json.lines.last))
    #expect(end["event"] as? String == "end")
    #expect(end["reason"] as? String == "diverged")
    #expect(end["saved"] is NSNull)
  }

  @Test func `a schedule of another length than training is a warning`() throws {
    let folder = try Programs.folder()
    for (steps, words) in [(9, ""), (90, "after training"), (3, "before half of training")] {
      try folder.write(
        Programs.points.replacing("lr: 0.05", with: "lr: cosine(0.05, steps: \(steps))"),
        to: "points.net")
      let run = try Netc.run("run", "points.net", "--no-save", in: folder)
      #expect(run.status == 0)
      #expect((run.output + run.errors).contains("points.net:6:") != words.isEmpty)
      #expect((run.output + run.errors).contains(words) || words.isEmpty)
      let short = try Netc.run("run", "points.net", "--no-save", "--epochs", "1", in: folder)
      #expect(!(short.output + short.errors).contains("this schedule"))
    }
  }

  @Test func `predictions as CSV and as JSON lines`() throws {
    let folder = try Programs.folder()
    _ = try Netc.run("run", "points.net", "--quiet", in: folder)
    try folder.write("a,b\n0,0\n2,2\n-1,0.5\n", to: "new.csv")
    let csv = try Netc.run("predict", "points.net", "--data", "new.csv", in: folder)
    #expect(csv.status == 0 && csv.errors.isEmpty)
    #expect(csv.lines.first == "probabilities[0],probabilities[1],best")
    #expect(csv.lines.count == 4)
    let rows = csv.lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    let best = csv.lines.dropFirst().compactMap { $0.split(separator: ",").last.map(String.init) }
    for (row, name) in zip(rows, best) {
      #expect(row.count == 2)
      #expect(abs(row[0] + row[1] - 1) < 1e-6)
      #expect(name == (row[1] > row[0] ? "in" : "out"))
    }
    let json = try Netc.run("predict", "points.net", "--data", "new.csv", "--json", in: folder)
    for (line, (row, name)) in zip(json.lines, zip(rows, best)) {
      let members = try object(line)
      let probabilities = try #require(members["probabilities"] as? [Double])
      #expect(zip(probabilities, row).allSatisfy { abs($0 - $1) < 1e-9 })
      #expect(members["best"] as? String == name)
    }
    #expect(json.lines.count == 3)
    let one = try Netc.run(
      "predict", "points.net", "--output", "best", "--out", "best.csv", in: folder)
    #expect(one.status == 0 && one.output.isEmpty)
    let written = String(decoding: try #require(folder.bytes("best.csv")), as: UTF8.self)
    #expect(written.split(separator: "\n").count == 13)
    #expect(written.hasPrefix("best\n"))
    let wrong = try Netc.run("predict", "points.net", "--output", "bst", in: folder)
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("did you mean `best`?"))
    try folder.write("a,b\n", to: "none.csv")
    let none = try Netc.run("predict", "points.net", "--data", "none.csv", in: folder)
    #expect(none.status == 1)
    #expect(none.errors.hasPrefix("error: "))
  }

  @Test func `outputs that do not count examples stand on every row`() throws {
    let folder = try Programs.folder()
    try folder.write(
      Programs.points.replacing(
        "output best", with: "output offset\noutput size = sum(offset)\noutput best"
      ).replacing(
        "loss cross_entropy(logits, k)",
        with: "param offset: float[5] = zeros()\nloss cross_entropy(logits, k) + sum(offset^2)"),
      to: "points.net")
    _ = try Netc.run("run", "points.net", "--quiet", in: folder)
    let csv = try Netc.run("predict", "points.net", in: folder)
    #expect(csv.status == 0, "\(csv.errors)")
    #expect(csv.lines.first?.components(separatedBy: ",").count == 9)
    #expect(csv.lines.count == 13)
    let json = try Netc.run("predict", "points.net", "--json", in: folder)
    #expect(try object(try #require(json.lines.first))["offset"] as? [Double] == [0, 0, 0, 0, 0])
    #expect(json.lines.count == 12)
  }

  @Test func `mistakes in data point at the file`() throws {
    let folder = try Programs.folder()
    try folder.write(Programs.rows.replacing("-2,1,out", with: "-2,,out"), to: "points.csv")
    let missing = try Netc.run("run", "points.net", in: folder)
    #expect(missing.status == 1)
    #expect(missing.errors.hasPrefix("error: points.csv:5:4: "), "\(missing.errors)")
    try folder.write(Programs.rows.replacing("-2,1,out", with: "-2,1,uot"), to: "points.csv")
    let label = try Netc.run("run", "points.net", in: folder)
    #expect(label.status == 1)
    #expect(
      label.errors.hasPrefix("error: points.csv:5:6: `uot` is none of the classes"),
      "\(label.errors)")
    #expect(label.errors.contains("\n  help: did you mean `out`?"))
    #expect(folder.bytes("points.safetensors") == nil)
  }
}
