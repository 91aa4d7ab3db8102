import NetcCore
import NetcGraph

/// A multiple of a product, or that plus a multiple of another tensor, where only the sum is
/// wanted: `W - lr * dot(transpose(X), D)`, or `x + dot(h, W) + bias`.
struct ProductSum {
  /// A number times host scalars.
  struct Term {
    var factor = 1.0
    var scalars: [ValueID] = []
    var divisors: [ValueID] = []
  }

  /// The product's node.
  private(set) var product: NodeID
  /// What is added to every row of the product.
  private(set) var bias: ValueID?
  /// The other tensor, if any.
  let added: ValueID?
  /// The multiple of the product.
  private(set) var alpha = Term()
  /// The multiple of the other tensor: a sum.
  private(set) var beta: [Term] = []
  /// The nodes that the sum makes superfluous.
  private(set) var absorbed: [NodeID] = []

  /// How many nodes of an expression are looked at.
  private static let largest = 12

  /// The new value of `parameter`, when it is a sum of a multiple of the old value and one of a
  /// product of the same shape.
  init?(
    _ graph: borrowing Graph, update value: ValueID, of parameter: ValueID,
    _ analysis: borrowing GraphAnalysis
  ) {
    product = graph.node(of: value)
    added = parameter
    guard analysis.users.of(value).isEmpty, graph.op(of: value) != .dotGeneral,
      walk(graph, value, Term(), analysis, isRoot: true), isFound, !beta.isEmpty
    else { return nil }
    absorbed.removeAll { $0 == graph.node(of: value) }
  }

  /// The sum of a product, perhaps with a bias, that nothing else reads and any other tensor.
  init?(_ graph: borrowing Graph, sum node: NodeID, _ analysis: borrowing GraphAnalysis) {
    let pair = analysis.operands(node)
    let value = graph.result(of: node)
    product = node
    guard let place = pair.lastIndex(where: { ProductSum.isProduct(graph, $0, analysis) }) else {
      return nil
    }
    let other = pair[1 - place]
    guard other != pair[place], !analysis.isFree[other.index],
      graph.op(of: other) != .broadcastInDim,
      analysis.sizes[Int(graph.typeNumber(of: other))]
        == analysis.sizes[Int(graph.typeNumber(of: value))]
    else { return nil }
    added = other
    beta = [Term()]
    guard walk(graph, pair[place], Term(), analysis, isRoot: false), isFound else { return nil }
  }

  /// A sum of a product and another tensor that nothing else reads, with a row added to every row.
  init?(_ graph: borrowing Graph, rows node: NodeID, _ analysis: borrowing GraphAnalysis) {
    let pair = analysis.operands(node)
    for place in pair.indices {
      let value = pair[place]
      let maker = graph.node(of: value)
      guard let sum = analysis.sums[maker.index], sum.bias == nil, sum.added != nil,
        analysis.users.of(value).count == 1, !analysis.isResult[value.index],
        !analysis.isUpdate[graph.result(of: node).index],
        let row = BiasedProduct.bias(graph, pair[1 - place], of: sum.product, analysis)
      else { continue }
      self = sum
      bias = row
      absorbed = [maker]
      return
    }
    return nil
  }

  /// A product times host scalars.
  init?(_ graph: borrowing Graph, scaled node: NodeID, _ analysis: borrowing GraphAnalysis) {
    product = node
    added = nil
    guard walk(graph, graph.result(of: node), Term(), analysis, isRoot: true), isFound else {
      return nil
    }
    absorbed.removeAll { $0 == node }
  }

  private var isFound = false

  /// Whether a value is a product, perhaps with a bias, that one node reads.
  private static func isProduct(
    _ graph: Graph, _ value: ValueID, _ analysis: GraphAnalysis
  ) -> Bool {
    let node = graph.node(of: value)
    return (graph.op(of: value) == .dotGeneral || analysis.biased[node.index] != nil)
      && analysis.users.of(value).count == 1 && !analysis.isResult[value.index]
  }

  /// Takes apart `term * value`; false when it is not of the form.
  private mutating func walk(
    _ graph: Graph, _ value: ValueID, _ term: Term, _ analysis: GraphAnalysis, isRoot: Bool
  ) -> Bool {
    if value == added {
      beta.append(term)
      return true
    }
    let node = graph.node(of: value)
    guard absorbed.count < ProductSum.largest, !analysis.isFree[value.index],
      isRoot || (analysis.users.of(value).count == 1 && !analysis.isResult[value.index])
    else { return false }
    if ProductSum.isProduct(graph, value, analysis) {
      return take(graph, node, term, analysis)
    }
    absorbed.append(node)
    let operands = analysis.operands(node)
    switch graph.op(of: value) {
    case .add:
      return walk(graph, operands[0], term, analysis, isRoot: false)
        && walk(graph, operands[1], term, analysis, isRoot: false)
    case .subtract:
      return walk(graph, operands[0], term, analysis, isRoot: false)
        && walk(graph, operands[1], term.negated, analysis, isRoot: false)
    case .negate:
      return walk(graph, operands[0], term.negated, analysis, isRoot: false)
    case .multiply:
      for (place, operand) in operands.enumerated() {
        guard let scalar = ProductSum.scalar(graph, operand, analysis) else { continue }
        var scaled = term
        scaled.scalars.append(scalar)
        return walk(graph, operands[1 - place], scaled, analysis, isRoot: false)
      }
      return false
    case .divide:
      guard let scalar = ProductSum.scalar(graph, operands[1], analysis) else { return false }
      var scaled = term
      scaled.divisors.append(scalar)
      return walk(graph, operands[0], scaled, analysis, isRoot: false)
    default: return false
    }
  }

  private mutating func take(
    _ graph: Graph, _ node: NodeID, _ term: Term, _ analysis: GraphAnalysis
  ) -> Bool {
    guard !isFound else { return false }
    isFound = true
    product = node
    alpha = term
    absorbed.append(node)
    if let biased = analysis.biased[node.index] {
      guard term.isOne else { return false }
      product = biased.product
      bias = biased.bias
      absorbed.append(product)
    }
    let operands = analysis.operands(product)
    let axes = DotDimensions(graph.attributes(of: product))
    let sizes = analysis.sizes[Int(graph.typeNumber(of: operands[0]))]
    guard axes.lhsContracting.allSatisfy({ sizes[$0] > 0 }) else { return false }
    return added.map {
      analysis.sizes[Int(graph.typeNumber(of: graph.result(of: product)))]
        == analysis.sizes[Int(graph.typeNumber(of: $0))]
    } ?? true
  }

  /// The host scalar that a value repeats; nil when it is none.
  private static func scalar(
    _ graph: Graph, _ value: ValueID, _ analysis: GraphAnalysis
  ) -> ValueID? {
    guard analysis.isFree[value.index] else { return nil }
    if analysis.hosted[value.index] || graph.op(of: value) == .constant { return value }
    guard graph.op(of: value) == .broadcastInDim || graph.op(of: value) == .transpose else {
      return nil
    }
    return scalar(graph, analysis.operands(graph.node(of: value))[0], analysis)
  }
}

extension ProductSum.Term {
  var negated: Self {
    var result = self
    result.factor = -factor
    return result
  }

  var isOne: Bool { factor == 1 && scalars.isEmpty && divisors.isEmpty }
}

extension Selector {
  /// A sum of terms as one factor: a number, or a number times a slot of the scalar program.
  mutating func factor(_ terms: [ProductSum.Term]) -> GemmInstruction.Factor {
    var sum: GemmInstruction.Factor?
    for term in terms {
      let next = factor(term)
      guard let before = sum else {
        sum = next
        continue
      }
      if before.slot == nil && next.slot == nil {
        sum = GemmInstruction.Factor(before.value + next.value)
      } else {
        sum = GemmInstruction.Factor(1, slot: combined("add", slot(before), slot(next)))
      }
    }
    return sum ?? GemmInstruction.Factor(0)
  }

  private mutating func factor(_ term: ProductSum.Term) -> GemmInstruction.Factor {
    var result = GemmInstruction.Factor(term.factor)
    for (values, name) in [(term.scalars, "multiply"), (term.divisors, "divide")] {
      for value in values {
        switch location(value) {
        case .number(let number):
          result.value = name == "multiply" ? result.value * number : result.value / number
        case .slot(let slot) where name == "multiply":
          result.slot = result.slot.map { combined(name, $0, slot) } ?? slot
        case .slot(let slot):
          result.slot = combined(name, result.slot ?? draft.scalars.constant(1), slot)
        case .iota, .view:
          internalError("plan: the factor of a product is in memory, value \(value.index)")
        }
      }
    }
    return result
  }

  private mutating func slot(_ factor: GemmInstruction.Factor) -> Int {
    guard let slot = factor.slot else { return draft.scalars.constant(factor.value) }
    return factor.value == 1
      ? slot : combined("multiply", draft.scalars.constant(factor.value), slot)
  }

  private mutating func combined(_ name: String, _ a: Int, _ b: Int) -> Int {
    let types: [ElementType] = [.float, .float]
    guard
      let slot = draft.scalars.append(
        name, .none, operands: [a, b], types, result: .float)
    else { internalError("plan: host scalar `\(name)` has no bytecode") }
    return slot
  }
}
