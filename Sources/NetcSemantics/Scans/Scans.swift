import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// `scan a in x, b in y along k reversed { … }`: one loop of the graph; gives what it yields, one
  /// value or a list, and leaves the carried values in their `var`s and states.
  mutating func scan(_ scan: Scan, at range: SourceRange) -> Value {
    guard let header = scanHeader(scan, at: range) else { return .poison }
    let errors = report.errorCount
    let outer = carriedBefore(scan)
    let statesBefore = stateValues
    let number = newGraphNumber()
    let lowered = inGraph(GraphBuilder(), number: number) { lowering in
      lowering.scanBody(scan, header, outer, number)
    }
    for (name, value) in outer { frame.rebind(name, value.before) }
    let statesAfter = stateValues
    stateValues = statesBefore
    guard let made = lowered.result, report.errorCount == errors else { return .poison }
    let body = ScanBody(made, lowered.builder.graph)
    setOrigin(range)
    return emit(body, header, statesAfter, isReversed: scan.reversed != nil, at: range)
  }

  /// The `var`s around that the body rebinds, in the order it does, with their values.
  private mutating func carriedBefore(
    _ scan: Scan
  ) -> [(name: String, value: (before: Value, tensor: TensorValue, range: SourceRange))] {
    var found: [(String, (Value, TensorValue, SourceRange))] = []
    for name in Mentions(scan.body.statements).rebound {
      guard let binding = frame.binding(name), binding.role == .var else { continue }
      if binding.value.isPoison { continue }
      switch binding.value {
      case .tensor, .number, .bool, .dim:
        guard let tensor = tensorValue(binding.value, at: binding.range) else { continue }
        found.append((name, (binding.value, tensor, binding.range)))
      default:
        fail(
          .scanNotTensor, "a scan cannot carry `\(name)`, \(binding.value.description)",
          at: scan.body.range, notes: [Diagnostic.Label(binding.range, "declared here")],
          help: ["carry tensors, each in a `var` of its own"])
      }
    }
    return found
  }

  /// What the body's statements leave.
  struct MadeBody {
    var context: ScanContext
    /// The rows of the sequences, as arguments.
    var rows: [TensorValue]
    var yields: [TensorValue]
    /// The slots whose value is another after a turn.
    var carried: [(slot: ScanContext.Slot, next: TensorValue)]
  }

  private mutating func scanBody(
    _ scan: Scan, _ header: ScanHeader,
    _ outer: [(name: String, value: (before: Value, tensor: TensorValue, range: SourceRange))],
    _ number: Int
  ) -> MadeBody? {
    let position = scanArgument(.int, .scalar)
    scans.append(ScanContext(number: number, position: position, length: header.length))
    frame.open()
    defer {
      frame.close()
      scans.removeLast()
    }
    for (name, value) in outer {
      let local = scanArgument(value.tensor.kind, value.tensor.shape)
      argumentSources[graph, default: [:]][local.id] = ArgumentSource(value: value.tensor)
      scans[scans.count - 1].add(.init(role: .variable(name), outer: value.tensor, local: local))
      frame.rebind(name, .tensor(local))
    }
    for name in stateOrder {
      guard let state = stateValues[name] else { continue }
      let local = scanArgument(state.value.kind, state.value.shape)
      scans[scans.count - 1].add(.init(role: .state(name), outer: state.value, local: local))
      stateValues[name]?.value = local
    }
    let rows = bindRows(scan, header, position)
    let hasYield = scan.yields != nil
    run(hasYield ? Array(scan.body.statements.dropLast()) : scan.body.statements)
    let yields = yielded(scan)
    noteDeclared(number)
    let carried = carriedAfter()
    guard let yields, let carried, let context = scans.last else { return nil }
    return MadeBody(context: context, rows: rows, yields: yields, carried: carried)
  }

  /// Declares what the header calls the elements; gives the rows of its tensors.
  private mutating func bindRows(
    _ scan: Scan, _ header: ScanHeader, _ position: TensorValue
  ) -> [TensorValue] {
    var rows: [TensorValue] = []
    for (sequence, item) in zip(scan.sequences, header.items) {
      let value: TensorValue
      switch item {
      case .range(let lower):
        value =
          lower == 0
          ? position
          : tensor(b.add(position.id, b.constant(Double(lower), .scalar, element: .int)))
      case .rows(let tensor):
        value = scanArgument(tensor.kind, Shape(Array(tensor.shape.dims.dropFirst())))
        argumentSources[graph, default: [:]][value.id] = ArgumentSource(value: tensor, isRow: true)
        rows.append(value)
      }
      guard checkFree(sequence.name.text, at: sequence.name.range, .loop) else { continue }
      if b.graph.name(of: value.id) == nil { b.graph.setName(sequence.name.text, of: value.id) }
      frame.declare(
        sequence.name.text,
        Binding(role: .loop, value: .tensor(value), range: sequence.name.range))
    }
    return rows
  }

  private mutating func yielded(_ scan: Scan) -> [TensorValue]? {
    var tensors: [TensorValue] = []
    for expression in scan.yields ?? [] {
      let value = evaluate(expression)
      if value.isPoison { return nil }
      switch value {
      case .tensor, .number, .bool, .dim:
        guard let tensor = tensorValue(value, at: expression.range) else { return nil }
        tensors.append(tensor)
      default:
        fail(
          .scanNotTensor, "a scan yields tensors, found \(value.description)", at: expression.range,
          help: ["yield several with commas: `yield a, b`"])
        return nil
      }
    }
    return tensors
  }

  /// Notes the parameters and states that the body's layers declared, which belong to the program.
  private mutating func noteDeclared(_ number: Int) {
    for node in b.graph.nodeIDs {
      let op = b.graph.op(of: node)
      guard op == .parameter || op == .state else { continue }
      let name = b.graph.attributes(of: node).text("name")
      let id = b.graph.result(of: node)
      let kind = op == .state ? stateValues[name]?.value.kind : nil
      scans[scans.count - 1].add(
        .init(role: op == .state ? .state(name) : .captured, outer: nil, local: tensor(id, kind)))
    }
  }

  /// The values after a turn of what it changes; nil after reporting that one changes its type.
  private mutating func carriedAfter() -> [(slot: ScanContext.Slot, next: TensorValue)]? {
    var carried: [(slot: ScanContext.Slot, next: TensorValue)] = []
    var isFine = true
    for slot in scans.last?.slots ?? [] {
      guard let (value, range, name) = current(slot) else { continue }
      if case .tensor(let same) = value, same == slot.local { continue }
      if value.isPoison { return nil }
      guard var next = carriable(value, name, range) else { return nil }
      if next.kind == .int, slot.local.kind == .float { next = convert(next, to: .float) }
      if next.shape.rank == 0, slot.local.shape.rank > 0, case .number = value {
        next = broadcast(next, to: slot.local.shape)
      }
      if next.shape == slot.local.shape, next.kind == slot.local.kind {
        carried.append((slot, next))
        continue
      }
      isFine = false
      let sizes = next.shape.dims.map(\.description).joined(separator: ", ")
      fail(
        .scanCarried,
        "`\(name)` enters a turn as \(slot.local.typeText) and leaves it as \(next.typeText)",
        at: range, label: "declared here", notes: side(next, slot.local.shape, range).labels,
        help: [
          next.kind == .float && next.shape.rank > 0
            ? "start it with `zeros(\(sizes))`" : "what a scan carries keeps its type and shape"
        ])
    }
    return isFine ? carried : nil
  }

  private func current(
    _ slot: ScanContext.Slot
  ) -> (value: Value, range: SourceRange, name: String)? {
    switch slot.role {
    case .variable(let name):
      guard let binding = frame.binding(name) else { return nil }
      return (binding.value, binding.range, name)
    case .state(let name):
      guard let state = stateValues[name] else { return nil }
      return (.tensor(state.value), state.range, name)
    case .captured: return nil
    }
  }

  private mutating func carriable(
    _ value: Value, _ name: String, _ range: SourceRange
  ) -> TensorValue? {
    switch value {
    case .tensor, .number, .bool, .dim: return tensorValue(value, at: range)
    default:
      fail(
        .scanNotTensor, "a scan cannot carry `\(name)`, \(value.description)", at: range,
        help: ["carry tensors, each in a `var` of its own"])
      return nil
    }
  }
}
