import NetcCore
import NetcSyntax

extension Lowering {
  private static var trainLabels: [String] {
    [
      "validation", "epochs", "steps", "batch", "seed", "shuffle", "patience", "monitor", "goal",
      "last_batch", "accumulate", "start", "only",
    ]
  }

  /// Reads the `train` statement into the model. Called once data sets, losses and metrics are
  /// known.
  mutating func declareTrain(_ arguments: [Argument], range: SourceRange) {
    if let known = model.train {
      fail(
        .trainTwice, "the program has two `train` statements", at: range,
        notes: [Diagnostic.Label(known.range, "the first is here")], help: ["keep one of them"])
      return
    }
    var train = TrainOptions(range: range)
    var places: [String: SourceRange] = [:]
    for argument in arguments {
      guard let label = argument.label else {
        train.data = dataName(argument.value) ?? train.data
        continue
      }
      places[label.text] = argument.range
      readTrain(label, argument.value, &train)
    }
    if let epochs = places["epochs"], let steps = places["steps"] {
      fail(
        .trainConflict, "`epochs` and `steps` both say how long to train", at: steps,
        notes: [Diagnostic.Label(epochs, "`epochs` is given here")], help: ["keep one of them"])
    }
    if let patience = places["patience"], train.validation == .none {
      fail(
        .trainConflict, "`patience` watches a validation figure, but nothing is held out",
        at: patience,
        help: ["add `validation: 0.2` or another data set"])
    }
    if let goal = places["goal"], train.monitor == nil {
      fail(.trainConflict, "`goal` belongs to `monitor`", at: goal, help: ["add `monitor: NAME`"])
    }
    if case .size(let size) = train.batch, size % train.slices != 0,
      let place = places["accumulate"]
    {
      reportUneven(size, train.slices, at: place, batch: places["batch"])
    }
    model.train = train
  }

  private mutating func reportUneven(
    _ size: Int, _ slices: Int, at range: SourceRange, batch: SourceRange?
  ) {
    fail(
      .trainSlices, "a batch of \(size) cannot be cut into \(slices) equal slices", at: range,
      notes: batch.map { [Diagnostic.Label($0, "the size of a batch")] } ?? [],
      help: [
        batch == nil
          ? "a batch is \(size) unless `batch:` says otherwise"
          : "`batch: \((size / slices + 1) * slices)` can be"
      ])
  }

  private mutating func readTrain(_ label: Name, _ value: Expression, _ train: inout TrainOptions) {
    switch label.text {
    case "validation": readValidation(value, &train)
    case "epochs": if let count = wholeSetting(label, value, 1) { train.length = .epochs(count) }
    case "steps": if let count = wholeSetting(label, value, 1) { train.length = .steps(count) }
    case "batch":
      if word(value) == "all" {
        train.batch = .all
      } else if let size = wholeSetting(label, value, 1) {
        train.batch = .size(size)
      }
    case "seed": if let seed = wholeSetting(label, value, 0) { train.seed = UInt64(seed) }
    case "shuffle": if let flag = flagSetting(label, value) { train.shuffles = flag }
    case "patience": if let count = wholeSetting(label, value, 1) { train.patience = count }
    case "last_batch":
      if let choice = wordSetting(label, value, ["keep", "drop"]) {
        train.dropsLastBatch = choice == "drop"
      }
    case "accumulate":
      if let count = wholeSetting(label, value, 1) { train.slices = count }
    case "monitor": readMonitor(value, &train)
    case "goal":
      if let goal = wordSetting(label, value, ["minimize", "maximize"]), let monitor = train.monitor
      {
        train.monitor = .init(name: monitor.name, goal: goal == "minimize" ? .minimize : .maximize)
      }
    case "start": if let path = stringSetting(label, value) { train.start = path }
    case "only": train.only = patternsSetting(label, value)
    default: reportUnknownTrainLabel(label)
    }
  }

  private mutating func reportUnknownTrainLabel(_ label: Name) {
    let meant = Meant(
      label.text, at: label.range, among: Self.trainLabels, foreign: .labels,
      otherwise: "it takes " + Self.trainLabels.map { "`\($0)`" }.joined(separator: ", "))
    fail(
      .unknownLabel, "`train` has no argument `\(label.text)`", at: label.range,
      help: meant.help, fixes: meant.fixes)
  }

  private mutating func readValidation(_ value: Expression, _ train: inout TrainOptions) {
    if let name = word(value), model.data.contains(where: { $0.name == name }) {
      train.validation = .data(name)
      return
    }
    if case .call(let path, let arguments) = value.kind, path.text == "column" {
      if let reference = columnReference(arguments, value.range) {
        train.validation = .column(reference)
      }
      return
    }
    let given = evaluate(value)
    if given.isPoison { return }
    guard case .number(let share) = given, share.double > 0, share.double < 1 else {
      fail(
        .trainArgument,
        "`validation` is a share between 0 and 1, a data set or a column,"
          + " found \(given.description)",
        at: value.range,
        help: [
          "write `validation: 0.2`, the name of a `data` statement or `validation: column(\"part\")`"
        ])
      return
    }
    train.validation = .share(share.double)
  }

  private mutating func readMonitor(_ value: Expression, _ train: inout TrainOptions) {
    if let name = word(value), isDoubtful(name) { return }
    let names = model.losses + model.metrics.filter(\.shape.isEmpty).map(\.name)
    guard let name = word(value), names.contains(name) else {
      let meant = Meant(
        word(value) ?? "", at: value.range, among: names,
        otherwise: "there are " + names.map { "`\($0)`" }.joined(separator: ", "))
      fail(
        .trainArgument, "`monitor` names a loss or a metric that is one number", at: value.range,
        help: meant.help, fixes: meant.fixes)
      return
    }
    let rising = ["accuracy", "precision", "recall", "f1", "r2", "auc"]
    let isRising = !model.losses.contains(name) && rising.contains { name.contains($0) }
    train.monitor = .init(name: name, goal: isRising ? .maximize : .minimize)
  }

  /// The data set an argument names; nil after reporting that there is none.
  private mutating func dataName(_ value: Expression) -> String? {
    if let name = word(value), isDoubtful(name) { return nil }
    let names = model.data.map(\.name)
    if let name = word(value), names.contains(name) { return name }
    let meant = Meant(
      word(value) ?? "", at: value.range, among: names,
      otherwise: names.isEmpty
        ? "declare one: `data d = csv(\"file.csv\", …)`"
        : "there are " + names.map { "`\($0)`" }.joined(separator: ", "))
    fail(
      .trainArgument, "`train` takes a data set here", at: value.range, help: meant.help,
      fixes: meant.fixes)
    return nil
  }

  /// The name an expression is, if it is just one.
  private func word(_ value: Expression) -> String? {
    if case .path(let path) = value.kind { path.text } else { nil }
  }

  private mutating func wholeSetting(_ label: Name, _ value: Expression, _ minimum: Int) -> Int? {
    let given = evaluate(value)
    if given.isPoison { return nil }
    guard case .number(let number) = given, let whole = number.integer, whole >= minimum else {
      fail(
        .trainArgument,
        "`\(label.text)` is a whole number of at least \(minimum), found \(given.description)",
        at: value.range)
      return nil
    }
    return whole
  }

  private mutating func flagSetting(_ label: Name, _ value: Expression) -> Bool? {
    let given = evaluate(value)
    if given.isPoison { return nil }
    guard case .bool(let flag) = given else {
      fail(
        .trainArgument, "`\(label.text)` is true or false, found \(given.description)",
        at: value.range)
      return nil
    }
    return flag
  }

  private mutating func stringSetting(_ label: Name, _ value: Expression) -> String? {
    let given = evaluate(value)
    if given.isPoison { return nil }
    guard case .string(let text) = given else {
      fail(
        .trainArgument, "`\(label.text)` is a string, found \(given.description)", at: value.range)
      return nil
    }
    return text
  }

  private mutating func patternsSetting(_ label: Name, _ value: Expression) -> [String] {
    guard case .list(let items) = value.kind else {
      return stringSetting(label, value).map { [$0] } ?? []
    }
    return items.compactMap { stringSetting(label, $0) }
  }

  private mutating func wordSetting(_ label: Name, _ value: Expression, _ choices: [String])
    -> String?
  {
    if let given = word(value), choices.contains(given) { return given }
    let meant = Meant(word(value) ?? "", at: value.range, among: choices)
    fail(
      .trainArgument,
      "`\(label.text)` is " + choices.map { "`\($0)`" }.joined(separator: " or "), at: value.range,
      help: meant.help, fixes: meant.fixes)
    return nil
  }
}
