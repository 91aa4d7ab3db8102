import NetcCore
import NetcSemantics

/// Which parameters of a model the stored ones are: each the first of its shape that is not taken;
/// where
/// there is none, the first ones of the same leading sizes whose last sizes add up, as query, key
/// and value.
struct BenchmarkParameters {
  private let dimensions: DimBindings
  private var open: [(name: String, shape: [Int])]

  init(_ compiled: CompiledModel, dimensions: DimBindings) {
    self.dimensions = dimensions
    open = compiled.model.parameters.map { ($0.name, $0.type.shape.sizes(dimensions) ?? []) }
  }

  /// The model's tensors that a stored parameter holds.
  /// - Throws: `NetcError.feed` when none fits.
  mutating func match(
    _ stored: BenchmarkData.StoredParameter
  ) throws(NetcError) -> [(name: String, tensor: Tensor)] {
    let places: [Int]
    if let place = open.firstIndex(where: { $0.shape == stored.shape }) {
      places = [place]
    } else {
      places = splitting(stored.shape)
    }
    guard !places.isEmpty else {
      throw .feed("no parameter of the program fits `\(stored.name)` of shape \(stored.shape)")
    }
    let width = stored.shape.last ?? 1
    var first = 0
    var result: [(name: String, tensor: Tensor)] = []
    for place in places {
      let (name, shape) = open[place]
      let columns = places.count == 1 ? first..<width : first..<first + (shape.last ?? 1)
      let values = places.count == 1 ? stored.values : stored.values.columns(columns, of: width)
      guard let tensor = Tensor(shape: shape, .float(values)) else {
        internalError("benchmark: `\(stored.name)` does not fill `\(name)`")
      }
      result.append((name, tensor))
      first = columns.upperBound
    }
    for place in places.reversed() { open.remove(at: place) }
    return result
  }

  /// The names of the parameters nothing was stored for.
  var missing: [String] { open.map(\.name) }

  private func splitting(_ shape: [Int]) -> [Int] {
    guard let wanted = shape.last else { return [] }
    var places: [Int] = []
    var width = 0
    for (place, one) in open.enumerated()
    where one.shape.count == shape.count && one.shape.dropLast() == shape.dropLast() {
      places.append(place)
      width += one.shape.last ?? 0
      if width >= wanted { break }
    }
    return width == wanted ? places : []
  }
}

extension [Float] {
  /// Some columns of rows of `width` numbers.
  fileprivate func columns(_ columns: Range<Int>, of width: Int) -> [Float] {
    stride(from: 0, to: count, by: Swift.max(1, width)).flatMap {
      self[$0 + columns.lowerBound..<$0 + columns.upperBound]
    }
  }
}
