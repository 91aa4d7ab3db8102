import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// Runs statements until one returns.
  mutating func run(_ statements: [Statement]) {
    for statement in statements {
      if frame.returned != nil || work.isSpent { return }
      run(statement)
    }
  }

  private mutating func run(_ statement: Statement) {
    guard isAllowed(statement) else { return }
    guard checkWork(at: statement.range) else { return }
    switch statement.kind {
    case .let(let binding): bindNames(binding, role: .let)
    case .var(let binding): bindNames(binding, role: .var)
    case .rebind(let paths, let value): rebind(paths, value, at: statement.range)
    case .instance(let name, let chain): declareInstance(name, chain)
    case .if(let ladder): run(ladder)
    case .for(let name, let sequence, let body): loop(name, sequence, body)
    case .return(let values): frame.returned = values.map { evaluate($0) }
    case .input(let name, let type): declareInput(name, type)
    case .parameter(let path, let type, let initial): declareParameter(path, type, initial)
    case .state(let path, let type, let initial): declareState(path, type, initial)
    case .update(let path, let value): declareUpdate(path, value)
    case .loss(let name, let value): declareLoss(name, value, at: statement)
    case .metric(let name, let value): declareMetric(name, value, at: statement)
    case .output(let name, let value): declareOutput(name, value, at: statement)
    case .optimizer, .freeze: deferred.append(statement)
    case .scan(let scan): _ = self.scan(scan, at: statement.range)
    case .const, .import, .function, .layer, .rule, .gradient, .data, .train, .yield: break
    }
  }

  /// Whether there is room for more operations; false after reporting that there is none.
  mutating func checkWork(at range: SourceRange) -> Bool {
    if b.graph.nodeCount + work.inner <= WorkBudget.mostNodes { return true }
    exhaust("the program makes more than \(WorkBudget.mostNodes) operations", at: range)
    return false
  }

  private mutating func run(_ ladder: IfStatement) {
    for branch in ladder.branches {
      guard let holds = condition(branch.condition) else { return }
      if holds {
        runBlock(branch.body)
        return
      }
    }
    if let otherwise = ladder.otherwise { runBlock(otherwise) }
  }

  private mutating func runBlock(_ block: Block) {
    frame.open()
    run(block.statements)
    frame.close()
  }

  private mutating func loop(_ name: Name, _ sequence: Expression, _ body: Block) {
    let value = evaluate(sequence)
    switch value {
    case .poison: return
    case .range(let lower, let upper):
      guard upper > lower else { return }
      let (turns, isHuge) = upper.subtractingReportingOverflow(lower)
      guard !isHuge, turns <= work.turns else {
        exhaust("loops run more than a million turns", at: sequence.range)
        return
      }
      var turn = 1
      for index in lower..<upper {
        guard runTurn(turn, name, .whole(index), body) else { return }
        turn += 1
      }
    case .list(let values):
      for (place, value) in values.enumerated() {
        guard runTurn(place + 1, name, value, body) else { return }
      }
    default:
      fail(
        .notASequence, "`for` runs over a range or a list, found \(value.description)",
        at: sequence.range, help: ["write `0..<4`, or `[32, 64]`"])
    }
  }

  private mutating func runTurn(_ turn: Int, _ name: Name, _ value: Value, _ body: Block) -> Bool {
    work.turns -= 1
    guard work.turns >= 0 else {
      exhaust("loops run more than a million turns", at: name.range)
      return false
    }
    frame.open()
    frame.turns.append(turn)
    if checkFree(name.text, at: name.range, .loop) {
      frame.declare(name.text, Binding(role: .loop, value: value, range: name.range))
    }
    // A turn with a mistake is the last: the others would repeat it.
    let mistakes = report.mistakes
    run(body.statements)
    frame.turns.removeLast()
    frame.close()
    return frame.returned == nil && !work.isSpent && report.mistakes == mistakes
  }
}
