import NetcCore
import NetcData
import Testing

@Suite struct TextReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func request(
    _ text: String, classes: Int, window: Int = 3, shift: Int? = 1, names: [String]? = nil,
    heldOut: Double = 0
  ) throws -> DataRequest {
    let element = DataBinding.Element.classes(count: classes, names: names)
    let shape: Shape = [Dim(window)]
    var bindings = [
      DataBinding(input: "now", element: element, rowShape: shape, selector: .window(window))
    ]
    if let shift {
      bindings.append(
        DataBinding(input: "next", element: element, rowShape: shape, selector: .shifted(shift)))
    }
    var request = DataRequest(
      name: "d", reader: "text", path: try folder.write("t.txt", text), bindings: bindings)
    request.heldOut = heldOut
    return request
  }

  private func row(_ column: DataColumn?, _ row: Int) -> [Int]? {
    guard let column, case .bytes(let bytes, _) = column.storage else { return nil }
    return bytes[column.start(ofRow: row)..<column.start(ofRow: row) + column.rowSize].map {
      Int($0)
    }
  }

  @Test func `rows are windows and their shifts`() throws {
    let data = try request("abcabd", classes: 4).load()
    #expect(data.rowCount == 3)
    #expect(row(data["now"], 0) == [0, 1, 2])
    #expect(row(data["next"], 0) == [1, 2, 0])
    #expect(row(data["now"], 2) == [2, 0, 1])
    #expect(row(data["next"], 2) == [0, 1, 3])
    #expect(data["now"]?.classNames == ["a", "b", "c", "d"])
    #expect(data.orderedRows == [0])
    #expect(data["now"]?.storage.count == 6)
  }

  @Test func `windows side by side end within their part`() throws {
    let windows = try #require(try request("abababababab", classes: 2).load().windows)
    #expect(windows.span == 4 && windows.length == 12)
    #expect(windows.starts(in: 0..<12) == [0, 3, 6])
    #expect(windows.starts(in: 8..<12) == [8])
    #expect(windows.starts(in: 9..<12) == [])
    #expect(Dataset.Windows.trainingLength(of: 1_115_394, heldOut: 0.1) == 1_003_854)
    #expect(Dataset.Windows.trainingLength(of: 10, heldOut: 0.9) == 1)
  }

  @Test func `the vocabulary is the training part's`() throws {
    let text = "abcabcabz"
    #expect(
      failure(try request(text, classes: 4, heldOut: 0.2))?.message
        == "input `now` is class(4), the text has 3 different characters in its training part")
    let unknown = failure(try request("ab\nabcabz", classes: 4, heldOut: 0.2))
    #expect(unknown?.message == "`z` is not among the 4 characters of the training part")
    #expect(unknown?.line == 2)
  }

  @Test func `a saved vocabulary is used as it is`() throws {
    let data = try request("cab", classes: 4, shift: nil, names: ["a", "b", "c", "d"]).load()
    #expect(row(data["now"], 0) == [2, 0, 1])
    var request = try request("cab", classes: 4, shift: nil)
    request.name(classes: ["now": ["a", "b", "c", "d"]])
    #expect(row(try request.load()["now"], 0) == [2, 0, 1])
  }

  @Test func `letters beyond ASCII are characters`() throws {
    let data = try request("\u{FEFF}äöäö€ä", classes: 3).load()
    #expect(row(data["now"], 1) == [1, 0, 1])
    #expect(data["next"]?.classNames == ["ä", "ö", "€"])
    let path = try folder.write("bad.txt", [0x61, 0x0A, 0xC3, 0x28, 0x61, 0x61])
    var broken = try request("abc", classes: 3)
    broken.path = path
    #expect(failure(broken)?.description == "\(path):2: this is no UTF-8 text")
  }

  @Test func `what does not fit is reported`() throws {
    let short = failure(try request("abc", classes: 3))
    #expect(short?.message == "the text has 3 characters, a row takes 4")
    let many = failure(try request("abcdefg", classes: 6))
    #expect(many?.message == "input `now` is class(6), the text has 7 different characters")
    #expect(many?.help == "write class(7)")
    var float = try request("abcd", classes: 4)
    float.bindings[0].element = .float
    #expect(failure(float)?.message == "input `now` holds characters, which are classes")
    var column = try request("abcd", classes: 4)
    column.bindings[1].selector = .column(.index(0))
    #expect(failure(column)?.message == "input `next` takes a window of the text")
    var wide = try request("abcd", classes: 4)
    wide.bindings[1].rowShape = [2]
    #expect(failure(wide)?.message == "input `next` takes 2 numbers a row, its columns give 3")
  }

  @Test func `damaged texts`() throws {
    var random = SeededNumbers(seed: 33)
    for _ in 0..<300 {
      var request = try request(
        "x", classes: 1 + random.below(6), window: 1 + random.below(4), shift: random.below(3),
        heldOut: Double(random.below(10)) / 10)
      request.path = try folder.write(
        "t", HostileArrayTests.damaged(Array("aä\nb€ab\r\nca".utf8), &random))
      do throws(DataError) {
        HostileArrayTests.expectWhole(try request.load())
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }
}
