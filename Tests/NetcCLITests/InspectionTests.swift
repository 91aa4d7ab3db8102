import Foundation
import Testing

/// Commands that read a program and train nothing.
@Suite struct InspectionTests {
  @Test func `check prints parameters, work and memory, also as JSON`() throws {
    let folder = try Programs.folder()
    let text = try Netc.run("check", "points.net", in: folder)
    #expect(text.status == 0 && text.errors.isEmpty)
    #expect(text.lines.contains("22 trained numbers; 8 states carried between steps"))
    #expect(text.lines.contains("multiply-adds per example: 16"))
    #expect(text.output.contains("*batch"))
    let json = try Netc.run("check", "points.net", "--json", in: folder)
    let parsed = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
    let object = try #require(parsed as? [String: Any])
    #expect(object["trained"] as? Int == 22)
    #expect(object["batch"] as? Int == 4)
    try FileManager.default.removeItem(atPath: folder.file("points.csv"))
    #expect(try Netc.run("check", "points.net", in: folder).output == text.output)
  }

  @Test func `check says whether a loss is convex, and where that was lost`() throws {
    let folder = try Folder()
    try folder.write(
      """
      input x: float[batch, 3]
      input y: float[batch]
      param w: float[3] = zeros()
      loss a = mse(x @ w, y)
      loss b = mse(tanh(x @ w), y)
      update w = w
      """, to: "two.net")
    let text = try Netc.run("check", "two.net", in: folder)
    #expect(text.lines.contains("a is convex in the parameters"))
    #expect(
      text.lines.contains(
        "b is not known to be convex in the parameters: `tanh` of an affine value at line 5"))
    let json = try Netc.run("check", "two.net", "--json", in: folder)
    let parsed = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
    let losses = try #require((parsed as? [String: Any])?["losses"] as? [[String: Any]])
    #expect(losses.map { $0["curvature"] as? String } == ["convex", "unknown"])
    let stop = losses.last?["stopped_at"] as? [String: Any]
    #expect(stop?["operation"] as? String == "tanh" && stop?["place"] as? String == "line 5")
  }

  @Test(arguments: [
    ("csv(\"a.csv\", x: columns(0..<3), separator: 1)", "separator"),
    ("idx(x: \"a.gz\", skale: 2)", "did you mean `scale`?"),
    ("images(x: pixels())", "needs a path"), ("cvs(\"a\")", "did you mean `csv`?"),
  ])
  func `check refuses what no reader takes, without a file`(data: String, words: String) throws {
    let folder = try Folder()
    try folder.write(
      """
      input x: float[batch, 3]
      param w: float[3] = zeros()
      loss mean(x @ w)
      optimizer sgd(lr: 0.1)
      data d = \(data)
      """, to: "wrong.net")
    let outcome = try Netc.run("check", "wrong.net", in: folder)
    #expect(outcome.status == 1, "\(outcome.output)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func `check-grad proves every parameter`() throws {
    let folder = try Programs.folder()
    let text = try Netc.run("check-grad", "points.net", in: folder)
    #expect(text.status == 0)
    #expect(text.lines.count == 5)
    let json = try Netc.run("check-grad", "points.net", "--json", in: folder)
    #expect(json.lines.count == 4)
  }

  @Test func `check-grad refuses a wrong derivative`() throws {
    let folder = try Folder()
    try folder.write(
      """
      input x: float[batch]
      fn square(v: float[...]) -> float[...] { return v * v }
      gradient square(v, d_out) { return 3 * v * d_out }
      param w: float = 2
      loss mean(square(w * x))
      optimizer sgd(lr: 0.1)
      """, to: "wrong.net")
    let outcome = try Netc.run("check-grad", "wrong.net", in: folder)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("DISAGREES"))
    #expect(outcome.errors == "error: 1 of 1 gradients disagree: w\n")
  }

  @Test(arguments: ["ast", "graph", "gradient", "optimized", "schedule", "memory"])
  func `every stage is printed`(stage: String) throws {
    let folder = try Programs.folder()
    for extra in [[], ["--evaluation"]] {
      let outcome = try Netc.run(["dump", "points.net", "--stage", stage] + extra, in: folder)
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      #expect(!outcome.output.isEmpty)
    }
  }

  @Test(arguments: ["text", "net", "dot", "json"])
  func `every form of the gradient is printed`(format: String) throws {
    let folder = try Programs.folder()
    let outcome = try Netc.run("dump-grad", "points.net", "--format", format, in: folder)
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    switch format {
    case "json": _ = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    case "dot": #expect(outcome.output.hasPrefix("digraph"))
    case "net":
      try folder.write(outcome.output, to: "step.net")
      let check = try Netc.run("check", "step.net", in: folder)
      #expect(check.status == 0, "\(check.errors)")
    default: #expect(outcome.output.contains("d_dense_1.weight: float[2, 4]"))
    }
  }

  @Test func `the two-layer hinge network reads like the textbook`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .deletingLastPathComponent().path
    let outcome = try Netc.run("dump-grad", "\(root)/examples/hinge.net", in: Folder())
    #expect(outcome.status == 0)
    try Golden.check(outcome.output.replacing("\(root)/examples/", with: ""), against: "hinge")
  }
}
