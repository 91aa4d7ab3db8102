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
    """
  static let examples = [
    (line: "netc predict examples/digits.net --data new.csv", meaning: "every output for the rows of new.csv"),
    (line: "netc predict model.net --output code --out codes.csv", meaning: "one output, into a file"),
  ]
  static let data = OptionRule("--data", value: "FILE", "rows to predict, read like the file's data")
  static let output = OptionRule("--output", value: "NAME", repeats: true, "an output wanted (default: all)")
  static let out = OptionRule("--out", value: "FILE", "where the CSV goes (default: standard output)")
  static let options: [OptionRule] = [
    .weights, data, output, out, .set, .dim, .threads, .precision, .isa, .json,
  ]

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure) -> Int32 {
    let options = try ModelArguments.runOptions(arguments)
    let model = try ModelArguments.model(arguments, terminal)
    let saved = try ModelArguments.saved(model, arguments)
    let predictions = try running { () throws(NetcError) in
      try Evaluator(model, saved: saved, options: options)
        .predict(path: arguments.value(data), outputs: arguments.all(output))
    }
    let text = arguments.has(.json) ? jsonLines(predictions) : csv(predictions)
    if let path = arguments.value(out) {
      do { try writeAtomically(Array(text.utf8), to: path) } catch { throw .failed(error.description) }
    } else {
      terminal.printRaw(text)
    }
    return 0
  }

  /// Rows counted by the first dimension; outputs without one are repeated on each row.
  private static func rowCount(_ predictions: [Prediction]) -> Int {
    predictions.compactMap { $0.tensor.shape.first }.max() ?? 1
  }

  private static func rowSize(_ prediction: Prediction) -> Int {
    prediction.tensor.shape.dropFirst().reduce(1, *)
  }

  private static func cells(_ prediction: Prediction, row: Int) -> [String] {
    let size = rowSize(prediction)
    let start = prediction.tensor.shape.isEmpty ? 0 : row * size
    return (start..<start + size).map { place in
      switch prediction.tensor.storage {
      case .float(let values): values[place].description
      case .double(let values): numberText(values[place])
      case .int(let values): String(values[place])
      case .bool(let values): values[place] ? "true" : "false"
      }
    }
  }

  private static func csv(_ predictions: [Prediction]) -> String {
    let head = predictions.flatMap { prediction in
      let size = rowSize(prediction)
      return size == 1 ? [prediction.name] : (0..<size).map { "\(prediction.name)[\($0)]" }
    }
    var lines = [head.joined(separator: ",")]
    for row in 0..<rowCount(predictions) {
      lines.append(predictions.flatMap { cells($0, row: row) }.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func jsonLines(_ predictions: [Prediction]) -> String {
    var lines = ""
    for row in 0..<rowCount(predictions) {
      let members = predictions.map { prediction in
        let texts = cells(prediction, row: row).map { text in
          Double(text).map(JSONText.number) ?? .string(text)
        }
        let value: JSONText = prediction.tensor.shape.count <= 1 ? texts[0] : .array(texts)
        return JSONText.Member(prediction.name, value)
      }
      lines += JSONText.object(members).text + "\n"
    }
    return lines
  }
}
