import NetcCore
import NetcSemantics
import Testing

/// What the labels of `data` and `train` make of selectors, and what they say of wrong ones.
@Suite struct DataSelectorTests {
  private func analyzed(_ data: String, _ train: String = "train(d)") -> Analyzed {
    Analyzed(
      """
      const context = 4
      input x: class(9)[batch, context]
      input y: class(9)[batch, context]
      input w: float[batch, context]
      param table: float[9, 9] = zeros()
      loss mean(w * cross_entropy(gather(table, x, axis: 0), y, reduction: none))
      optimizer sgd(lr: 0.1)
      data d = \(data)
      \(train)
      """)
  }

  private static let selectors: [(text: String, selector: DataSelector)] = [
    ("window(context)", .window(4)), ("window(2 * context)", .window(8)),
    ("shifted(1)", .shifted(1)), ("shifted(0)", .shifted(0)), ("pixels()", .pixels),
    ("folder()", .folder), ("mask()", .mask), ("class_weight(y)", .classWeight("y")),
    ("\"a.gz\"", .named("a.gz")), ("column(2)", .column(.index(2))),
    ("[1, 2]", .values(.list([.number(1), .number(2)]))),
  ]

  @Test(arguments: selectors)
  func `a selector is read`(_ pair: (text: String, selector: DataSelector)) throws {
    let result = analyzed("text(\"t.txt\", x: \(pair.text))")
    #expect(result.diagnostics.isEmpty, "\(result.report)")
    let binding = try #require(result.model?.data.first?.bindings.first)
    #expect(binding.selector == pair.selector)
    #expect(binding.rowShape == [4])
  }

  private static let mistakes: [(text: String, message: String)] = [
    ("window()", "`window` takes one number"), ("shifted(1, 2)", "`shifted` takes one number"),
    ("window(0)", "`window` takes a whole number from 1, found the number 0"),
    ("window(1.5)", "`window` takes a whole number from 1, found the number 1.5"),
    ("shifted(-1)", "`shifted` takes a whole number from 0, found the number -1"),
    ("window(1e30)", "`window` takes a whole number from 1"),
    ("window(size: 3)", "`window` has no argument `size`"),
    ("pixels(3)", "`pixels` takes no argument"), ("mask(x)", "`mask` takes no argument"),
    ("class_weight(w)", "`class_weight` takes the name of an input of classes"),
    ("class_weight(3)", "`class_weight` takes the name of an input of classes"),
    ("column()", "`column` names one column"),
  ]

  @Test(arguments: mistakes)
  func `a wrong selector is reported`(_ pair: (text: String, message: String)) {
    let result = analyzed("text(\"t.txt\", x: \(pair.text))")
    #expect(result.diagnostics.first?.message.hasPrefix(pair.message) == true, "\(result.report)")
  }

  @Test func `paths and columns for validation are read`() throws {
    let result = analyzed(
      "csv([\"a.csv\", \"b.csv\"], x: columns(0..<4))", "train(d, validation: column(\"part\"))")
    #expect(result.diagnostics.isEmpty, "\(result.report)")
    let model = try #require(result.model)
    #expect(model.data[0].path == "a.csv" && model.data[0].morePaths == ["b.csv"])
    #expect(model.train?.validation == .column(.name("part")))
    let wrong = analyzed("csv([\"a.csv\", 1])", "train(d, validation: column())")
    #expect(
      wrong.diagnostics.map(\.message).contains {
        $0.hasPrefix("the path of a data set is a string")
      })
    #expect(wrong.diagnostics.map(\.message).contains("`column` names one column"))
  }
}
