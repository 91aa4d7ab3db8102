import NetcCore
import NetcGraph
import NetcRuntime
import Testing

@Suite struct PersistentLayoutTests {
  private static let parameters: [(name: String, size: Int)] = [
    ("a.weight", 5000), ("a.bias", 10), ("n.scale", 37), ("n.bias", 37), ("alone", 1),
    ("b.weight", 16), ("b.bias", 3), ("x.bias.y", 4),
  ]

  private func layout(_ precision: Precision) throws -> PersistentLayout {
    let states = Self.parameters.flatMap { name, size in
      [(name + ".adam.m", size), (name + ".adam.v", size)]
    }
    return try PersistentLayout(
      (Self.parameters + states).map { ($0, TensorType(.float, [Dim($1)])) }, precision: precision)
  }

  /// Small states lie as far from one another as their parameters.
  @Test(arguments: Precision.allCases)
  func `small states lie as their parameters`(precision: Precision) throws {
    let layout = try layout(precision)
    let small = Self.parameters.filter { $0.size < 100 }.map(\.name)
    func places(_ state: String) throws -> [Int] {
      let places = try small.map { try #require(layout[$0 + state]).offset }
      return places.map { $0 - places[0] }
    }
    #expect(try places("") == places(".adam.m"))
    #expect(try places("") == places(".adam.v"))
    let biases = try ["a.bias", "n.bias", "b.bias"].map { try #require(layout[$0]) }
    #expect(biases[0].end == biases[1].offset && biases[1].end == biases[2].offset)
  }

  @Test(arguments: Precision.allCases)
  func `tensors lie apart, listed as given`(precision: Precision) throws {
    let layout = try layout(precision)
    #expect(layout.entries.prefix(Self.parameters.count).map(\.name) == Self.parameters.map(\.name))
    var end = 0
    for entry in layout.entries.sorted(by: { $0.offset < $1.offset }) {
      #expect(entry.offset == end && entry.offset % 64 == 0)
      end = entry.end
    }
    #expect(end == layout.bytes)
  }
}
