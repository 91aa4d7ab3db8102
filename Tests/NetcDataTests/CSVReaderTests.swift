import NetcCore
import NetcData
import Testing

@Suite struct CSVReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(
    _ text: String, _ bindings: [DataBinding], _ options: [DataOption] = []
  ) throws -> Dataset {
    try DataRequest.csv(folder.write("d.csv", text), bindings, options).load()
  }

  private static let three = [DataBinding.floats("x", 0..<2), .scalar("y", .index(2))]

  @Test(arguments: [
    "a,b,y\n1,2,3\n4,5,6\n", "a,b,y\r\n1,2,3\r\n4,5,6", "a,b,y\r1,2,3\r4,5,6\r", "1,2,3\n4,5,6",
    "\u{FEFF}a,b,y\n1,2,3\n4,5,6\n", "\u{FEFF}1,2,3\n4,5,6\n", "\n\n1,2,3\n\n   \n4,5,6\n\n",
    " a , b ,y\n 1,\t2 ,3\n4,5,6 \n", "\"a\",\"b\",\"y\"\n\"1\", \"2\" ,\"3\"\n4,5,6\n",
    "a;b;y\n1;2;3\n4;5;6\n", "a\tb\ty\n1\t2\t3\n4\t5\t6\n", "a,b,y\n+1,2.,3e0\n.4e1,5.0,0.6E+1\n",
    "\"a,;\",\"b\"\"\n\",y\n1,2,3\n4,5,6\n",
  ])
  func `rows are read whatever the file's habits`(text: String) throws {
    let data = try load(text, CSVReaderTests.three)
    #expect(data.rowCount == 2)
    #expect(floats(data["x"]) == [1, 2, 4, 5])
    #expect(data["x"]?.rowShape == [2])
    #expect(floats(data["y"]) == [3, 6])
    #expect(data["y"]?.rowShape == [])
  }

  @Test func `columns are taken by name, position, range and from the end`() throws {
    let bindings: [DataBinding] = [
      .scalar("a", .name("y")), .scalar("b", .index(-1)), .scalar("c", .index(0)),
      DataBinding(
        input: "d", element: .float, rowShape: [3],
        selector: .columns([.name("y"), .range(lower: 0, upper: 2)])),
    ]
    let data = try load("u,v,y\n1,2,3\n4,5,6\n", bindings)
    #expect(floats(data["a"]) == [3, 6])
    #expect(floats(data["b"]) == [3, 6])
    #expect(floats(data["c"]) == [1, 4])
    #expect(floats(data["d"]) == [3, 1, 2, 6, 4, 5])
  }

  @Test func `a header of numbers is found by the names asked for, or by the option`() throws {
    let text = "1,2,y\n3,4,5\n"
    #expect(try load(text, [.scalar("y", .name("y"))]).rowCount == 1)
    #expect(try load(text, [.scalar("y", .index(0))]).rowCount == 2)
    let header = [DataOption("header", .bool(true))]
    #expect(try load(text, [.scalar("y", .index(0))], header).rowCount == 1)
    let words = "a,b\nc,d\n"
    let labels = [DataBinding.scalar("y", .index(0), .classes(count: 2))]
    let none = [DataOption("header", .bool(false))]
    #expect(try load(words, labels, none)["y"]?.classNames == ["a", "c"])
  }

  @Test func `a symbolic dimension takes the number of columns`() throws {
    let binding = DataBinding(
      input: "x", element: .float, rowShape: [2, Dim(symbol: "n")],
      selector: .columns([.range(lower: 0, upper: 6)]))
    let data = try load("1,2,3,4,5,6\n", [binding])
    #expect(data["x"]?.rowShape == [2, 3])
    #expect(data.dimensions == ["n": 3])
  }

  @Test func `labels in words are classes in sorted order, or as the program names them`() throws {
    let text = "x,kind\n1,wolf\n2,cat\n3,wolf\n4,hen\n"
    let found = try load(text, [.scalar("y", .name("kind"), .classes(count: 3))])
    #expect(ints(found["y"]) == [2, 0, 2, 1])
    #expect(found["y"]?.classNames == ["cat", "hen", "wolf"])
    let names = ["wolf", "hen", "cat"]
    let named = try load(text, [.scalar("y", .name("kind"), .classes(count: 3, names: names))])
    #expect(ints(named["y"]) == [0, 2, 0, 1])
    #expect(named["y"]?.classNames == names)
  }

  @Test func `names that look like numbers are names`() throws {
    let binding = DataBinding.scalar("y", .index(0), .classes(count: 2, names: ["3", "7"]))
    #expect(ints(try load("y\n7\n3\n7\n", [binding])["y"]) == [1, 0, 1])
  }

  @Test func `a missing label is the number to ignore`() throws {
    let classes = DataBinding.Element.classes(count: 3, ignore: 255)
    let numbers = try load("y,x\n2,1\n,1\n255,1\n0,1\n", [.scalar("y", .index(0), classes)])
    #expect(ints(numbers["y"]) == [2, 255, 255, 0])
    let words = try load("y,x\nb,1\n?,1\nc,1\na,1\n", [.scalar("y", .index(0), classes)])
    #expect(ints(words["y"]) == [1, 255, 2, 0])
  }

  @Test func `rows with missing values are left out on request`() throws {
    let drop = [DataOption("drop_missing", .bool(true))]
    let data = try load("a,b,y\n1,NA,3\n4,5,6\n7,8,\n", CSVReaderTests.three, drop)
    #expect(floats(data["x"]) == [4, 5])
    #expect(data.droppedRowCount == 2)
    let markers = [DataOption("missing", .list([.string("-999")]))] + drop
    let coded = try load("a,b,y\n1,-999,3\n4,5,6\n", CSVReaderTests.three, markers)
    #expect(floats(coded["x"]) == [4, 5])
  }

  @Test func `truth values and whole numbers`() throws {
    let data = try load(
      "a,b\ntrue,-3\n0,7.0\n", [.scalar("a", .name("a"), .bool), .scalar("b", .name("b"), .int)])
    #expect(data["a"]?.storage == .bytes([1, 0], scale: 1))
    #expect(ints(data["b"]) == [-3, 7])
  }

  @Test func `doubles keep every digit when asked for`() throws {
    let path = try folder.write("d.csv", "0.1\n3.141592653589793\n1e-300\n")
    let request = DataRequest.csv(path, [.scalar("x", .index(0))])
    let data = try request.load(precision: .double)
    #expect(data["x"]?.storage == .doubles([0.1, 3.141592653589793, 1e-300]))
    #expect(floats(try request.load()["x"]) == [0.1, 3.1415927, 0])
  }

  @Test func `standardising follows the binding, then the option for columns`() throws {
    let options = [DataOption("standardize", .bool(true))]
    let data = try load("1,2,3\n4,5,6\n", CSVReaderTests.three, options)
    #expect(data["x"]?.standardize == true)
    #expect(data["y"]?.standardize == false)
    var own = CSVReaderTests.three
    own[0].standardize = false
    own[1].standardize = true
    let other = try load("1,2,3\n4,5,6\n", own, options)
    #expect(other["x"]?.standardize == false)
    #expect(other["y"]?.standardize == true)
  }

  @Test func `a gzip file is read through gzip, whatever its name`() throws {
    let plain = try folder.write("d.csv", "a,b,y\n1,2,3\n4,5,6\n")
    try compress(plain)
    let zipped = try DataRequest.csv(plain + ".gz", CSVReaderTests.three).load()
    #expect(floats(zipped["x"]) == [1, 2, 4, 5])
    let renamed = try folder.write("e.csv", folder.bytes("d.csv.gz"))
    #expect(floats(try DataRequest.csv(renamed, CSVReaderTests.three).load()["y"]) == [3, 6])
  }

  @Test func `a damaged gzip file is reported in gzip's words`() throws {
    let plain = try folder.write("d.csv", (0..<5000).map { "\($0),2,3\n" }.joined())
    try compress(plain)
    let bytes = try folder.bytes("d.csv.gz")
    let cut = try folder.write("cut.csv.gz", bytes.prefix(bytes.count / 2))
    let error = try #require(failure(.csv(cut, CSVReaderTests.three)))
    #expect(error.message.hasPrefix("gzip failed: gzip: stdin: unexpected end of file"))
    let fake = try folder.write("fake.csv.gz", "1,2,3\n")
    #expect(
      failure(.csv(fake, CSVReaderTests.three))?.message.contains("not in gzip format") == true)
  }

  @Test func `a path starts from the program's folder`() throws {
    _ = try folder.write("d.csv", "1,2,3\n")
    let request = DataRequest.csv("d.csv", CSVReaderTests.three)
    #expect(try request.load(relativeTo: folder.path).rowCount == 1)
    #expect(try request.load(relativeTo: folder.path + "/").rowCount == 1)
  }
}
