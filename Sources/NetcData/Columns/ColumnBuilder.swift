import NetcCore

/// Collects the values of one input, converted and checked, one after another.
struct ColumnBuilder {
  private let binding: DataBinding
  private let precision: Precision
  private let standardize: Bool
  private var floats: [Float] = []
  private var doubles: [Double] = []
  private var ints: [Int32] = []
  private var bytes: [UInt8] = []
  private var classes: ClassLabels?

  /// A builder for a binding; `standardize` is passed on to the column.
  init(_ binding: DataBinding, precision: Precision, standardize: Bool) {
    self.binding = binding
    self.precision = precision
    self.standardize = standardize
    if case .classes(let count, let ignore, let names) = binding.element {
      classes = ClassLabels(count: count, ignore: ignore, names: names)
    }
  }

  /// Whether a missing value can stand: a class with a number to ignore.
  var admitsMissing: Bool { classes?.ignore != nil }

  /// Appends a number.
  /// - Throws: ValueProblem when the input cannot hold it.
  mutating func append(_ number: Double) throws(ValueProblem) {
    switch binding.element {
    case .float:
      if precision == .single {
        let narrow = Float(number)
        guard narrow.isFinite else { throw outOfRange(number) }
        floats.append(narrow)
      } else {
        guard number.isFinite else { throw outOfRange(number) }
        doubles.append(number)
      }
    case .int:
      guard let whole = Int32(exactly: number) else {
        throw ValueProblem(
          message: number.rounded() == number
            ? "`\(numberText(number))` does not fit 32 bits"
            : "`\(numberText(number))` is not a whole number",
          help: "input `\(binding.input)` holds whole numbers")
      }
      ints.append(whole)
    case .bool:
      guard number == 0 || number == 1 else { throw notTruth(numberText(number)) }
      bytes.append(number == 1 ? 1 : 0)
    case .classes:
      if let label = try classes?.number(number) { ints.append(label) }
    }
  }

  /// Appends a value that is no number.
  /// - Throws: ValueProblem when the input cannot hold it.
  mutating func append(_ text: String) throws(ValueProblem) {
    switch binding.element {
    case .bool:
      switch text.lowercased() {
      case "true": bytes.append(1)
      case "false": bytes.append(0)
      default: throw notTruth(text)
      }
    case .classes:
      if let label = try classes?.name(text) { ints.append(label) }
    case .float, .int:
      let isDecimalComma = text.contains(",") && !text.contains { $0.isLetter }
      throw ValueProblem(
        message: "`\(shown(text))` is not a number",
        help: isDecimalComma ? "decimals are written with a point" : nil)
    }
  }

  /// Appends the number that stands for a missing label.
  mutating func appendMissing() { ints.append(ClassLabels.missing) }

  /// Whether a value that looks like a number has to be appended as text, since it may name a
  /// class.
  var takesNames: Bool { classes?.takesNames ?? false }

  /// The column of all values.
  /// - Throws: ValueProblem when the labels do not make up the input's classes.
  consuming func column(rowShape: [Int]) throws(ValueProblem) -> DataColumn {
    var names: [String]?
    let storage: DataColumn.Storage
    switch binding.element {
    case .float: storage = precision == .single ? .floats(floats) : .doubles(doubles)
    case .int: storage = .ints(ints)
    case .bool: storage = .bytes(bytes, scale: 1)
    case .classes:
      let order = try classes?.finish()
      names = order?.names
      storage = .ints(order?.apply(to: ints) ?? ints)
    }
    return DataColumn(
      name: binding.input, rowShape: rowShape, storage: storage, classNames: names,
      standardize: standardize)
  }

  private func outOfRange(_ number: Double) -> ValueProblem {
    if number.isNaN { return ValueProblem(message: "`nan` is not a finite number") }
    return ValueProblem(
      message: number.isInfinite
        ? "the number is too large" : "`\(numberText(number))` is too large for 32 bits",
      help: "the largest is about \(precision == .single ? "3.4e38" : "1.8e308")")
  }

  private func notTruth(_ text: String) -> ValueProblem {
    ValueProblem(
      message: "`\(shown(text))` is no truth value",
      help: "input `\(binding.input)` takes true, false, 1 or 0")
  }
}
