import NetcCore
import NetcKit

/// Losses and metrics for people and for programs: single numbers, one number a class, matrices.
enum FigureText {
  /// Figures that are no single number, each under its name with its indices: a row for numbers in
  /// a line, a table for a matrix, whose rows are the first axis.
  /// - Parameter classNames: the names of the classes of inputs, which stand for indices where no
  ///   other names would do.
  static func tables(_ figures: [Figure], classNames: [String: [String]]) -> [String] {
    let known = Set(classNames.values).filter { !$0.joined().contains(where: \.isNewline) }
    return figures.filter { !$0.isScalar && !$0.values.isEmpty }.flatMap { figure in
      let fitting = known.filter { names in figure.shape.allSatisfy { $0 == names.count } }
      return table(figure, fitting.count == 1 ? fitting.first : nil)
    }
  }

  private static func table(_ figure: Figure, _ names: [String]?) -> [String] {
    let columns = figure.shape[figure.shape.count - 1]
    let texts = cells(figure.values)
    var table = Table([figure.name] + (names ?? (0..<columns).map(String.init)))
    for row in 0..<figure.values.count / columns {
      let head =
        switch figure.shape.count {
        case 1: ""
        case 2: names?[row] ?? String(row)
        default: label(row, figure.shape.dropLast())
        }
      table.add([head] + texts[row * columns..<(row + 1) * columns])
    }
    return table.lines
  }

  /// Whole numbers as such when all are, else four significant digits.
  private static func cells(_ values: [Double]) -> [String] {
    let areWhole = values.allSatisfy { $0 == $0.rounded() && abs($0) < 1e15 }
    return values.map { areWhole ? NumberFormat.grouped(Int($0)) : NumberFormat.figure($0) }
  }

  /// The indices of a row: `3`, or `1, 3` for more than two axes.
  private static func label(_ row: Int, _ shape: ArraySlice<Int>) -> String {
    var rest = row
    var places: [String] = []
    for size in shape.reversed() {
      places.append(String(rest % size))
      rest /= size
    }
    return places.reversed().joined(separator: ", ")
  }

  /// A number, or lists of numbers as deep as the shape.
  static func json(_ figure: Figure) -> JSONText {
    var rest = figure.values[...]
    return nested(&rest, figure.shape[...])
  }

  private static func nested(_ values: inout ArraySlice<Double>, _ shape: ArraySlice<Int>)
    -> JSONText
  {
    guard let size = shape.first else { return .number(values.popFirst() ?? .nan) }
    return .array((0..<size).map { _ in nested(&values, shape.dropFirst()) })
  }
}
