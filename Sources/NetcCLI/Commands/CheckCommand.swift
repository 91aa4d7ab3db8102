import NetcCore
import NetcKit

/// `netc check model.net`: what is known before any data is read.
enum CheckCommand: Command {
  static let name = "check"
  static let summary = "check a model and print its parameters, work and memory"
  static let arguments = "MODEL.net [options]"
  static let discussion = """
    Reads no data. Prints the inputs, every parameter with its shape, multiply-adds per example, the
    peak of live bytes as a formula in the batch size, the exact size of the arena that `run` will
    use, with `--memory` also of the one that fits into it, and whether each loss is convex in the
    parameters: where the rules of disciplined convex programming do not prove that, the operation
    they stopped at.
    """
  static let examples = [
    (line: "netc check examples/digits.net", meaning: "shapes, parameters and memory"),
    (
      line: "netc check model.net --set hidden=512 --json",
      meaning: "the same as JSON, for another width"
    ),
  ]
  static let options: [OptionRule] = [
    .set, .allowOutside, .dim, .memory, .precision, .json, .quiet,
  ]

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    let options = try ModelArguments.runOptions(arguments)
    let model = try ModelArguments.model(arguments, terminal)
    if arguments.has(.quiet), options.memory == nil { return 0 }
    let report = try running { () throws(NetcError) in
      try model.report(dimensions: options.dimensions, memory: options.memory)
    }
    if arguments.has(.quiet) { return 0 }
    if arguments.has(.json) {
      terminal.print(json(model, report).text)
    } else {
      printReport(model, report, terminal)
    }
    return 0
  }

  private static func printReport(
    _ model: CompiledModel, _ report: ModelReport, _ terminal: Terminal
  ) {
    terminal.print(model.name)
    for input in model.inputs { terminal.print("  input \(input.name): \(input.type)") }
    var table = Table(["parameter", "shape", "numbers"])
    for parameter in model.parameters {
      let count =
        parameter.type.shape.count.constant.map(NumberFormat.grouped)
        ?? parameter.type.shape.count.description
      table.add([
        parameter.name, parameter.type.shape.description,
        count + (parameter.isTrained ? "" : " frozen"),
      ])
    }
    for line in table.lines { terminal.print(line) }
    let states = model.states.count
    var count = "\(NumberFormat.grouped(report.trainedCount)) trained numbers"
    if report.frozenCount > 0 { count += ", \(NumberFormat.grouped(report.frozenCount)) frozen" }
    terminal.print(count + "; \(states) state\(states == 1 ? "" : "s") carried between steps")
    let work =
      report.multiplyAdds.constant.map(NumberFormat.grouped) ?? report.multiplyAdds.description
    terminal.print("multiply-adds per example: \(work)")
    terminal.print("peak of live bytes in a step: \(report.peakFormula)")
    let batch = report.batch.map { " at batch \($0)" } ?? ""
    terminal.print(
      "memory\(batch): \(NumberFormat.bytes(report.persistentBytes)) parameters and states + "
        + "\(NumberFormat.bytes(report.temporaryBytes)) temporaries = \(NumberFormat.grouped(report.totalBytes)) bytes"
    )
    if let temporaries = report.fittedTemporaryBytes {
      let again = report.recomputedOperations
      terminal.print(
        "with --memory\(batch): \(NumberFormat.bytes(report.persistentBytes)) parameters and states + "
          + "\(NumberFormat.bytes(temporaries)) temporaries = "
          + "\(NumberFormat.grouped(report.persistentBytes + temporaries)) bytes; "
          + "\(again) operation\(again == 1 ? "" : "s") computed again")
    }
    terminal.print(
      "instructions: \(report.trainingInstructions) a training step, \(report.evaluationInstructions) an evaluation"
    )
    for shape in report.lossCurvatures { terminal.print(shape.sentence) }
  }

  private static func json(_ model: CompiledModel, _ report: ModelReport) -> JSONText {
    func tensors(_ list: [TensorDescription]) -> JSONText {
      .array(
        list.map {
          .object([
            "name": .string($0.name), "type": .string($0.type.description),
            "trained": .bool($0.isTrained),
          ])
        })
    }
    return .object([
      "model": .string(model.name), "inputs": tensors(model.inputs),
      "parameters": tensors(model.parameters),
      "states": tensors(model.states), "trained": .integer(report.trainedCount),
      "frozen": .integer(report.frozenCount),
      "multiply_adds_per_example": .string(report.multiplyAdds.description),
      "peak_bytes": .string(report.peakFormula.description),
      "batch": report.batch.map(JSONText.integer) ?? .null,
      "persistent_bytes": .integer(report.persistentBytes),
      "temporary_bytes": .integer(report.temporaryBytes),
      "fitted_temporary_bytes": report.fittedTemporaryBytes.map(JSONText.integer) ?? .null,
      "recomputed_operations": .integer(report.recomputedOperations),
      "training_instructions": .integer(report.trainingInstructions),
      "evaluation_instructions": .integer(report.evaluationInstructions),
      "losses": .array(report.lossCurvatures.map(curvature)),
    ])
  }

  private static func curvature(_ loss: LossCurvature) -> JSONText {
    let obstacle: JSONText =
      if let found = loss.obstacle {
        .object([
          "operation": .string(found.operation), "operands": .string(found.operands),
          "place": found.place.map(JSONText.string) ?? .null,
        ])
      } else { .null }
    return .object([
      "name": .string(loss.loss), "curvature": .string(loss.curvature.rawValue),
      "stopped_at": obstacle,
    ])
  }
}
