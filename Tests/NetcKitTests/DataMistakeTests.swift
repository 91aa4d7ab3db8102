import NetcCore
import NetcKit
import Testing

/// Mistakes in data carry the file, the line and the column.
@Suite struct DataMistakeTests {
  private let text = """
    input x: float[batch, 2]
    input k: class(3)[batch]
    let logits = x |> dense(3)
    loss cross_entropy(logits, k)
    optimizer sgd(lr: 0.1)
    data d = csv("rows.csv", x: columns("a", "b"), k: column("k"))
    train(d, epochs: 1, batch: 2)
    """

  private func message(_ rows: String, _ text: String? = nil) throws -> String {
    let folder = try TemporaryFolder()
    _ = try folder.write(rows, to: "rows.csv")
    let compiled = try model(text ?? self.text, directory: folder.path)
    let error = #expect(throws: NetcError.self) {
      _ = try Trainer(compiled, options: .alone).train()
    }
    return (error?.description ?? "").replacing(folder.path + "/", with: "")
  }

  @Test func `labels outside the classes`() throws {
    #expect(
      try message("a,b,k\n1,2,0\n3,4,3\n")
        == "rows.csv:3:5: class 3 is outside class(3), which takes 0 to 2 "
        + "(column `k`) (for labels that start from 1, write class(4))")
    #expect(
      try message("a,b,k\n1,2,0\n3,4,-1\n").hasPrefix("rows.csv:3:5: class -1 is outside class(3)"))
  }

  @Test func `missing and malformed cells`() throws {
    #expect(try message("a,b,k\n1,2,0\n3,,2\n").hasPrefix("rows.csv:3:3: "))
    #expect(try message("a,b,k\n1,2,0\n3,4x,2\n").hasPrefix("rows.csv:3:3: "))
    #expect(try message("a,b,k\n1,2,0\n3,4\n").hasPrefix("rows.csv:3:"))
    #expect(try message("a,c,k\n1,2,0\n").contains("`b`"))
  }

  @Test func `no rows and no file`() throws {
    #expect(try message("a,b,k\n") != "")
    let missing = try message("", text.replacing("rows.csv", with: "none.csv"))
    #expect(missing.hasPrefix("none.csv"))
    let split = text.replacing("epochs: 1", with: "epochs: 1, validation: 0.5")
    #expect(try message("a,b,k\n1,2,0\n", split).contains("empty"))
  }

  @Test func `truth values are read, predicted from and checked`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("a,t\n1,true\n2,false\n0.5,1\n", to: "rows.csv")
    let text = """
      input a: float[batch]
      input t: bool[batch]
      param w: float = 1
      let y = where(t, w * a, a)
      loss mean(y^2)
      optimizer sgd(lr: 0.1)
      output y
      data d = csv("rows.csv", a: column("a"), t: column("t"))
      train(d, epochs: 1, batch: 3)
      """
    let compiled = try model(text, directory: folder.path, precision: .double)
    let trained = try Trainer(compiled, options: .alone).train()
    let predictions = try Evaluator(compiled, saved: trained.saved, options: .alone).predict()
    #expect(predictions[0].tensor.doubles[1] == 2)
    #expect(try compiled.checkGradients(options: .alone).allSatisfy(\.passes))
  }
}
