/// What `(x - mean) / deviation` takes to give each feature mean 0 and deviation 1 over the
/// training rows.
///
/// The numbers become the frozen states `x.mean` and `x.deviation` of the model.
package struct Standardization: Hashable, Sendable {
  /// The mean of each number of a row.
  package let means: [Double]
  /// The population standard deviation (divided by the count) of each; 1 where all rows are equal.
  package let deviations: [Double]

  /// The figures of a column over some of its rows, in double and two passes.
  ///
  /// Without rows the means are 0 and the deviations 1. Rows outside the column are left out.
  /// - Complexity: O(rows · row size).
  package init(_ column: DataColumn, rows: [Int32]) {
    let size = column.rowSize
    let last = column.storage.count - size
    let starts = rows.map { column.start(ofRow: Int($0)) }.filter { $0 >= 0 && $0 <= last }
    switch column.storage {
    case .floats(let values): self.init(values, starts, size) { Double($0) }
    case .doubles(let values): self.init(values, starts, size) { $0 }
    case .ints(let values): self.init(values, starts, size) { Double($0) }
    case .bytes(let values, let scale):
      self.init(values, starts, size) { Double($0) * scale }
    }
  }

  private init<Value: Equatable>(
    _ values: [Value], _ starts: [Int], _ size: Int, number: (Value) -> Double
  ) {
    var means = [Double](repeating: 0, count: size)
    var deviations = [Double](repeating: 1, count: size)
    guard let first = starts.first else {
      self.means = means
      self.deviations = deviations
      return
    }
    let count = Double(starts.count)
    // Scaling by the count before adding keeps sums of huge numbers finite.
    for start in starts {
      for feature in 0..<size { means[feature] += number(values[start + feature]) / count }
    }
    var squares = [Double](repeating: 0, count: size)
    var isConstant = [Bool](repeating: true, count: size)
    for start in starts {
      for feature in 0..<size {
        let value = values[start + feature]
        if value != values[first + feature] { isConstant[feature] = false }
        let difference = number(value) - means[feature]
        squares[feature] += difference * difference / count
      }
    }
    for feature in 0..<size {
      if isConstant[feature] {
        means[feature] = number(values[first + feature])
      } else if squares[feature] > 0, squares[feature].isFinite {
        deviations[feature] = squares[feature].squareRoot()
      }
    }
    self.means = means
    self.deviations = deviations
  }
}
