import NetcCore
import NetcData
import Testing

@Suite struct StandardizationTests {
  private func column(_ storage: DataColumn.Storage, _ size: Int) -> DataColumn {
    DataColumn(name: "x", rowShape: [size], storage: storage)
  }

  @Test func `mean and deviation are those of the rows named`() {
    let x = column(.doubles([1, 10, 2, 20, 4, 30, 1000, -7]), 2)
    let figures = Standardization(x, rows: [0, 1, 2])
    #expect(figures.means.map { ($0 * 1e12).rounded() } == [2_333_333_333_333, 20_000_000_000_000])
    #expect(abs(figures.deviations[0] - (14.0 / 9).squareRoot()) < 1e-14)
    #expect(abs(figures.deviations[1] - (200.0 / 3).squareRoot()) < 1e-13)
  }

  @Test(arguments: [0.1, 0, 1e300, -3.7])
  func `a constant feature has deviation 1 and its own value as mean`(value: Double) {
    let figures = Standardization(
      column(.doubles(Array(repeating: value, count: 7)), 1), rows: [0, 3, 5, 6])
    #expect(figures.means == [value])
    #expect(figures.deviations == [1])
  }

  @Test func `large offsets do not swallow the deviation`() {
    let values = (0..<1000).map { 1e9 + Double($0 % 2) }
    let figures = Standardization(column(.doubles(values), 1), rows: (0..<1000).map(Int32.init))
    #expect(abs(figures.deviations[0] - 0.5) < 1e-9)
  }

  @Test func `every storage counts, rows outside do not`() {
    let rows: [Int32] = [0, 1, 9, -1]
    #expect(Standardization(column(.floats([1, 3]), 1), rows: rows).means == [2])
    #expect(Standardization(column(.ints([1, 3]), 1), rows: rows).deviations == [1])
    #expect(Standardization(column(.bytes([2, 6], scale: 0.5), 1), rows: rows).means == [2])
    let none = Standardization(column(.floats([1, 3]), 1), rows: [])
    #expect(none.means == [0])
    #expect(none.deviations == [1])
  }
}
