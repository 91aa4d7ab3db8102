import NetcCore
import NetcData
import Testing

/// Overlapping windows of a file's rows.
@Suite struct WindowTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = try folder.write("series.csv", "t,v,w\n0,10,1\n1,11,2\n2,12,3\n3,13,4\n4,14,5\n")
  }

  private func binding(
    _ input: String, _ selector: DataSelector, _ shape: Shape
  ) -> DataBinding {
    DataBinding(input: input, element: .float, rowShape: shape, selector: selector)
  }

  private func request(
    _ bindings: [DataBinding], _ options: [DataOption] = [DataOption("window", .number(2))]
  ) -> DataRequest { .csv(path, bindings, options) }

  /// The numbers of each row of a column.
  private func rows(_ data: Dataset, _ input: String) throws -> [[Float]] {
    let column = try #require(data[input])
    let numbers = try #require(floats(column))
    return (0..<data.rowCount).map { row in
      let start = column.start(ofRow: row)
      return Array(numbers[start..<start + column.rowSize])
    }
  }

  private let past = DataBinding(
    input: "past", element: .float, rowShape: [Dim(symbol: "time")],
    selector: .column(.name("v")))
  private let next = DataBinding.scalar("next", .name("v"))

  @Test func `a window holds the rows before the one to tell`() throws {
    let both = binding("both", .columns([.name("v"), .name("w")]), [2, 2])
    let data = try request([past, next, both]).load()
    #expect(data.rowCount == 3)
    #expect(data.dimensions == ["time": 2])
    #expect(data["past"]?.rowShape == [2] && data["next"]?.rowShape == [])
    #expect(try rows(data, "past") == [[10, 11], [11, 12], [12, 13]])
    #expect(try rows(data, "next") == [[12], [13], [14]])
    #expect(try rows(data, "both") == [[10, 1, 11, 2], [11, 2, 12, 3], [12, 3, 13, 4]])
    let windows = try #require(data.windows)
    #expect(windows.starts(in: 0..<windows.length) == [0, 1, 2] && !windows.isDrawn)
    #expect(windows.starts(in: 2..<5) == [2] && windows.starts(in: 3..<5) == [])
  }

  @Test func `ahead looks farther, and windows alone reach the end`() throws {
    let far = [DataOption("window", .number(2)), DataOption("ahead", .number(3))]
    let data = try request([past, next], far).load()
    #expect(try rows(data, "past") == [[10, 11]])
    #expect(try rows(data, "next") == [[14]])
    let alone = try request([past]).load()
    #expect(try rows(alone, "past").last == [13, 14])
  }

  @Test func `standardised windows have the statistics of their places`() throws {
    var both = binding("both", .columns([.name("v"), .name("w")]), [2, 2])
    both.standardize = true
    let data = try request([both, next]).load()
    let column = try #require(data["both"])
    #expect(Standardization(column, rows: [0, 1]).means == [10.5, 1.5, 11.5, 2.5])
  }

  @Test func `what makes no windows is said`() throws {
    let two = DataOption("window", .number(2))
    func message(_ options: [DataOption], _ bindings: [DataBinding]? = nil) -> String? {
      failure(request(bindings ?? [past, next], options))?.message
    }
    #expect(
      message([DataOption("window", .number(1.5))]) == "`window` takes a whole number of rows")
    #expect(
      message([two, DataOption("ahead", .number(0))]) == "`ahead` takes a whole number of rows")
    #expect(message([DataOption("ahead", .number(1))]) == "`ahead` belongs to windows")
    #expect(
      message([two, DataOption("id", .string("t"))]) == "`id` and `window` exclude one another")
    #expect(
      message([two, DataOption("drop_missing", .bool(true))])
        == "`drop_missing` and `window` exclude one another")
    #expect(
      message([DataOption("window", .number(5))]) == "the file has 5 rows, a window takes 6")
    #expect(
      message([two], [binding("past", .column(.name("v")), [3]), next])
        == "input `past` takes rows of shape [3], the data has [2]")
  }
}
