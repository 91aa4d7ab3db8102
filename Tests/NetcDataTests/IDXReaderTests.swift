import NetcCore
import NetcData
import Testing

@Suite struct IDXReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func request(_ bindings: [DataBinding], _ options: [DataOption] = []) -> DataRequest {
    DataRequest(name: "d", reader: "idx", bindings: bindings, options: options)
  }

  @Test func `bytes stay bytes with their scale`() throws {
    let images = try folder.write(
      "x", idx(code: 8, shape: [2, 2, 2], [0, 1, 2, 3, 252, 253, 254, 255]))
    let labels = try folder.write("y", idx(code: 8, shape: [2], [9, 0]))
    let data = try request(
      [.named("image", "x", .float, [1, 2, 2]), .named("label", "y", .classes(count: 10))],
      [DataOption("scale", .number(1.0 / 255))]
    ).load(relativeTo: folder.path)
    #expect(data.rowCount == 2)
    #expect(data["image"]?.rowShape == [1, 2, 2])
    #expect(data["image"]?.storage == .bytes([0, 1, 2, 3, 252, 253, 254, 255], scale: 1.0 / 255))
    #expect(ints(data["label"]) == [9, 0])
    #expect(images.hasSuffix("x") && labels.hasSuffix("y"))
  }

  @Test func `gzip is undone`() throws {
    try compress(try folder.write("x", idx(code: 8, shape: [3], [7, 8, 9])))
    let data = try request([.named("x", "x.gz", .int)]).load(relativeTo: folder.path)
    #expect(ints(data["x"]) == [7, 8, 9])
  }

  private static let elements: [(code: UInt8, bytes: [UInt8], values: [Float])] = [
    (0x08, [1, 200], [1, 200]),
    (0x09, [1, 200], [1, -56]),
    (0x0B, bigEndian([Int16(-2), Int16(300)]), [-2, 300]),
    (0x0C, bigEndian([Int32(-70_000), Int32(70_000)]), [-70_000, 70_000]),
    (0x0D, bigEndian([Float(1.5).bitPattern, Float(-0.25).bitPattern]), [1.5, -0.25]),
    (0x0E, bigEndian([Double(1.5).bitPattern, Double(-0.25).bitPattern]), [1.5, -0.25]),
  ]

  @Test(arguments: elements)
  func `each element type is read`(
    _ element: (code: UInt8, bytes: [UInt8], values: [Float])
  ) throws {
    let (code, bytes, values) = element
    let path = try folder.write("x", idx(code: code, shape: [2], bytes))
    let data = try request([.named("x", path)], [DataOption("scale", .number(2))]).load()
    switch data["x"]?.storage {
    case .floats(let found): #expect(found == values.map { $0 * 2 })
    case .bytes(let found, let scale):
      #expect(found.map { Float($0) * Float(scale) } == values.map { $0 * 2 })
    default: Issue.record("no numbers")
    }
  }

  private static let shapes: [(shape: Shape, found: [Int])] = [
    ([4], [4]), ([2, 2], [2, 2]), ([1, 2, 2], [1, 2, 2]), ([2, 2, 1], [2, 2, 1]),
    ([Dim(symbol: "n")], [4]), ([1, Dim(symbol: "h"), Dim(symbol: "w")], [1, 2, 2]),
  ]

  @Test(arguments: shapes)
  func `rows take the input's shape`(_ pair: (shape: Shape, found: [Int])) throws {
    let (shape, found) = pair
    let path = try folder.write("x", idx(code: 8, shape: [1, 2, 2], [1, 2, 3, 4]))
    let data = try request([.named("x", path, .float, shape)]).load()
    #expect(data["x"]?.rowShape == found)
  }

  @Test func `what does not fit is reported`() throws {
    let good = try folder.write("x", idx(code: 8, shape: [2, 2, 2], Array(0..<8)))
    let labels = try folder.write("y", idx(code: 8, shape: [3], [0, 1, 2]))
    let cases: [([DataBinding], String)] = [
      ([.named("x", good, .float, [3])], "input `x` takes 3 numbers a row, its columns give 4"),
      (
        [.named("x", good, .float, [2, 3])],
        "input `x` takes rows of shape [2, 3], the data has [2, 2]"
      ),
      (
        [.named("x", good, .float, [4, 1, 1, 2])],
        "input `x` takes rows of shape [4, 1, 1, 2], the data has [2, 2]"
      ),
      (
        [.named("x", good, .float, [4]), .named("y", labels)],
        "3 rows for `y`, but `x` has 2 (\(good))"
      ),
      (
        [.named("y", labels, .classes(count: 2))],
        "row 2: class 2 is outside class(2), which takes 0 to 1"
      ),
      ([.named("x", "none")], "no such file"),
      ([.scalar("x", .index(0))], "input `x` takes the path of an IDX file"),
    ]
    for (bindings, message) in cases { #expect(failure(request(bindings))?.message == message) }
    let both = DataRequest(name: "d", reader: "idx", path: good, bindings: [.named("x", good)])
    #expect(failure(both)?.message == "`idx` takes a file for each input")
  }

  private static let damaged: [(bytes: [UInt8], message: String)] = [
    ([], "the file is empty"), ([0, 0, 8], "the file ends within its head"),
    ([0, 0, 8, 2, 0, 0, 0, 1], "the file ends within its head"),
    ([1, 0, 8, 1, 0, 0, 0, 1, 5], "this is no IDX file: it starts with 01 00 08 01"),
    ([0, 0, 7, 1, 0, 0, 0, 1, 5], "this is no IDX file: it starts with 00 00 07 01"),
    ([0, 0, 8, 0, 0, 0, 0, 1, 5], "an IDX file of 0 dimensions, 1 to 8 can be read"),
    ([0, 0, 8, 1, 0, 0, 0, 2, 5], "9 bytes, but an array of shape [2] takes 10"),
    ([0, 0, 8, 1, 0, 0, 0, 1, 5, 5], "more bytes than the 9 of an array of shape [1]"),
    ([0, 0, 8, 1, 0, 0, 0, 0], "there are no rows of data"),
    (
      [0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255],
      "an array of shape [4294967295, 4294967295] is too large"
    ),
  ]

  @Test(arguments: damaged)
  func `damaged files are reported`(_ file: (bytes: [UInt8], message: String)) throws {
    let (bytes, message) = file
    let path = try folder.write("x", bytes)
    #expect(failure(request([.named("x", path)]))?.message == message)
  }
}
