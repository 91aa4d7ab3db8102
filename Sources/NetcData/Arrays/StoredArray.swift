/// An array as a file holds it, row-major.
struct StoredArray: Hashable, Sendable {
  /// The numbers, by how they are stored.
  enum Values: Hashable, Sendable {
    case bytes([UInt8])
    case floats([Float])
    case doubles([Double])
    /// Whole numbers of up to 64 bits.
    case integers([Int64])

    /// How many there are.
    var count: Int {
      switch self {
      case .bytes(let values): values.count
      case .floats(let values): values.count
      case .doubles(let values): values.count
      case .integers(let values): values.count
      }
    }

    /// One of them as a double.
    subscript(place: Int) -> Double {
      switch self {
      case .bytes(let values): Double(values[place])
      case .floats(let values): Double(values[place])
      case .doubles(let values): values[place]
      case .integers(let values): Double(values[place])
      }
    }
  }

  /// All dimensions; the first counts rows.
  let shape: [Int]
  /// As many numbers as the shape has places.
  let values: Values
  /// The file it was read from, for messages.
  let path: String
}
