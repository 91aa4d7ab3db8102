import NetcCore
import NetcGraph

/// A loop's body with the arguments in the order of the graph's `scan`.
struct ScanBody {
  /// The carried slots with the values after a turn, then those read unchanged.
  let carried: [ScanContext.Slot]
  let captured: [ScanContext.Slot]
  /// What the body declares and no turn needs.
  let idle: [ScanContext.Slot]
  let yields: [TensorValue]
  let body: GraphBody

  /// - Complexity: O(nodes of the body).
  init(_ made: Lowering.MadeBody, _ graph: Graph) {
    var built = graph
    let results = made.carried.map(\.next) + made.yields
    built.results = results.enumerated().map { GraphResult(.result, String($0), $1.id) }
    let needed = Self.needed(built)
    let changed = Set(made.carried.map(\.slot.local.id))
    carried = made.carried.map(\.slot)
    captured = made.context.slots.filter { slot in
      !changed.contains(slot.local.id) && needed[graph.node(of: slot.local.id).index]
    }
    idle = made.context.slots.filter { slot in
      slot.outer == nil && !changed.contains(slot.local.id)
        && !needed[graph.node(of: slot.local.id).index]
    }
    yields = made.yields
    var places: [ValueID: Int] = [:]
    for value in carried.map(\.local) + made.rows + captured.map(\.local) {
      places[value.id] = places.count
    }
    places[made.context.position.id] = places.count
    var transfer = GraphTransfer(from: built)
    for node in built.nodeIDs {
      let value = built.result(of: node)
      if let place = places[value] {
        transfer.builder.origin = built.origin(of: node)
        transfer.replace(value, by: transfer.builder.argument(place, built.type(of: value)))
      } else if needed[node.index] {
        transfer.copy(node)
      }
    }
    body = GraphBody(transfer.finish())
  }

  /// Which nodes the results need.
  private static func needed(_ graph: Graph) -> [Bool] {
    var needed = [Bool](repeating: false, count: graph.nodeCount)
    for result in graph.results { needed[graph.node(of: result.value).index] = true }
    for node in graph.nodeIDs.reversed() where needed[node.index] {
      for operand in graph.operands(of: node) { needed[graph.node(of: operand).index] = true }
    }
    return needed
  }
}

extension Lowering {
  /// Adds the loop to the graph around it; gives what it yields.
  mutating func emit(
    _ scan: ScanBody, _ header: ScanHeader, _ statesAfter: [String: StateValue],
    isReversed: Bool, at range: SourceRange
  ) -> Value {
    let carried = scan.carried.map { outside($0, statesAfter) }
    let captured = scan.captured.map { outside($0, statesAfter) }
    for slot in scan.idle { _ = outside(slot, statesAfter) }
    if carried.isEmpty, scan.yields.isEmpty { return .list([]) }
    let parts = ScanParts(
      carried: carried.map(\.id), sequences: header.tensors.map(\.id),
      captured: captured.map(\.id), length: header.length, isReversed: isReversed, body: scan.body)
    setOrigin(range)
    var results: [ValueID] = []
    do throws(OperationTypeError) {
      results = try b.graph.append(.scan, parts.operands, parts.attributes, origin: b.origin)
    } catch {
      return fail(.operationRefused, "`scan`: \(error.message)", at: range)
    }
    for (slot, id) in zip(scan.carried, results) {
      let value = tensor(id, slot.local.kind)
      switch slot.role {
      case .variable(let name): frame.rebind(name, .tensor(value))
      case .state(let name):
        stateValues[name]?.value = value
        stateValues[name]?.isAssigned = true
      case .captured: break
      }
    }
    let values = zip(scan.yields, results.dropFirst(carried.count)).map { row, id in
      Value.tensor(turnedBack(id, row, header.axis))
    }
    return values.count == 1 ? values[0] : .list(values)
  }

  /// A stacked value with its first axis moved to where the sequences have it.
  private mutating func turnedBack(_ id: ValueID, _ row: TensorValue, _ axis: Int) -> TensorValue {
    let place = min(axis, row.shape.rank)
    let order = Array(1..<1 + place) + [0] + Array(1 + place..<1 + row.shape.rank)
    return tensor(b.transpose(id, order), row.kind)
  }

  /// A slot's value before the loop; a tensor that the body declared is made here.
  private mutating func outside(
    _ slot: ScanContext.Slot, _ statesAfter: [String: StateValue]
  ) -> TensorValue {
    if let outer = slot.outer { return use(outer) }
    let type = TensorType(slot.local.kind.element, slot.local.shape)
    if case .state(let name) = slot.role {
      let value = tensor(b.state(name, type), slot.local.kind)
      stateValues[name] = statesAfter[name]
      stateValues[name]?.value = value
      return value
    }
    guard let place = parameters.records.firstIndex(where: { $0.value == slot.local }) else {
      internalError("scan: a parameter of the body has no name")
    }
    let value = tensor(b.parameter(parameters.records[place].name, type))
    parameters.records[place].value = value
    return value
  }
}
