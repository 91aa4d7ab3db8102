import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// Notes where a dimension of a tensor came from: back through the graph to the layer, type,
  /// constant or input that decided it. Operations that hand a dimension on are passed over.
  func trace(_ tensor: TensorValue, axis: Int, _ trail: inout SizeTrail) {
    guard let level = level(of: tensor.graph) else { return }
    trace(tensor.id, axis, level, &trail)
  }

  /// Notes what decided a size.
  func trace(_ source: SizeSource, _ size: Dim, _ trail: inout SizeTrail) {
    switch source {
    case .written(let range): note(range, size, "declared here", &trail)
    case .data(let range):
      note(range, size, "bound by the data", &trail, isFed: true)
    case .setting(let name, let callee, let range):
      note(range, size, "by `\(name)` of `\(callee)`", &trail)
      if isUserText(range), let place = modules[0].constants[sources.text(range)] {
        trace(.constant(place), size, &trail)
      }
    case .constant(let place):
      let record = constants[place]
      let origin = record.isOverridden ? ", from `--set`" : ""
      note(record.name.range, size, "by the constant `\(record.name.text)`\(origin)", &trail)
    case .argument(let parameter, let range, let tensor, let axis):
      note(range, size, "by `\(parameter)`", &trail)
      if axis < tensor.shape.rank { trace(tensor, axis: axis, &trail) }
    }
  }

  private func note(
    _ range: SourceRange?, _ size: Dim, _ words: String, _ trail: inout SizeTrail,
    isFed: Bool = false
  ) {
    guard let range, isUserText(range) else { return }
    trail.add(range, size, words, isFed: isFed)
  }

  private func trace(
    _ value: ValueID, _ axis: Int, _ level: TraceLevel, _ trail: inout SizeTrail
  ) {
    guard trail.goesOn() else { return }
    let graph = level.graph
    let node = graph.node(of: value)
    let shape = graph.type(of: value).shape
    guard axis < shape.rank else { return }
    let size = shape[axis]
    let range = graph.origin(of: node).range ?? level.call
    let operands = Array(graph.operands(of: node))
    let attributes = graph.attributes(of: node)
    switch graph.op(of: node) {
    case .input, .parameter, .state:
      declared(attributes.text("name"), axis, size, range, graph.op(of: node), &trail)
    case .argument: argument(value, attributes.int("index"), axis, level, &trail)
    case .composite, .scan: call(value, node, axis, level, &trail)
    case .reshape: reshaped(operands[0], shape, axis, range, level, &trail)
    case .concatenate where axis == attributes.int("axis"):
      let sizes = operands.map { graph.type(of: $0).shape[axis].description }
      note(range, size, "from " + sizes.joined(separator: " + "), &trail)
      for operand in operands { trace(operand, axis, level, &trail) }
    case .broadcastInDim:
      guard let place = attributes.ints("axes").firstIndex(of: axis),
        graph.type(of: operands[0]).shape[place] == size
      else { return note(range, size, "by this", &trail) }
      trace(operands[0], place, level, &trail)
    default:
      let origin = SizeOrigin(graph, node, axis)
      guard let origin else { return note(range, size, "by this", &trail) }
      let before = graph.type(of: origin.value).shape[origin.axis]
      if before != size { note(range, size, "from \(before)", &trail) }
      trace(origin.value, origin.axis, level, &trail)
    }
  }

  private func declared(
    _ name: String, _ axis: Int, _ size: Dim, _ range: SourceRange?, _ op: OpID,
    _ trail: inout SizeTrail
  ) {
    let known = trail.notes.count
    let sources =
      op == .parameter
      ? parameters.place(of: name).map { parameters.records[$0].sizes } : declaredSizes[name]
    if let sources, axis < sources.count {
      for source in sources[axis] {
        if op == .input, case .written(let range) = source {
          note(range, size, "declared here", &trail, isFed: true)
        } else {
          trace(source, size, &trail)
        }
      }
    }
    if trail.notes.count == known {
      note(range, size, "declared here", &trail, isFed: op == .input)
    }
  }

  private func argument(
    _ value: ValueID, _ index: Int, _ axis: Int, _ level: TraceLevel, _ trail: inout SizeTrail
  ) {
    switch level {
    case .open(_, let number):
      guard let source = argumentSources[number]?[value] else { return }
      trace(source.value, axis: source.isRow ? axis + 1 : axis, &trail)
    case .body(_, let arguments, let rows, _, let outer):
      guard index < arguments.count else { return }
      trace(arguments[index], rows.contains(index) ? axis + 1 : axis, outer, &trail)
    }
  }

  /// Follows a result of a call or loop into its body.
  private func call(
    _ value: ValueID, _ node: NodeID, _ axis: Int, _ level: TraceLevel, _ trail: inout SizeTrail
  ) {
    let graph = level.graph
    let attributes = graph.attributes(of: node)
    let operands = Array(graph.operands(of: node))
    guard let place = graph.results(of: node).firstIndex(of: value) else { return }
    let range = graph.origin(of: node).range ?? level.call
    let body = attributes.body("body").graph
    guard graph.op(of: node) == .scan else {
      let inner = TraceLevel.body(body, arguments: operands, rows: 0..<0, call: range, outer: level)
      return trace(body.results[place].value, axis, inner, &trail)
    }
    let carried = attributes.int("carried")
    let sequences = attributes.int("sequences")
    if place < carried { return trace(operands[place], axis, level, &trail) }
    if axis == 0 {
      guard sequences > 0 else { return note(range, attributes.dim("length"), "by this", &trail) }
      return trace(operands[carried], 0, level, &trail)
    }
    guard place < body.results.count else { return }
    let inner = TraceLevel.body(
      body, arguments: operands, rows: carried..<carried + sequences, call: range, outer: level)
    trace(body.results[place].value, axis - 1, inner, &trail)
  }

  /// Follows a dimension through a reshape: the smallest group of dimensions before it that holds
  /// as many elements as a group with it afterwards.
  private func reshaped(
    _ operand: ValueID, _ shape: Shape, _ axis: Int, _ range: SourceRange?, _ level: TraceLevel,
    _ trail: inout SizeTrail
  ) {
    let before = level.graph.type(of: operand).shape
    guard let group = ReshapeGroup(from: before, to: shape, with: axis) else {
      return note(range, shape[axis], "by this", &trail)
    }
    let parts = group.before.filter { before[$0] != Dim(1) }
    let isWhole = group.after.filter { shape[$0] != Dim(1) } == [axis]
    if !isWhole {
      note(range, shape[axis], "by this", &trail)
    } else if parts.count > 1 {
      let sizes = parts.map { before[$0].description }
      note(range, shape[axis], "from " + sizes.joined(separator: " · "), &trail)
    }
    for part in parts { trace(operand, part, level, &trail) }
  }
}
