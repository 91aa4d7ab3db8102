import NetcCore
import NetcData
import Testing

@Suite struct SequenceTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = try folder.write(
      "s.csv",
      """
      series,t,a,b,label,class
      u,2,3,30,7,1
      v,1,4,40,8,0
      u,1,1,10,7,2
      u,3,5,50,7,0

      """)
  }

  private static let time = Dim(symbol: "time")

  private func stored(_ numbers: [Double], _ precision: Precision) -> DataColumn.Storage {
    precision == .single ? .floats(numbers.map { Float($0) }) : .doubles(numbers)
  }

  private func binding(
    _ input: String, _ selector: DataSelector, _ shape: Shape,
    _ element: DataBinding.Element = .float
  ) -> DataBinding {
    DataBinding(input: input, element: element, rowShape: shape, selector: selector)
  }

  private func request(
    _ bindings: [DataBinding], id: String? = "series", order: String? = "t"
  ) -> DataRequest {
    var request = DataRequest.csv(path, bindings)
    if let id { request.options.append(DataOption("id", .string(id))) }
    if let order { request.options.append(DataOption("order", .string(order))) }
    return request
  }

  @Test(arguments: Precision.allCases)
  func `rows become padded sequences in their order`(precision: Precision) throws {
    let data = try request([
      binding("x", .columns([.name("a"), .name("b")]), [Self.time, 2]),
      binding("one", .column(.name("a")), [Self.time]),
      binding("m", .mask, [Self.time]),
      binding("y", .column(.name("label")), []),
      binding("c", .column(.name("class")), [Self.time], .classes(count: 3, ignore: 255)),
    ]).load(precision: precision)
    #expect(data.rowCount == 2)
    #expect(data.dimensions == ["time": 3])
    #expect(data["x"]?.rowShape == [3, 2])
    let x: [Double] = [1, 10, 3, 30, 5, 50, 4, 40, 0, 0, 0, 0]
    #expect(data["x"]?.storage == stored(x, precision))
    #expect(data["one"]?.rowShape == [3])
    #expect(data["m"]?.storage == .bytes([1, 1, 1, 1, 0, 0], scale: 1))
    #expect(data["y"]?.storage == stored([7, 8], precision))
    #expect(ints(data["c"]) == [2, 1, 0, 0, 255, 255])
  }

  @Test func `a declared time pads further`() throws {
    let data = try request([binding("x", .column(.index(2)), [4])]).load()
    #expect(floats(data["x"]) == [1, 3, 5, 0, 4, 0, 0, 0])
    let unordered = try request([binding("x", .column(.index(2)), [4])], order: nil).load()
    #expect(floats(unordered["x"]) == [3, 1, 5, 0, 4, 0, 0, 0])
  }

  @Test func `orders are compared in double`() throws {
    let path = try folder.write("o.csv", "s,t,a\nu,1700000001,2\nu,1700000000,1\n")
    var request = DataRequest.csv(path, [binding("x", .column(.name("a")), [2])])
    request.options = [DataOption("id", .string("s")), DataOption("order", .string("t"))]
    #expect(floats(try request.load()["x"]) == [1, 2])
  }

  @Test func `what does not fit is reported`() throws {
    let a = DataSelector.column(.name("a"))
    let cases: [(DataRequest, String)] = [
      (request([binding("x", a, [2])]), "sequence `u` has 3 rows, input `x` takes 2"),
      (request([binding("x", a, [])]), "input `x` changes within sequence `u`"),
      (
        request([binding("x", a, [Self.time, 2])]),
        "input `x` takes [time, 2] a sequence, its columns give [time]"
      ),
      (
        request([binding("m", .mask, [Self.time], .int)]),
        "input `m` takes a mask, which is float[batch, time] or bool[batch, time]"
      ),
      (request([binding("x", a, [4])], id: "serie"), "there is no column `serie`"),
      (
        request([binding("x", a, [4])], order: "label"),
        "sequence `u` has two rows with order 7"
      ),
      (request([binding("x", a, [])], id: nil), "`order` belongs to sequences"),
      (request([binding("m", .mask, [3])], id: nil, order: nil), "`mask()` belongs to sequences"),
    ]
    for (request, message) in cases { #expect(failure(request)?.message == message) }
    var standard = request([binding("x", .columns([.name("a")]), [Self.time, 1])])
    standard.options.append(DataOption("standardize", .bool(true)))
    #expect(
      failure(standard)?.message
        == "`standardize` does not go with sequences: the padding would count")
  }

  @Test func `several files are read one after another`() throws {
    let second = try folder.write("t.csv", "b,a\n5,6\n7,8\n")
    let first = try folder.write("f.csv", "a,b\n1,2\n")
    var request = DataRequest.csv(first, [.scalar("x", .name("a")), .scalar("y", .name("b"))])
    request.morePaths = ["t.csv"]
    let data = try request.load(relativeTo: folder.path)
    #expect(floats(data["x"]) == [1, 6, 8])
    #expect(floats(data["y"]) == [2, 5, 7])
    let other = try folder.write("o.csv", "a,c\n1,2\n")
    request.morePaths = [second, other]
    #expect(failure(request)?.description == "\(other):1: there is no column `b`")
    let many = DataRequest(name: "d", reader: "npz", path: first, bindings: [])
    var two = many
    two.morePaths = [second]
    #expect(failure(two)?.message == "`npz` takes one path")
  }

  @Test func `weights bring classes to equal count`() throws {
    let labels = DataColumn(name: "y", rowShape: [], storage: .ints([0, 0, 0, 2, 255, 1]))
    let weights = ClassWeights(labels, rows: [0, 1, 2, 3, 4], count: 4)
    let common = 4.0 / 6
    #expect(weights.weights == [common, 0, 2, 0])
    let column = weights.column("w", of: labels, precision: .double)
    let expected = [common, common, common, 2, 0, 0]
    #expect(column.storage == .doubles(expected))
  }
}
