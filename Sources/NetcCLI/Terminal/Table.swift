/// Rows with aligned columns: the first to the left, numbers to the right.
struct Table: Sendable {
  private let header: [String]
  private var rows: [[String]] = []

  init(_ header: [String]) { self.header = header }

  /// Adds a row of as many cells as the header.
  mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines, header first.
  var lines: [String] {
    let all = [header] + rows
    let widths = header.indices.map { column in
      all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return all.map { row in
      let cells = header.indices.map { column in
        let text = column < row.count ? row[column] : ""
        return column == 0 ? text.padded(to: widths[column]) : text.leftPadded(to: widths[column])
      }
      return "  " + cells.joined(separator: "  ")
    }
  }
}
