import NetcCore
import NetcGraph

/// The first value of one parameter or state: a number, or a call of a function written for it.
struct InitialFunction {
  /// The function's definition; nil when a number says it.
  let text: String?
  /// What stands after `=` in the declaration.
  let call: String

  init(_ initial: Graph, _ value: ValueID, typeText: String, number: Int) {
    let graph = initial.cut(to: value)
    let result = graph.results[0].value
    if let number = InitialFunction.fill(graph, result) {
      text = nil
      call = number
      return
    }
    let body = ProgramBody(graph, leaves: [], reserved: ["_shape"])
    let name = "initial_\(number)"
    var lines = ["fn \(name)(_shape: dims) -> \(typeText) {"]
    lines += body.lines.map { "  " + $0 }
    lines += ["  return \(body.text(of: result))", "}"]
    text = lines.joined(separator: "\n")
    call = name + "()"
  }

  /// The number that fills the tensor, if it is just one.
  private static func fill(_ graph: Graph, _ value: ValueID) -> String? {
    let node = graph.node(of: value)
    switch graph.op(of: node) {
    case .constant:
      let values = graph.attributes(of: node).numbers("values")
      return values.count == 1 && graph.type(of: value).element != .bool
        ? numberText(values[0]) : nil
    case .broadcastInDim:
      guard let operand = graph.operands(of: node).first, graph.type(of: operand).shape.rank == 0
      else {
        return nil
      }
      return fill(graph, operand)
    default: return nil
    }
  }
}

/// What becomes of a metric's totals at the end of a pass, as a function.
struct FinishFunction {
  let name: String
  let text: String

  init(_ finish: GraphBody, argumentTypes: [String], number: Int) {
    name = "finish_\(number)"
    var graph = finish.graph
    graph.results = Array(finish.graph.results.prefix(1))
    graph = graph.inliningComposites { _ in true }.withoutDeadNodes()
    var leaves: [(value: ValueID, name: String)] = []
    for node in graph.nodeIDs where graph.op(of: node) == .argument {
      leaves.append(
        (graph.result(of: node), "total_\(graph.attributes(of: node).int("index") + 1)"))
    }
    let body = ProgramBody(graph, leaves: leaves, reserved: Set(leaves.map(\.name)))
    let parameters = argumentTypes.enumerated().map { index, type in
      // A scalar written without brackets would be a setting.
      "total_\(index + 1): \(type.contains("[") ? type : type + "[]")"
    }
    let result = graph.results[0].value
    var lines = ["fn \(name)(\(parameters.joined(separator: ", "))) -> \(graph.type(of: result)) {"]
    lines += body.lines.map { "  " + $0 }
    lines += ["  return \(body.text(of: result))", "}"]
    text = lines.joined(separator: "\n")
  }
}
