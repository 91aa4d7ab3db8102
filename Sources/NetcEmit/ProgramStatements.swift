import NetcCore
import NetcSemantics

/// The `data` and `train` statements of a model, written again.
enum ProgramStatements {
  static func data(_ model: Model) -> [String] { model.data.map(data) }

  private static func data(_ request: DataRequest) -> String {
    var arguments = request.path.map { [AttributeText.quoted($0)] } ?? []
    if !request.morePaths.isEmpty {
      let paths = (request.path.map { [$0] } ?? []) + request.morePaths
      arguments = [value(.list(paths.map { .string($0) }))]
    }
    arguments += request.bindings.map { "\($0.input): \(selector($0))" }
    arguments += request.options.map { "\($0.name): \(value($0.value))" }
    return "data \(request.name) = \(request.reader)(\(arguments.joined(separator: ", ")))"
  }

  private static func selector(_ binding: DataBinding) -> String {
    switch binding.selector {
    case .column(let column): return "column(\(reference(column)))"
    case .columns(let columns):
      var arguments = columns.map(reference)
      if let own = binding.standardize { arguments.append("standardize: \(own)") }
      return "columns(\(arguments.joined(separator: ", ")))"
    case .window(let length): return "window(\(length))"
    case .shifted(let places): return "shifted(\(places))"
    case .mask: return "mask()"
    case .classWeight(let input): return "class_weight(\(input))"
    case .pixels: return "pixels()"
    case .folder: return "folder()"
    case .named(let name): return AttributeText.quoted(name)
    case .values(let rows): return value(rows)
    }
  }

  private static func reference(_ column: DataColumnReference) -> String {
    switch column {
    case .name(let name): AttributeText.quoted(name)
    case .index(let index): String(index)
    case .range(let lower, let upper): "\(lower)..<\(upper)"
    }
  }

  private static func value(_ value: DataValue) -> String {
    switch value {
    case .number(let number): numberText(number)
    case .string(let text): AttributeText.quoted(text)
    case .bool(let flag): flag ? "true" : "false"
    case .list(let values): "[\(values.map { self.value($0) }.joined(separator: ", "))]"
    }
  }

  static func train(_ model: Model) -> [String] {
    guard let train = model.train else { return [] }
    var arguments = train.data.map { [$0] } ?? []
    switch train.validation {
    case .none: break
    case .share(let share): arguments.append("validation: \(numberText(share))")
    case .data(let name): arguments.append("validation: \(name)")
    case .column(let column): arguments.append("validation: column(\(reference(column)))")
    }
    switch train.length {
    case .epochs(let count): arguments.append("epochs: \(count)")
    case .steps(let count): arguments.append("steps: \(count)")
    }
    switch train.batch {
    case .size(let size): arguments.append("batch: \(size)")
    case .all: arguments.append("batch: all")
    }
    arguments.append("seed: \(train.seed)")
    if !train.shuffles { arguments.append("shuffle: false") }
    if let patience = train.patience { arguments.append("patience: \(patience)") }
    if let monitor = train.monitor {
      arguments += ["monitor: \(monitor.name)", "goal: \(monitor.goal.rawValue)"]
    }
    if train.slices > 1 { arguments.append("accumulate: \(train.slices)") }
    if train.dropsLastBatch { arguments.append("last_batch: drop") }
    if let start = train.start { arguments.append("start: \(AttributeText.quoted(start))") }
    if !train.only.isEmpty {
      arguments.append("only: [\(train.only.map(AttributeText.quoted).joined(separator: ", "))]")
    }
    return ["train(\(arguments.joined(separator: ", ")))"]
  }
}
