import NetcCore
import NetcData
import NetcKit

/// `netc predict model.net`: outputs of saved parameters.
enum PredictCommand: Command {
  static let name = "predict"
  static let summary = "print the outputs of saved parameters as CSV"
  static let arguments = "MODEL.net [options]"
  static let discussion = """
    Reads rows as the file's `data` statement says, raw as they are: standardisation is part of the
    model. Labels are not needed. One line a row, columns OUTPUT or OUTPUT[0], OUTPUT[1], …
    What `argmax` chooses is printed by its name where the training data named its classes.
    """
  static let examples = [
    (
      line: "netc predict examples/digits.net --data new.csv",
      meaning: "every output for the rows of new.csv"
    ),
    (
      line: "netc predict model.net --output code --out codes.csv",
      meaning: "one output, into a file"
    ),
  ]
  static let data = OptionRule(
    "--data", value: "FILE", "rows to predict, read like the file's data")
  static let output = OptionRule(
    "--output", value: "NAME", repeats: true, "an output wanted (default: all)")
  static let out = OptionRule(
    "--out", value: "FILE", "where the CSV goes (default: standard output)")
  static let options: [OptionRule] = [
    .weights, data, output, out, .set, .allowOutside, .dim, .threads, .precision, .isa, .json,
  ]

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    let options = try ModelArguments.runOptions(arguments)
    let model = try ModelArguments.model(arguments, terminal)
    let saved = try ModelArguments.saved(model, arguments)
    let predictions = try running { () throws(NetcError) in
      try Evaluator(model, saved: saved, options: options)
        .predict(path: arguments.value(data), outputs: arguments.all(output))
    }
    let text = arguments.has(.json) ? jsonLines(predictions) : csv(predictions)
    if let path = arguments.value(out) {
      do { try writeAtomically(Array(text.utf8), to: path) } catch {
        throw .failed(error.description)
      }
    } else {
      terminal.printRaw(text)
    }
    return 0
  }

  /// Rows: the examples, which the outputs of most rows count; other outputs are repeated whole on
  /// each row.
  private static func rowCount(_ predictions: [Prediction]) -> Int {
    predictions.compactMap { $0.tensor.shape.first }.max() ?? 1
  }

  /// Numbers on each row.
  private static func rowSize(_ prediction: Prediction, rows: Int) -> Int {
    isCounted(prediction, rows)
      ? prediction.tensor.shape.dropFirst().reduce(1, *) : prediction.tensor.count
  }

  /// Whether its first dimension counts the rows.
  private static func isCounted(_ prediction: Prediction, _ rows: Int) -> Bool {
    prediction.tensor.shape.first == rows
  }

  /// The numbers of a row.
  private static func cells(_ prediction: Prediction, row: Int, of rows: Int) -> [JSONText] {
    let size = rowSize(prediction, rows: rows)
    let start = isCounted(prediction, rows) ? row * size : 0
    return (start..<start + size).map { place in
      switch prediction.tensor.storage {
      case .float(let values): .float(values[place])
      case .double(let values): .number(values[place])
      case .int(let values): named(Int(values[place]), prediction.classNames)
      case .bool(let values): .bool(values[place])
      }
    }
  }

  /// A class by its name where it has one.
  private static func named(_ value: Int, _ names: [String]?) -> JSONText {
    guard let names, names.indices.contains(value) else { return .integer(value) }
    return .string(names[value])
  }

  /// A cell as CSV has it: NaN and infinities by name, words in quotes where they need them.
  private static func text(_ cell: JSONText) -> String {
    switch cell {
    case .string(let word): CSVWriter.Cell.text(word).written
    case .float(let value) where !value.isFinite: value.description
    case .number(let value) where !value.isFinite: value.description
    default: cell.text
    }
  }

  private static func csv(_ predictions: [Prediction]) -> String {
    let rows = rowCount(predictions)
    let head = predictions.flatMap { prediction in
      let size = rowSize(prediction, rows: rows)
      return size == 1 ? [prediction.name] : (0..<size).map { "\(prediction.name)[\($0)]" }
    }
    var lines = [head.joined(separator: ",")]
    for row in 0..<rows {
      lines.append(
        predictions.flatMap { cells($0, row: row, of: rows).map(text) }.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func jsonLines(_ predictions: [Prediction]) -> String {
    let rows = rowCount(predictions)
    var lines = ""
    for row in 0..<rows {
      let members = predictions.map { prediction in
        let cells = cells(prediction, row: row, of: rows)
        let rank = prediction.tensor.shape.count - (isCounted(prediction, rows) ? 1 : 0)
        let value = rank == 0 ? cells.first ?? .null : .array(cells)
        return JSONText.Member(prediction.name, value)
      }
      lines += JSONText.object(members).text + "\n"
    }
    return lines
  }
}
