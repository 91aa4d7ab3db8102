import Foundation
import NetcCore
import NetcData
import Testing

@Suite struct ExampleDataTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("examples/data").path

  private func load(_ name: String, _ bindings: [DataBinding]) throws -> Dataset {
    try DataRequest.csv("\(name).csv", bindings).load(relativeTo: ExampleDataTests.folder)
  }

  private func histogram(_ column: DataColumn?) -> [Int] {
    var counts: [Int] = []
    for label in ints(column) ?? [] {
      while counts.count <= Int(label) { counts.append(0) }
      counts[Int(label)] += 1
    }
    return counts
  }

  @Test func `the digits`() throws {
    let data = try load(
      "digits", [.floats("x", 0..<64), .scalar("y", .name("digit"), .classes(count: 10))])
    #expect(data.rowCount == 1797)
    #expect(histogram(data["y"]) == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    let pixels = try #require(floats(data["x"]))
    #expect(pixels.count == 1797 * 64)
    #expect(pixels.min() == 0)
    #expect(pixels.max() == 16)
  }

  @Test func `the irises`() throws {
    let data = try load(
      "iris", [.floats("x", 0..<4), .scalar("y", .name("species"), .classes(count: 3))])
    #expect(histogram(data["y"]) == [50, 50, 50])
    #expect(floats(data["x"])?.prefix(4) == [5.1, 3.5, 1.4, 0.2])
  }

  @Test func `the tumours, with mean and deviation of their first feature`() throws {
    let data = try load(
      "breast_cancer", [.floats("x", 0..<30), .scalar("y", .name("benign"), .classes(count: 2))])
    #expect(histogram(data["y"]) == [212, 357])
    let column = try #require(data["x"])
    let figures = Standardization(column, rows: (0..<569).map(Int32.init))
    #expect(abs(figures.means[0] - 14.127_291_7) < 1e-6)
    #expect(abs(figures.deviations[0] - 3.520_950_8) < 1e-6)
  }

  @Test func `the moons and the diabetes figures`() throws {
    let moons = try load("moons", [.floats("x", 0..<2), .scalar("z", .name("z"))])
    #expect(moons.rowCount == 400)
    #expect(Set(floats(moons["z"]) ?? []) == [-1, 1])
    let diabetes = try load("diabetes", [.floats("x", 0..<10), .scalar("y", .name("progression"))])
    #expect(diabetes.rowCount == 442)
    #expect(floats(diabetes["y"])?.first == 151)
  }
}
