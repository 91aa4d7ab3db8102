import NetcCore
import NetcData
import Testing

@Suite struct TableReaderTests {
  private func request(
    _ x: DataValue, shape: Shape = [2], y: DataValue? = nil, _ element: DataBinding.Element = .float
  ) -> DataRequest {
    var bindings = [DataBinding(input: "x", element: .float, rowShape: shape, selector: .values(x))]
    if let y {
      bindings.append(DataBinding(input: "y", element: element, rowShape: [], selector: .values(y)))
    }
    return DataRequest(name: "tiny", reader: "table", bindings: bindings)
  }

  private func numbers(_ values: Double...) -> DataValue { .list(values.map { .number($0) }) }

  @Test func `rows are laid out one after another`() throws {
    let data = try request(.list([numbers(1, 2), numbers(3, 4)]), y: numbers(1, -1)).load()
    #expect(data.rowCount == 2)
    #expect(floats(data["x"]) == [1, 2, 3, 4])
    #expect(floats(data["y"]) == [1, -1])
  }

  @Test func `rows may be nested deeper, and sizes found`() throws {
    let row = DataValue.list([numbers(1, 2, 3), numbers(4, 5, 6)])
    let data = try request(.list([row, row]), shape: [2, Dim(symbol: "n")]).load()
    #expect(data["x"]?.rowShape == [2, 3])
    #expect(data.dimensions == ["n": 3])
    #expect(floats(data["x"])?.count == 12)
  }

  @Test func `labels may be words`() throws {
    let labels = DataValue.list([.string("b"), .string("a"), .string("b")])
    let data = try request(numbers(1, 2, 3), shape: [], y: labels, .classes(count: 2)).load()
    #expect(ints(data["y"]) == [1, 0, 1])
    #expect(data["y"]?.classNames == ["a", "b"])
  }

  @Test func `lists that do not fit are reported`() throws {
    let nested = DataValue.list([.list([.number(1), numbers(2)])])
    let mixed = DataValue.list([.list([numbers(1, 2), .list([numbers(3), numbers(4)])])])
    let late = DataValue.list([.list([.list([numbers(3)]), .list([.number(1)])])])
    let cases: [(DataRequest, String)] = [
      (request(.list([numbers(1, 2), numbers(3)])), "row 1 of `x`: has shape [1], row 0 has [2]"),
      (
        request(.list([.list([numbers(1, 2), numbers(3)])]), shape: [2, 2]),
        "row 0 of `x`: lists of 2 and of 1 entries side by side"
      ),
      (request(nested), "row 0 of `x`: a list and a number side by side"),
      (request(mixed), "row 0 of `x`: a list and a number side by side"),
      (request(late), "row 0 of `x`: a list and a number side by side"),
      (request(numbers(1, 2)), "input `x` takes rows of shape [2], the data has []"),
      (request(.list([numbers(1, 2)]), y: numbers(1, 2)), "input `y` has 2 rows, `x` has 1"),
      (request(.list([])), "there are no rows of data"),
      (request(.number(1)), "input `x` takes a list with one entry a row"),
      (
        request(.list([numbers(1, 2)]), y: .list([.string("a")])),
        "row 0 of `y`: `a` is not a number"
      ),
      (request(.list([numbers(1, 1e39)])), "row 0 of `x`: `1e+39` is too large for 32 bits"),
      (request(.list([numbers(1, .nan)])), "row 0 of `x`: `nan` is not a finite number"),
      (
        request(.list([numbers(1, 2)]), y: numbers(2), .classes(count: 2)),
        "row 0 of `y`: class 2 is outside class(2), which takes 0 to 1"
      ),
      (
        request(
          numbers(1, 2), shape: [], y: .list([.string("a"), .number(1)]), .classes(count: 1)),
        "row 1 of `y`: `1` is one label too many for class(1)"
      ),
    ]
    for (request, message) in cases { #expect(failure(request)?.description == message) }
    var deep = DataValue.number(1)
    for _ in 0..<1000 { deep = .list([deep]) }
    #expect(failure(request(deep))?.description == "row 0 of `x`: lists are nested too deep")
  }
}
