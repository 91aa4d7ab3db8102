import NetcCore
import NetcSyntax

extension Lowering {
  /// Whether a tensor of `shape` has this type; names of the type that are free are bound by it.
  ///
  /// A name that is bound, a setting or a constant is that number. Sizes that are expressions of
  /// names bound later are checked by `checkPostponedSizes`.
  mutating func matches(
    _ type: TypeExpression, _ shape: Shape, _ parameter: ParameterShape, _ given: ArgumentValue,
    of callee: String, _ site: CallSite
  ) -> Bool {
    guard let pattern = type.dimensions else { return shape.rank == 0 }
    let rest = pattern.firstIndex { if case .rest = $0.kind { true } else { false } }
    let fixed = rest == nil ? pattern.count : pattern.count - 1
    guard rest == nil ? shape.rank == fixed : shape.rank >= fixed else {
      fail(
        .rankMismatch,
        "`\(callee)` expects `\(parameter.name)` of rank \(fixed)\(rest == nil ? "" : " or more"), "
          + "found \(shape)",
        at: given.range, label: "this is \(shape)",
        notes: [Diagnostic.Label(type.range, "declared here")])
      return false
    }
    let before = rest ?? pattern.count
    let after = pattern.count - before - (rest == nil ? 0 : 1)
    for axis in 0..<before
    where !matches(pattern[axis], shape, axis, parameter, given, of: callee) { return false }
    for offset in 0..<after {
      let axis = shape.rank - after + offset
      let place = pattern.count - after + offset
      if !matches(pattern[place], shape, axis, parameter, given, of: callee) { return false }
    }
    guard let rest, case .rest(let name) = pattern[rest].kind else { return true }
    let middle = Array(shape.dims[before..<shape.rank - after])
    return matchesRest(name?.text ?? "", middle, pattern[rest], parameter, given, of: callee)
  }

  private mutating func matches(
    _ pattern: Dimension, _ shape: Shape, _ axis: Int, _ parameter: ParameterShape,
    _ given: ArgumentValue, of callee: String
  ) -> Bool {
    guard case .size(let expression) = pattern.kind else { return true }
    let found = shape[axis]
    if case .path(let path) = expression.kind, let name = path.single?.text {
      guard let known = knownSize(name) else {
        frame.dims[name] = found
        return true
      }
      if known == found { return true }
      reportSize(known, shape, axis, pattern, parameter, given, of: callee)
      return false
    }
    if !namesUnboundSizes(expression) {
      guard let expected = size(of: expression) else { return false }
      if expected == found { return true }
      reportSize(expected, shape, axis, pattern, parameter, given, of: callee)
      return false
    }
    postponedSizes.append(
      PostponedSize(
        pattern: pattern, shape: shape, axis: axis, parameter: parameter, given: given,
        callee: callee))
    return true
  }

  /// The size a name in a type stands for, when it is bound, a setting or a constant.
  mutating func knownSize(_ name: String) -> Dim? {
    if let bound = frame.dims[name] { return bound }
    if let binding = frame.binding(name), binding.role == .setting {
      return binding.value.dimension
    }
    if frame.body == .top, let binding = frame.binding(name),
      binding.role == .loop || binding.role == .let
    {
      return binding.value.dimension
    }
    guard let place = modules[frame.module].constants[name] else { return nil }
    return constant(place).dimension
  }

  private mutating func matchesRest(
    _ name: String, _ found: [Dim], _ pattern: Dimension, _ parameter: ParameterShape,
    _ given: ArgumentValue, of callee: String
  ) -> Bool {
    guard let known = frame.rests[name] else {
      frame.rests[name] = found
      frame.restSources[name] = (parameter.name, given.range)
      return true
    }
    if known == found { return true }
    let text = name.isEmpty ? "..." : "...\(name)"
    let source = frame.restSources[name]
    let notes = source.map { [Diagnostic.Label($0.range, "this has \(Shape(known))")] } ?? []
    fail(
      .restMismatch,
      "`\(callee)` expects `\(text)` of `\(parameter.name)` to be \(Shape(known))"
        + (source.map { " as in `\($0.parameter)`" } ?? "") + ", found \(Shape(found))",
      at: given.range, label: "this has \(Shape(found))",
      notes: notes + [Diagnostic.Label(pattern.range, "one shape everywhere in the signature")],
      help: restHelp(known, found, given.range, source?.range))
    return false
  }

  private func restHelp(
    _ known: [Dim], _ found: [Dim], _ range: SourceRange, _ other: SourceRange?
  ) -> [String] {
    if found == known + [Dim(1)] {
      return ["drop the last axis: `squeeze(\(sources.text(range)), axis: -1)`"]
    }
    if known == found + [Dim(1)], let other {
      return ["drop the last axis: `squeeze(\(sources.text(other)), axis: -1)`"]
    }
    return []
  }

  private mutating func reportSize(
    _ expected: Dim, _ shape: Shape, _ axis: Int, _ pattern: Dimension, _ parameter: ParameterShape,
    _ given: ArgumentValue, of callee: String
  ) {
    let place =
      axis == shape.rank - 1
      ? "last dimension" : axis == 0 ? "first dimension" : "dimension \(axis)"
    fail(
      .sizeMismatch,
      "`\(callee)` expects the \(place) of `\(parameter.name)` to be \(expected), found "
        + shape[axis].description,
      at: given.range, label: "this is \(shape)",
      notes: [Diagnostic.Label(pattern.range, "\(expected) by this")],
      help: expected.constant != nil && shape[axis].constant != nil
        ? ["change \(expected) to \(shape[axis]), or give a tensor of that size"] : [])
  }

  /// Whether the classes of an argument are those its parameter takes; a free name is bound to
  /// their count.
  mutating func matchClasses(
    _ type: TypeExpression, _ classes: Classes, _ parameter: ParameterShape,
    _ given: ArgumentValue, of callee: String
  ) -> Bool {
    guard case .classes(let arguments) = type.element, let first = arguments.first else {
      return true
    }
    var expected: Dim?
    if case .path(let path) = first.value.kind, let name = path.single?.text {
      guard let known = knownSize(name) else {
        frame.dims[name] = classes.count
        return true
      }
      expected = known
    } else {
      expected = size(of: first.value)
    }
    guard let expected else { return false }
    if expected == classes.count { return true }
    fail(
      .classMismatch,
      "`\(callee)` expects `\(parameter.name)` to have \(expected) classes, found \(classes.count)",
      at: given.range, label: "this is \(classes.text)",
      notes: [Diagnostic.Label(type.range, "\(expected) by this")])
    return false
  }

  /// Checks the sizes of argument types that are expressions of names bound by other arguments.
  mutating func checkPostponedSizes(of place: Int, _ site: CallSite) -> Bool {
    let postponed = postponedSizes
    postponedSizes = []
    for check in postponed {
      guard case .size(let expression) = check.pattern.kind,
        let expected = size(of: expression)
      else { return false }
      if expected == check.shape[check.axis] { continue }
      reportSize(
        expected, check.shape, check.axis, check.pattern, check.parameter, check.given,
        of: check.callee)
      return false
    }
    return true
  }

  private mutating func namesUnboundSizes(_ expression: Expression) -> Bool {
    Mentions(expression).values.contains { name in knownSize(name) == nil }
  }
}

/// A size of an argument's type that can be checked only when all arguments have bound their names.
struct PostponedSize: Sendable {
  var pattern: Dimension
  var shape: Shape
  var axis: Int
  var parameter: ParameterShape
  var given: ArgumentValue
  var callee: String
}
