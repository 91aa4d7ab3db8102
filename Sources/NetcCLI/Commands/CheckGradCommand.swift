import NetcCore
import NetcKit

/// `netc check-grad model.net`: proves the derived gradients.
enum CheckGradCommand: Command {
  static let name = "check-grad"
  static let summary = "prove the derived gradients against central differences"
  static let arguments = "MODEL.net [options]"
  static let discussion = """
    Compares, per parameter and in double, the derived gradient with central differences of the loss,
    through the compiled plan, at batch 2 on the first training rows (random numbers without data).
    The numbers of a small parameter are moved one by one; of a larger one some of them, and all along
    random directions, 4 to 32 by how much work the model is. Differences are extrapolated from
    shrinking steps. A parameter passes when
    ‖a - n‖ ≤ 1e-6·max(‖a‖, ‖n‖) + 1e-9. What crosses a kink at every step is skipped and counted;
    more than one of them and than 1 % is a failure. Exit code 1 when one does not pass.
    """
  static let examples = [
    (line: "netc check-grad examples/hinge.net", meaning: "every parameter of a two-layer network"),
    (line: "netc check-grad model.net --seed 3", meaning: "other parameters and random draws"),
  ]
  static let options: [OptionRule] = [
    .set, .allowOutside, .dim, RunCommand.seed, .threads, .isa, .json, .quiet,
  ]

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    var options = try ModelArguments.runOptions(arguments)
    try reading { () throws(UsageError) in
      options.seed = try arguments.whole(RunCommand.seed, atLeast: 0).map { UInt64($0) }
    }
    let model = try ModelArguments.model(arguments, terminal, precision: .double)
    let showsProgress =
      terminal.isInteractive && !arguments.has(.json) && !arguments.has(.quiet)
    let rows = try running { () throws(NetcError) in
      try model.checkGradients(options: options) { progress in
        if showsProgress { terminal.printRaw("\r\u{1B}[K" + line(progress, terminal.width)) }
      } onRow: { row in
        if arguments.has(.json) { terminal.print(json(row).text) }
      }
    }
    if showsProgress { terminal.printRaw("\r\u{1B}[K") }
    let failures = rows.filter { !$0.passes }
    if !arguments.has(.json), !arguments.has(.quiet) { printRows(rows, terminal) }
    if failures.isEmpty, !rows.isEmpty { return 0 }
    if rows.isEmpty { throw .failed("the loss reaches no parameter, so nothing was compared") }
    throw .failed(
      "\(failures.count) of \(rows.count) gradients disagree: "
        + failures.map(\.parameter).joined(separator: ", "))
  }

  private static func line(_ progress: GradientCheckProgress, _ width: Int) -> String {
    String("\(progress.number)/\(progress.count) \(progress.parameter)".prefix(max(20, width - 1)))
  }

  private static func printRows(_ rows: [GradientCheckRow], _ terminal: Terminal) {
    var table = Table(["gradient", "numbers", "compared", "skipped", "‖a - n‖", "relative", ""])
    for row in rows {
      let relative = row.scale > 0 ? row.difference / row.scale : 0
      table.add([
        "∂\(row.loss)/∂\(row.parameter)", NumberFormat.grouped(row.elements), String(row.compared),
        String(row.skipped),
        NumberFormat.figure(row.difference), NumberFormat.figure(relative),
        row.passes ? "passes" : "DISAGREES",
      ])
    }
    for line in table.lines { terminal.print(line) }
  }

  private static func json(_ row: GradientCheckRow) -> JSONText {
    .object([
      "loss": .string(row.loss), "parameter": .string(row.parameter),
      "elements": .integer(row.elements), "compared": .integer(row.compared),
      "skipped": .integer(row.skipped), "difference": .number(row.difference),
      "scale": .number(row.scale), "passes": .bool(row.passes),
    ])
  }
}
