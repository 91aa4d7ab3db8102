import NetcCore
import NetcGraph

/// A copy of a graph's nodes for one slice of the batch: sizes are those of the slice, draws those
/// that the whole batch has at its place.
struct SliceCopy {
  private let source: Graph
  private let batch: String
  private let slices: Int
  private let isKept: [Bool]
  private var copies: [ValueID?]
  /// The graph of the copies.
  var builder = GraphBuilder()

  /// A copy of the nodes that `keeping` names.
  init(_ source: Graph, batch: String, slices: Int, keeping isKept: [Bool]) {
    self.source = source
    self.batch = batch
    self.slices = slices
    self.isKept = isKept
    copies = Array(repeating: nil, count: source.valueCount)
  }

  /// The copy of a value.
  subscript(value: ValueID) -> ValueID {
    guard let copy = copies[value.index] else {
      internalError("accumulation: value \(value.index) is used before it is copied")
    }
    return copy
  }

  /// Lets a value of the slice's graph stand for one of the source.
  mutating func replace(_ old: ValueID, by new: ValueID) {
    copies[old.index] = new
    if let name = source.name(of: old) { builder.graph.setName(name, of: new) }
  }

  /// A type with the slice's size in place of the batch's.
  func sliced(_ type: TensorType) -> TensorType {
    TensorType(type.element, Shape(type.shape.dims.map(sliced)))
  }

  private func sliced(_ dim: Dim) -> Dim {
    guard dim.symbols.contains(batch), let part = Dim(symbol: batch).part(of: slices) else {
      return dim
    }
    return dim.substituting([batch: part])
  }

  /// Copies the nodes that nothing stands for yet; `slice` is the slice's number, nil in the body
  /// of a call, which draws nothing.
  mutating func run(slice: ValueID?) {
    for node in source.nodeIDs where isKept[node.index] {
      guard let first = source.results(of: node).first, copies[first.index] == nil else { continue }
      builder.origin = source.origin(of: node)
      let made: [ValueID]
      switch source.op(of: node) {
      case .randomUniform: made = [draw(node, slice)]
      case .scan: made = loop(node, slice)
      default:
        made = builder.graph.appendUnchecked(
          source.op(of: node), operands(node), sliced(source.attributes(of: node)),
          resultTypes: source.results(of: node).map { sliced(source.type(of: $0)) },
          origin: builder.origin)
      }
      for (old, new) in zip(source.results(of: node), made) { replace(old, by: new) }
    }
  }

  private func operands(_ node: NodeID) -> [ValueID] { source.operands(of: node).map { self[$0] } }

  private func sliced(_ attributes: Attributes) -> Attributes {
    var changed = attributes
    for entry in attributes.entries {
      switch entry.value {
      case .dim(let dim): changed[entry.name] = .dim(sliced(dim))
      case .dims(let dims): changed[entry.name] = .dims(dims.map(sliced))
      case .body(let body): changed[entry.name] = .body(sliced(body))
      default: break
      }
    }
    return changed
  }

  /// The body of a call.
  private func sliced(_ body: GraphBody) -> GraphBody {
    var inner = SliceCopy(
      body.graph, batch: batch, slices: slices,
      keeping: Array(repeating: true, count: body.graph.nodeCount))
    return inner.body(slice: nil)
  }

  /// The whole copy as a body; `slice` is the index of the argument with the slice's number, which
  /// comes before the position.
  private mutating func body(slice: Int?) -> GraphBody {
    var number: ValueID?
    if let slice {
      number = builder.argument(slice, TensorType(.int, .scalar))
      for node in source.nodeIDs where source.op(of: node) == .argument {
        let index = source.attributes(of: node).int("index")
        let value = source.result(of: node)
        let type = sliced(source.type(of: value))
        replace(value, by: builder.argument(index < slice ? index : index + 1, type))
      }
    }
    run(slice: number)
    var graph = builder.graph
    graph.results = source.results.map { GraphResult($0.role, $0.name, self[$0.value]) }
    return GraphBody(graph)
  }

  /// A draw as large as the batch has the numbers of the batch at the slice's place.
  private mutating func draw(_ node: NodeID, _ slice: ValueID?) -> ValueID {
    let attributes = source.attributes(of: node)
    let shape = Shape(attributes.dims("shape"))
    let site = attributes.text("site")
    let known = operands(node).first
    let own = Shape(shape.dims.map(sliced))
    guard let slice, shape.mentions(batch) else {
      return builder.randomUniform(own, site: site, offset: known)
    }
    var offset = builder.multiply(slice, builder.dimension(own.count))
    if let known {
      let count = builder.constant(Double(slices), .scalar, element: .int)
      offset = builder.add(builder.multiply(known, count), offset)
    }
    return builder.randomUniform(own, site: site, offset: offset)
  }

  /// A loop inside a slice, which hands the slice's number on.
  private mutating func loop(_ node: NodeID, _ slice: ValueID?) -> [ValueID] {
    var parts = ScanParts<ValueID>(
      source.attributes(of: node), operands: operands(node))
    parts.length = sliced(parts.length)
    let body = parts.body.graph
    var inner = SliceCopy(
      body, batch: batch, slices: slices, keeping: Array(repeating: true, count: body.nodeCount))
    parts.body = inner.body(slice: slice == nil ? nil : parts.positionIndex)
    if let slice { parts.captured.append(slice) }
    return builder.scan(parts)
  }
}
