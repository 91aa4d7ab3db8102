import NetcCore

/// Which rows of a long table make up each sequence, and their places in it.
struct SequenceGroups {
  /// The rows of each sequence in their order; sequences by their first row.
  let rows: [[Int]]
  /// What each sequence is called in the file.
  let names: [String]

  /// Rows of the longest sequence.
  var longest: Int { rows.reduce(0) { max($0, $1.count) } }

  /// Groups rows by a name each and sorts each group by a number each; without numbers, rows stay
  /// in the file's order.
  /// - Throws: DataError when two rows of a sequence have the same number.
  init(names: [String], order: [Double]?, path: String) throws(DataError) {
    var groups: [[Int]] = []
    var found: [String] = []
    var places: [String: Int] = [:]
    for (row, name) in names.enumerated() {
      if let place = places[name] {
        groups[place].append(row)
      } else {
        places[name] = groups.count
        groups.append([row])
        found.append(name)
      }
    }
    if let order {
      for place in groups.indices {
        groups[place].sort { (order[$0], $0) < (order[$1], $1) }
        for (row, next) in zip(groups[place], groups[place].dropFirst())
        where order[row] == order[next] {
          throw DataError(
            "sequence `\(shown(found[place]))` has two rows with order \(numberText(order[row]))",
            path: path, help: "`order` names a column whose numbers differ within a sequence")
        }
      }
    }
    rows = groups
    self.names = found
  }
}
