import NetcCore
import NetcData
import Testing

/// A file that is wrong, and what is said about it.
struct WrongCSV: CustomTestStringConvertible, Sendable {
  let text: String
  let bindings: [DataBinding]
  var options: [DataOption] = []
  /// `:line:column: message` behind the path.
  let message: String
  var help: String?

  var testDescription: String { message }

  static let classes = DataBinding.scalar("y", .index(0), .classes(count: 3))
  static let one = DataBinding.scalar("x", .index(0))

  static let all = [
    WrongCSV(text: "", bindings: [one], message: ": the file is empty"),
    WrongCSV(text: "\n \n", bindings: [one], message: ": the file is empty"),
    WrongCSV(text: "a,b\n", bindings: [one], message: ": there are no rows of data"),
    WrongCSV(
      text: "a,b\n1,2\n3,x y\n", bindings: [.scalar("x", .name("b"))],
      message: ":3:3: `x y` is not a number (column `b`)"),
    WrongCSV(
      text: "a;b\n1;2\n3;4,5\n", bindings: [.scalar("x", .name("b"))],
      message: ":3:3: `4,5` is not a number (column `b`)",
      help: "decimals are written with a point"),
    WrongCSV(
      text: "a,b\n1,2\n3,  NA\n", bindings: [.scalar("x", .name("b"))],
      message: ":3:5: missing value `NA` (column `b`)",
      help: "fill it in, or write drop_missing: true to leave such rows out"),
    WrongCSV(
      text: "1,2\n3,\n", bindings: [.scalar("x", .index(1))],
      message: ":2:3: missing value (column 1)"),
    WrongCSV(
      text: "a,b\n\"1\n2\",3\n\"4\n\n\",x\n", bindings: [.scalar("x", .name("b"))],
      message: ":6:3: `x` is not a number (column `b`)"),
    WrongCSV(
      text: "a,b\n1\n", bindings: [one],
      message: ":2:1: this row has 1 field, the first row has 2"),
    WrongCSV(
      text: "a,b\n1,2,3\n", bindings: [one],
      message: ":2:5: this row has 3 fields, the first row has 2",
      help: "put quotes around a field that holds the separator"),
    WrongCSV(
      text: "a,b\n1,\"2\n", bindings: [one],
      message: ":2:3: a quote is opened here and never closed"),
    WrongCSV(
      text: "a,b\n1,\"2\"3\n", bindings: [one], message: ":2:6: text after a closing quote",
      help: "write a quote inside quotes twice: \"\""),
    WrongCSV(
      text: "petal,sepal\n1,2\n", bindings: [.scalar("x", .name("petals"))],
      message: ":1: there is no column `petals`", help: "did you mean `petal`?"),
    WrongCSV(
      text: "petal,sepal\n1,2\n", bindings: [.scalar("x", .name("zz"))],
      message: ":1: there is no column `zz`", help: "columns are `petal`, `sepal`"),
    WrongCSV(
      text: "1,2\n", bindings: [.scalar("x", .name("zz"))],
      message: ":1: there is no column `zz`: the first row is not a header",
      help: "name it by position, as column(0), or write header: true"),
    WrongCSV(
      text: "a,a\n1,2\n", bindings: [.scalar("x", .name("a"))],
      message: ":1: two columns are called `a`", help: "name it by position, as column(0)"),
    WrongCSV(
      text: "1,2\n", bindings: [.scalar("x", .index(2))],
      message: ": there is no column 2, the file has 2",
      help: "columns count from 0 to 1, or from -1 backwards"),
    WrongCSV(
      text: "1,2\n", bindings: [.scalar("x", .index(.min))],
      message: ": there is no column \(Int.min), the file has 2"),
    WrongCSV(
      text: "1,2\n", bindings: [.floats("x", 0..<3)],
      message: ": there are no columns 0..<3, the file has 2", help: "the whole range is 0..<2"),
    WrongCSV(
      text: "y\n1\n3\n", bindings: [classes],
      message: ":3:1: class 3 is outside class(3), which takes 0 to 2 (column `y`)",
      help: "for labels that start from 1, write class(4)"),
    WrongCSV(
      text: "y\n1\n-1\n", bindings: [classes],
      message: ":3:1: class -1 is outside class(3), which takes 0 to 2 (column `y`)",
      help: "for labels to leave out, write class(3, ignore: -1)"),
    WrongCSV(
      text: "y\n1\n0.5\n", bindings: [classes],
      message: ":3:1: `0.5` is no class (column `y`)"),
    WrongCSV(
      text: "y\n1\nred\n", bindings: [classes],
      message: ":3:1: `red` is no class: the labels before it are numbers (column `y`)"),
    WrongCSV(
      text: "y\na\nb\nc\nd\n", bindings: [classes],
      message: ":5:1: `d` is one label too many for class(3) (column `y`)",
      help: "labels before it are `a`, `b`, `c`"),
    WrongCSV(
      text: "y\na\nb\n", bindings: [classes],
      message: ": class(3) needs 3 labels, the data has 2: `a`, `b`",
      help: "write class(2), or name all: class(\"a\", \"b\", …)"),
    WrongCSV(
      text: "y\nsetosa\nvirginic\n",
      bindings: [.scalar("y", .index(0), .classes(count: 2, names: ["setosa", "virginica"]))],
      message: ":3:1: `virginic` is none of the classes (column `y`)",
      help: "did you mean `virginica`?"),
    WrongCSV(
      text: "1e39\n", bindings: [one],
      message: ":1:1: `1e+39` is too large for 32 bits (column 0)",
      help: "the largest is about 3.4e38"),
    WrongCSV(
      text: "2\n1e400\n", bindings: [one], message: ":2:1: the number is too large (column 0)"),
    WrongCSV(text: "2\ninf\n", bindings: [one], message: ":2:1: `inf` is not a number (column 0)"),
    WrongCSV(
      text: "2\n0x10\n", bindings: [one], message: ":2:1: `0x10` is not a number (column 0)"),
    WrongCSV(
      text: "1.5\n", bindings: [.scalar("x", .index(0), .int)],
      message: ":1:1: `1.5` is not a whole number (column 0)",
      help: "input `x` holds whole numbers"),
    WrongCSV(
      text: "3e9\n", bindings: [.scalar("x", .index(0), .int)],
      message: ":1:1: `3000000000` does not fit 32 bits (column 0)"),
    WrongCSV(
      text: "yes\n", bindings: [.scalar("x", .index(0), .bool)],
      options: [DataOption("header", .bool(false))],
      message: ":1:1: `yes` is no truth value (column 0)",
      help: "input `x` takes true, false, 1 or 0"),
    WrongCSV(
      text: "a,b\n\u{7},1\n", bindings: [one],
      message: ":2:1: `\\u{7}` is not a number (column `a`)"),
    WrongCSV(
      text: "a,b\n1,NA\n", bindings: [.scalar("x", .name("b"))],
      options: [DataOption("drop_missing", .bool(true))], message: ": there are no rows of data",
      help: "each of the 1 rows has a missing value"),
    WrongCSV(
      text: "1,2\n",
      bindings: [
        DataBinding(input: "x", element: .float, rowShape: [3], selector: .columns([.index(0)]))
      ],
      message: "input `x` takes 3 numbers a row, its columns give 1",
      help: "change the input's shape or the columns"),
    WrongCSV(
      text: "1,2\n", bindings: [.scalar("header", .index(0))],
      message: "an input named `header` cannot be fed by `csv`, which has an option of that name",
      help: "rename the input"),
    WrongCSV(
      text: "1,2\n", bindings: [one], options: [DataOption("separater", .string(";"))],
      message: "`separater` is neither an input nor an option of `csv`",
      help: "did you mean `separator`?"),
    WrongCSV(
      text: "1,2\n", bindings: [one], options: [DataOption("separator", .string("ab"))],
      message: "`separator` takes one ASCII character other than a quote"),
    WrongCSV(
      text: "1,2\n", bindings: [one], options: [DataOption("header", .number(1))],
      message: "`header` takes true or false"),
  ]
}

@Suite struct CSVErrorTests {
  @Test(arguments: WrongCSV.all)
  func `a wrong file is reported with place and help`(wrong: WrongCSV) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("d.csv", wrong.text)
    let error = try #require(failure(.csv(path, wrong.bindings, wrong.options)))
    let place = wrong.message.hasPrefix(":") ? path : ""
    #expect(error.description == place + wrong.message)
    if let help = wrong.help { #expect(error.help == help) }
  }

  @Test func `UTF-16 is recognised`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("d.csv", [0xFF, 0xFE, 0x31, 0, 0x2C, 0] as [UInt8])
    let error = failure(.csv(path, [WrongCSV.one]))
    #expect(error?.description == "\(path):1: the text is UTF-16")
    #expect(error?.help == "save it as UTF-8")
  }

  @Test func `a file that is not there or is a folder`() throws {
    let folder = try TemporaryFolder()
    #expect(failure(.csv("\(folder.path)/no.csv", []))?.message == "no such file")
    #expect(failure(.csv(folder.path, []))?.message == "this is a folder, not a file")
  }

  @Test func `an unknown reader is named with its neighbour`() {
    let error = failure(DataRequest(name: "d", reader: "cvs", path: "x", bindings: []))
    #expect(error?.message == "there is no reader `cvs`")
    #expect(error?.help == "did you mean `csv`?")
  }
}
