package import NetcCore

/// What labels are weighted with so that all classes count alike: n / (k · nᵧ) for a label of class
/// y, with n labels, k classes that occur and nᵧ labels of the class.
package struct ClassWeights: Hashable, Sendable {
  /// The weight of each class; 0 for one that does not occur.
  package let weights: [Double]

  /// The weights of `count` classes by some rows of a column of labels; labels that are no class,
  /// as those to ignore, do not count.
  /// - Complexity: O(rows · row size).
  package init(_ labels: DataColumn, rows: [Int32], count: Int) {
    var counts = [Int](repeating: 0, count: max(0, count))
    for row in rows {
      let start = labels.start(ofRow: Int(row))
      for place in start..<start + labels.rowSize {
        let label = labels.label(place)
        if counts.indices.contains(label) { counts[label] += 1 }
      }
    }
    let total = Double(counts.reduce(0, +))
    let present = Double(counts.count { $0 > 0 })
    weights = counts.map { $0 > 0 ? total / (present * Double($0)) : 0 }
  }

  /// The weight of each label of a column, as a column of the same layout; 0 for labels that are no
  /// class.
  package func column(_ name: String, of labels: DataColumn, precision: Precision) -> DataColumn {
    let numbers = (0..<labels.storage.count).map { place in
      let label = labels.label(place)
      return weights.indices.contains(label) ? weights[label] : 0
    }
    return DataColumn(
      name: name, rowShape: labels.rowShape,
      storage: precision == .single ? .floats(numbers.map { Float($0) }) : .doubles(numbers),
      offset: labels.offset, stride: labels.stride)
  }
}

extension DataColumn {
  fileprivate func label(_ place: Int) -> Int {
    switch storage {
    case .ints(let values): Int(values[place])
    case .bytes(let values, _): Int(values[place])
    case .floats, .doubles: -1
    }
  }
}
