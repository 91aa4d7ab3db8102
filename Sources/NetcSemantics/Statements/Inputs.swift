import NetcCore
import NetcGraph
import NetcSyntax

extension Lowering {
  /// `input x: T`.
  mutating func declareInput(_ name: Name, _ type: TypeExpression) {
    guard checkFree(name.text, at: name.range, .input) else { return }
    guard let resolved = resolve(type, bindsSymbols: true) else {
      frame.declare(name.text, Binding(role: .input, value: .poison, range: name.range))
      return
    }
    let graphType = TensorType(resolved.kind.element, resolved.shape)
    declaredSizes[name.text] = sizeSources(of: type)
    inputTypes[name.text] = type
    b.origin = Origin(range: name.range)
    var value = tensor(b.input(name.text, graphType), resolved.kind)
    let isAsked =
      standardized.contains(name.text)
      || (standardizedArrays.contains(name.text) && resolved.shape.rank > 1)
    let isStandardized = isAsked && resolved.kind == .float
    if isStandardized { value = standardize(value, name) }
    frame.declare(name.text, Binding(role: .input, value: .tensor(value), range: name.range))
    if isTraining {
      model.inputs.append(
        ModelInput(
          name: name.text, element: dataElement(resolved.kind), type: graphType,
          isBatched: isBatched(resolved.shape), isStandardized: isStandardized, range: name.range))
    }
  }

  /// Whether the first dimension counts examples: it is a symbol.
  func isBatched(_ shape: Shape) -> Bool { shape.rank > 0 && shape[0].symbol != nil }

  /// What a reader needs to know of an input's kind.
  func dataElement(_ kind: Kind) -> DataBinding.Element {
    switch kind {
    case .float: .float
    case .int: .int
    case .bool: .bool
    case .classes(let classes):
      .classes(count: classes.count.constant ?? 0, ignore: classes.ignore, names: classes.names)
    }
  }

  /// The input less its mean over its deviation: states of the shape of a row, filled from the
  /// training rows.
  private mutating func standardize(_ input: TensorValue, _ name: Name) -> TensorValue {
    let row = Shape(Array(input.shape.dims.dropFirst(isBatched(input.shape) ? 1 : 0)))
    let type = TensorType(.float, row)
    var parts: [ValueID] = []
    for (suffix, first) in [("mean", 0.0), ("deviation", 1.0)] {
      let path = "\(name.text).\(suffix)"
      let state = b.state(path, type)
      parts.append(b.broadcastTrailing(state, to: input.shape))
      if isTraining {
        model.states.append(ModelState(name: path, type: type, kind: .statistic, range: name.range))
        initial.builder.origin = Origin(range: name.range)
        let value = initial.builder.constant(first, row)
        initial.builder.graph.results.append(GraphResult(.initial, path, value))
      }
    }
    let centred = b.subtract(input.id, parts[0])
    let result = b.divide(centred, parts[1])
    b.graph.setName("\(name.text)_standardized", of: result)
    return tensor(result)
  }
}
