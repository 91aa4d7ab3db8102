import NetcCore

/// The columns of a file: their number and, when the first row names them, their names.
struct CSVHeader {
  /// The first row's words; nil for a file without a header.
  let names: [String]?
  /// How many fields each row has.
  let count: Int
  private let path: String

  /// What the first row says.
  ///
  /// Undecided by the program, it is a header when none of its fields is a number, or when it holds
  /// every name the program asks for.
  init(_ first: CSVRecord, request: DataRequest, isHeader: Bool?, path: String) {
    count = first.fields.count
    self.path = path
    let words = first.fields.indices.map { first.text($0) }
    let wanted = request.bindings.flatMap(\.selector.names)
    let holdsNames = !wanted.isEmpty && wanted.allSatisfy(words.contains)
    let hasNumber = first.fields.contains { decimal(first.bytes, $0.range) != nil }
    names = isHeader ?? (holdsNames || !hasNumber) ? words : nil
  }

  /// The fields a binding takes, in its order.
  /// - Throws: DataError for a column that is not there, with the nearest name.
  func fields(of binding: DataBinding) throws(DataError) -> [Int] {
    switch binding.selector {
    case .column(let reference): return try fields(of: reference, binding)
    case .columns(let references):
      var result: [Int] = []
      for reference in references { result += try fields(of: reference, binding) }
      return result
    default:
      throw DataError(
        "input `\(binding.input)` takes a column of the file",
        help: "write \(binding.input): column(\"…\") or columns(…)", range: binding.range)
    }
  }

  private func fields(
    of reference: DataColumnReference, _ binding: DataBinding
  ) throws(DataError) -> [Int] {
    switch reference {
    case .name(let name): return [try field(named: name, range: binding.range)]
    case .index(let index):
      let field = index < 0 ? count &+ index : index
      guard (0..<count).contains(field) else {
        throw DataError(
          "there is no column \(index), the file has \(count)", path: path,
          help: "columns count from 0 to \(count - 1), or from -1 backwards", range: binding.range)
      }
      return [field]
    case .range(let lower, let upper):
      guard lower >= 0, lower <= upper, upper <= count else {
        throw DataError(
          "there are no columns \(lower)..<\(upper), the file has \(count)", path: path,
          help: "the whole range is 0..<\(count)", range: binding.range)
      }
      return Array(lower..<upper)
    }
  }

  /// The field of a name.
  /// - Throws: DataError when there is none or two of them.
  func field(named name: String, range: SourceRange?) throws(DataError) -> Int {
    guard let names else {
      throw DataError(
        "there is no column `\(name)`: the first row is not a header", path: path, line: 1,
        help: "name it by position, as column(0), or write header: true", range: range)
    }
    guard let field = names.firstIndex(of: name) else {
      let near = suggestion(for: name, among: names).map { "did you mean `\(shown($0))`?" }
      let some = names.prefix(12).map { "`\(shown($0))`" }.joined(separator: ", ")
      let rest = names.count > 12 ? " and \(names.count - 12) more" : ""
      throw DataError(
        "there is no column `\(name)`", path: path, line: 1,
        help: near ?? "columns are \(some)\(rest)",
        range: range)
    }
    guard names.lastIndex(of: name) == field else {
      throw DataError(
        "two columns are called `\(name)`", path: path, line: 1,
        help: "name it by position, as column(\(field))", range: range)
    }
    return field
  }
}

extension DataSelector {
  /// The names of columns it asks for.
  fileprivate var names: [String] {
    let references: [DataColumnReference] =
      switch self {
      case .column(let reference): [reference]
      case .columns(let references): references
      default: []
      }
    return references.compactMap { if case .name(let name) = $0 { name } else { nil } }
  }
}
