import NetcCore
import NetcKit

/// Shows a training run: a bar on a terminal, a line an epoch elsewhere, JSON lines on request.
struct TrainingPrinter {
  /// How the run is shown.
  enum Style { case bar, lines, json, quiet }

  private let terminal: Terminal
  private let style: Style
  private var columns: [String] = []
  private var barIsShown = false
  private var totalEpochs: Int?
  private var hasHeader = false

  init(_ terminal: Terminal, style: Style) {
    self.terminal = terminal
    self.style = style
  }

  /// Shows one event.
  mutating func show(_ event: TrainingEvent) {
    switch event {
    case .started(let start): showStart(start)
    case .progress(let progress): showProgress(progress)
    case .epoch(let report): showEpoch(report)
    case .warning(let text):
      clearBar()
      terminal.printError("warning: \(text)")
    }
  }

  /// Takes the bar away, so that what follows starts on a line of its own.
  mutating func clearBar() {
    guard barIsShown else { return }
    terminal.printRaw("\r\u{1B}[K")
    barIsShown = false
  }

  private mutating func showStart(_ start: TrainingStart) {
    totalEpochs = start.epochs
    guard style == .bar || style == .lines else { return }
    var text = "training on \(NumberFormat.grouped(start.trainingExamples)) examples"
    if start.validationExamples > 0 {
      text += ", validating on \(NumberFormat.grouped(start.validationExamples))"
    }
    text += "; \(NumberFormat.grouped(start.parameterCount)) parameters"
    text += ", \(start.threads) thread\(start.threads == 1 ? "" : "s")"
    terminal.print(text)
    if start.droppedRows > 0 {
      let rows =
        "\(NumberFormat.grouped(start.droppedRows)) row\(start.droppedRows == 1 ? "" : "s")"
      terminal.print("left out: \(rows) with missing values")
    }
    if !start.standardized.isEmpty {
      terminal.print("standardized: \(start.standardized.joined(separator: ", "))")
    }
  }

  private mutating func showProgress(_ progress: TrainingProgress) {
    guard style == .bar else { return }
    let share = Double(progress.stepInEpoch) / Double(max(1, progress.stepsPerEpoch))
    let filled = Int((share * 20).rounded())
    let bar = String(repeating: "━", count: filled) + String(repeating: "╌", count: 20 - filled)
    var text = "epoch \(progress.epoch)" + (totalEpochs.map { "/\($0)" } ?? "") + " \(bar)"
    for figure in progress.train where figure.isScalar {
      text += "  \(figure.name) \(NumberFormat.figure(figure.value))"
    }
    text += "  \(NumberFormat.rate(progress.examplesPerSecond)) examples/s"
    if let left = progress.secondsLeft { text += "  \(NumberFormat.duration(left)) left" }
    terminal.printRaw("\r\u{1B}[K" + String(text.prefix(max(20, terminal.width - 1))))
    barIsShown = true
  }

  private mutating func showEpoch(_ report: EpochReport) {
    clearBar()
    switch style {
    case .quiet: return
    case .json: terminal.print(TrainingJSON.epoch(report).text)
    case .bar, .lines: showRow(report)
    }
  }

  private mutating func showRow(_ report: EpochReport) {
    let train = report.train.filter(\.isScalar).map {
      (head: $0.name, text: NumberFormat.figure($0.value))
    }
    let validation = report.validation.filter(\.isScalar).map {
      (head: "val \($0.name)", text: NumberFormat.figure($0.value))
    }
    let cells = train + validation
    if !hasHeader {
      hasHeader = true
      columns = cells.map(\.head)
      let heads = columns.map { $0.leftPadded(to: Self.width($0)) }
      terminal.print((["epoch", "   step"] + heads + ["examples/s"]).joined(separator: "  "))
    }
    var parts = [String(report.epoch).leftPadded(to: 5), String(report.step).leftPadded(to: 7)]
    parts += zip(cells, columns).map { $0.text.leftPadded(to: Self.width($1)) }
    parts.append(NumberFormat.rate(report.examplesPerSecond).leftPadded(to: 10))
    terminal.print(parts.joined(separator: "  ") + (report.isBest ? "  *" : ""))
  }

  private static func width(_ head: String) -> Int { max(9, head.count) }
}
