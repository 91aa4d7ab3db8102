import NetcCore
import NetcGraph

extension LayoutTransfer {
  /// A convolution with its channels innermost; the adjoint in a kernel keeps the kernel's order.
  /// Operands are read in any order.
  mutating func convolution(_ node: NodeID) -> Held? {
    var axes = ConvolutionDimensions(source.attributes(of: node))
    let pair = operands(node)
    let spatial = axes.spatial
    let lead = axes.resultAxes.count - spatial
    let result = axes.resultAxes
    let batch = [result[lead - 2]]
    let features = (lead == 3 ? [result[0]] : []) + [result[lead - 1]]
    let own = Array(result.indices)
    let order = isKernelAdjoint(node, axes) ? own : batch + result.suffix(spatial) + features
    func place(_ axis: Int, _ order: [Int]?) -> Int { order?.firstIndex(of: axis) ?? axis }
    let held = pair.map { self.held($0) }
    if order == own, held[0] == nil, held[1] == nil { return nil }
    axes.lhsAxes = axes.lhsAxes.map { place($0, held[0]?.form) }
    axes.rhsAxes = axes.rhsAxes.map { place($0, held[1]?.form) }
    axes.resultAxes = axes.resultAxes.map { place($0, order) }
    let lhs = held[0]?.value ?? transfer[pair[0]]
    let rhs = held[1]?.value ?? transfer[pair[1]]
    return Held(value: builder.convolution(lhs, rhs, axes), form: order)
  }

  /// Whether the window has more places than positions, as an image has more than a kernel.
  private func isKernelAdjoint(_ node: NodeID, _ axes: ConvolutionDimensions) -> Bool {
    let kernel = shape(operands(node)[1])
    let result = shape(source.result(of: node))
    func count(_ dims: [Dim]) -> Double {
      dims.reduce(1) { $0 * ($1.constant.map { Double($0) } ?? 1) }
    }
    return count(axes.rhsAxes.suffix(axes.spatial).map { kernel[$0] })
      > count(axes.resultAxes.suffix(axes.spatial).map { result[$0] })
  }

  /// The order of the first of some values that has one of its own.
  private func ownOrder(_ values: [ValueID]) -> [Int]? {
    for value in values {
      if let own = held(value) { return own.form }
    }
    return nil
  }

  /// In the order of the first operand that has one of its own.
  mutating func elementwise(_ node: NodeID) -> Held? {
    let all = operands(node)
    guard let order = ownOrder(all) else { return nil }
    var made: [ValueID] = []
    for operand in all { made.append(value(operand, in: order)) }
    return Held(
      value: builder.emit(source.op(of: node), made, source.attributes(of: node)), form: order)
  }

  /// Over the same axes where they are; those left keep their order.
  mutating func reduction(_ node: NodeID) -> Held? {
    guard let own = held(operands(node)[0]) else { return nil }
    let axes = source.attributes(of: node).ints("axes")
    let places = own.form.indices.filter { axes.contains(own.form[$0]) }
    let left = own.form.filter { !axes.contains($0) }
    let renumbered = left.map { axis in axis - axes.count { $0 < axis } }
    let made = builder.emit(source.op(of: node), [own.value], ["axes": .ints(places)])
    return Held(value: made, form: renumbered)
  }

  /// Where axes that change lie side by side in the order too.
  mutating func reshape(_ node: NodeID) -> Held? {
    guard let own = held(operands(node)[0]) else { return nil }
    let from = shape(operands(node)[0]).dims
    let to = shape(source.result(of: node)).dims
    let shorter = min(from.count, to.count)
    let before = (0..<shorter).first { from[$0] != to[$0] } ?? shorter
    let after =
      (0..<shorter - before).first { from[from.count - 1 - $0] != to[to.count - 1 - $0] }
      ?? shorter - before
    let changed = Array(before..<from.count - after)
    let made = Array(before..<to.count - after)
    guard let first = changed.first, !made.isEmpty, let start = own.form.firstIndex(of: first),
      start + changed.count <= own.form.count,
      Array(own.form[start..<start + changed.count]) == changed
    else { return nil }
    func renumbered(_ axis: Int) -> Int { axis < before ? axis : axis + to.count - from.count }
    let order =
      own.form[..<start].map(renumbered) + made
      + own.form[(start + changed.count)...].map(renumbered)
    let value = builder.reshape(own.value, to: Shape(order.map { to[$0] }))
    return Held(value: value, form: order)
  }

  /// The same value with its axes counted otherwise.
  mutating func transpose(_ node: NodeID) -> Held? {
    guard let own = held(operands(node)[0]) else { return nil }
    let permutation = source.attributes(of: node).ints("permutation")
    return Held(
      value: own.value, form: own.form.map { axis in permutation.firstIndex(of: axis) ?? axis })
  }

  mutating func concatenate(_ node: NodeID) -> Held? {
    let all = operands(node)
    guard let order = ownOrder(all) else { return nil }
    let axis = source.attributes(of: node).int("axis")
    guard let place = order.firstIndex(of: axis) else { return nil }
    var parts: [ValueID] = []
    for operand in all { parts.append(value(operand, in: order)) }
    return Held(value: builder.concatenate(parts, axis: place), form: order)
  }

  mutating func pad(_ node: NodeID) -> Held? {
    guard let own = held(operands(node)[0]) else { return nil }
    var attributes = source.attributes(of: node)
    let (low, high) = (attributes.dims("low"), attributes.dims("high"))
    let interior = attributes.ints("interior")
    attributes["low"] = .dims(own.form.map { low[$0] })
    attributes["high"] = .dims(own.form.map { high[$0] })
    attributes["interior"] = .ints(own.form.map { interior[$0] })
    return Held(value: builder.emit(.pad, [own.value], attributes), form: own.form)
  }

  /// Windows of one element over the axes that were not slid over and come after.
  mutating func windows(_ node: NodeID) -> Held? {
    guard let own = held(operands(node)[0]) else { return nil }
    let windows = WindowDimensions(source.attributes(of: node))
    if source.op(of: node) == .windowArgmax {
      guard areMoved[source.result(of: node).index],
        LayoutTransfer.isMoved(own.form, batch: windows.batchDims)
      else { return nil }
    }
    let lead = own.form.prefix { $0 < windows.batchDims }.count
    guard own.form.count - lead <= 4 else { return nil }
    var moved = WindowDimensions(
      batchDims: lead, window: Array(repeating: 1, count: own.form.count - lead))
    for (place, axis) in own.form.dropFirst(lead).enumerated() where axis >= windows.batchDims {
      let from = axis - windows.batchDims
      moved.window[place] = windows.window[from]
      moved.stride[place] = windows.stride[from]
      moved.low[place] = windows.low[from]
      moved.high[place] = windows.high[from]
      moved.dilation[place] = windows.dilation[from]
    }
    let made = builder.emit(source.op(of: node), [own.value], moved.attributes)
    return Held(value: made, form: own.form)
  }

  /// Whether an order is some of the first axes, then those that windows slide over, then the other
  /// first ones.
  static func isMoved(_ order: [Int], batch: Int) -> Bool {
    let lead = order.prefix { $0 < batch }.count
    let slid = order.dropFirst(lead).prefix { $0 >= batch }
    return Array(slid) == Array(batch..<order.count) && lead < batch
  }

  /// A table of places that are counted with the last of the first axes innermost: how its axes
  /// must lie, and as which shape.
  private func flat(_ table: ValueID, _ places: [Int]) -> (order: [Int], shape: Shape, lead: Int) {
    let dims = shape(table).dims
    let batch = dims.count - 1
    let lead = places.prefix { $0 < batch }.count
    let rest = places.filter { $0 < batch }.dropFirst(lead)
    let order = places[..<lead] + [batch] + rest
    let flattened = rest.reduce(dims[batch]) { $0 * dims[$1] }
    return (Array(order), Shape(places[..<lead].map { dims[$0] } + [flattened]), lead)
  }

  /// The elements at moved places.
  mutating func gather(_ node: NodeID) -> Held? {
    let pair = operands(node)
    guard areMoved[pair[1].index], let places = held(pair[1]) else { return nil }
    let (order, shape, lead) = flat(pair[0], places.form)
    let table = builder.reshape(value(pair[0], in: order), to: shape)
    let made = builder.gather(table, places.value, axis: lead, batchDims: lead)
    return Held(value: made, form: places.form)
  }

  /// Sums at moved places.
  mutating func scatterAdd(_ node: NodeID) -> Held? {
    let all = operands(node)
    guard areMoved[all[1].index], let places = held(all[1]) else { return nil }
    let (order, shape, lead) = flat(all[0], places.form)
    let base = builder.reshape(value(all[0], in: order), to: shape)
    let updates = value(all[2], in: places.form)
    let sums = builder.scatterAdd(base, places.value, updates, axis: lead, batchDims: lead)
    let dims = self.shape(all[0])
    let made = builder.reshape(sums, to: Shape(order.map { dims[$0] }))
    return Held(value: made, form: order)
  }
}
