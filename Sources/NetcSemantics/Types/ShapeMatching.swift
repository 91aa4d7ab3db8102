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
      blame(
        .rankMismatch,
        "`\(callee)` expects `\(parameter.name)` of rank \(fixed)\(rest == nil ? "" : " or more"), "
          + "found \(shape)",
        given, site, expects: "rank \(fixed)\(rest == nil ? "" : " or more")", axes: [],
        notes: [Diagnostic.Label(type.range, "declared here")])
      return false
    }
    let before = rest ?? pattern.count
    let after = pattern.count - before - (rest == nil ? 0 : 1)
    for axis in 0..<before
    where !matches(pattern[axis], shape, axis, parameter, given, of: callee, site) { return false }
    for offset in 0..<after {
      let axis = shape.rank - after + offset
      let place = pattern.count - after + offset
      if !matches(pattern[place], shape, axis, parameter, given, of: callee, site) { return false }
    }
    guard let rest, case .rest(let name) = pattern[rest].kind else { return true }
    let middle = Array(shape.dims[before..<shape.rank - after])
    return matchesRest(
      name?.text ?? "", middle, from: before, pattern[rest], parameter, given, of: callee, site)
  }

  private mutating func matches(
    _ pattern: Dimension, _ shape: Shape, _ axis: Int, _ parameter: ParameterShape,
    _ given: ArgumentValue, of callee: String, _ site: CallSite
  ) -> Bool {
    guard case .size(let expression) = pattern.kind else { return true }
    let found = shape[axis]
    var check: PostponedSize {
      PostponedSize(
        pattern: pattern, shape: shape, axis: axis, parameter: parameter, given: given,
        callee: callee)
    }
    if case .path(let path) = expression.kind, let name = path.single?.text {
      guard let known = knownSize(name) else {
        var size = Frame.Size(dim: found)
        if case .tensor(let tensor) = given.value {
          size.source = .argument(parameter: parameter.name, given.range, tensor, axis: axis)
        }
        frame.sizes.declare(name, size)
        return true
      }
      if known == found { return true }
      reportSize(known, check, site)
      return false
    }
    if !namesUnboundSizes(expression) {
      guard let expected = size(of: expression) else { return false }
      if expected == found { return true }
      reportSize(expected, check, site)
      return false
    }
    postponedSizes.append(check)
    return true
  }

  /// The size a name in a type stands for, when it is bound, a setting or a constant.
  mutating func knownSize(_ name: String) -> Dim? {
    if let bound = frame.sizes[name] { return bound.dim }
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
    _ name: String, _ found: [Dim], from start: Int, _ pattern: Dimension,
    _ parameter: ParameterShape, _ given: ArgumentValue, of callee: String, _ site: CallSite
  ) -> Bool {
    guard let source = frame.rests[name] else {
      let operand = Operand(given.value, given.range)
      frame.rests.declare(
        name, Frame.Rest(dims: found, parameter: parameter.name, given: operand, start: start))
      return true
    }
    let known = source.dims
    if known == found { return true }
    let text = name.isEmpty ? "..." : "...\(name)"
    let differing = found.indices.filter { !known.indices.contains($0) || known[$0] != found[$0] }
    let isSameRank = known.count == found.count
    let axes = isSameRank ? differing.map { $0 + start } : []
    let other = shapeSide(
      source.given, axes: isSameRank ? differing.map { $0 + source.start } : [])
    let own = shapeSide(Operand(given.value, given.range), axes: axes)
    var mending =
      missingBatch((known, found), given.value) ?? missingBatch((found, known), source.given.value)
      ?? restHelp(known, found, given.range, source.given.range)
    if isSameRank, differing.count == 1 {
      let (a, b) = (found[differing[0]], known[differing[0]])
      mending = correction([(own.notes, a, b), (other.notes, b, a)])
    }
    blame(
      .restMismatch,
      "`\(callee)` expects `\(text)` of `\(parameter.name)` to be \(Shape(known))"
        + " as in `\(source.parameter)`, found \(Shape(found))",
      given, site, expects: "\(Shape(known)) for `\(text)`", axes: axes,
      notes: labels([other])
        + [Diagnostic.Label(pattern.range, "one shape everywhere in the signature")],
      help: mending.help, fixes: mending.fixes)
    return false
  }

  private func restHelp(
    _ known: [Dim], _ found: [Dim], _ range: SourceRange, _ other: SourceRange
  ) -> (help: [String], fixes: [Diagnostic.Fix]) {
    let long = found == known + [Dim(1)] ? range : known == found + [Dim(1)] ? other : nil
    guard let long else { return ([], []) }
    let squeezed = applying("squeeze", "axis: -1", to: long)
    return (["drop the last axis: `\(squeezed.text)`"], [squeezed.fix])
  }

  private mutating func reportSize(_ expected: Dim, _ check: PostponedSize, _ site: CallSite) {
    let (shape, axis) = (check.shape, check.axis)
    let place =
      axis == shape.rank - 1
      ? "last dimension" : axis == 0 ? "first dimension" : "dimension \(axis)"
    let found = shapeSide(Operand(check.given.value, check.given.range), axes: [axis])
    var trail = SizeTrail()
    if case .size(let expression) = check.pattern.kind {
      for source in sizeSources(of: expression) { trace(source, expected, &trail) }
    }
    let declared = check.pattern.range
    let wanted = ShapeSide(declared, "\(expected) by this", SizeTrail())
    let notes = trail.notes.filter { $0.range != declared }
    let mending = correction([
      (trail.notes, expected, shape[axis]), (found.notes, shape[axis], expected),
    ])
    blame(
      .sizeMismatch,
      "`\(check.callee)` expects the \(place) of `\(check.parameter.name)` to be \(expected), "
        + "found \(shape[axis])",
      check.given, site, expects: "\(expected)", axes: [axis],
      notes: [wanted.label]
        + notes.map { Diagnostic.Label($0.range, "\($0.size) \($0.words)") },
      help: mending.help.isEmpty && expected.constant != nil && shape[axis].constant != nil
        ? ["give a tensor of size \(expected) there"] : mending.help, fixes: mending.fixes)
  }

  /// Reports an argument whose shape its parameter does not take: at the argument, or at the call
  /// when a pipe handed it on.
  private mutating func blame(
    _ kind: DiagnosticKind, _ message: String, _ given: ArgumentValue, _ site: CallSite,
    expects: String, axes: [Int], notes: [Diagnostic.Label], help: [String] = [],
    fixes: [Diagnostic.Fix] = []
  ) {
    let side = shapeSide(Operand(given.value, given.range), axes: axes)
    let isPiped = site.piped?.range == given.range && site.range != given.range
    var all = isPiped ? [side.label] : []
    for label in side.labels + notes where !all.contains(where: { $0.range == label.range }) {
      all.append(label)
    }
    fail(
      kind, message, at: isPiped ? site.range : given.range,
      label: isPiped ? "expects \(expects)" : side.label.text, notes: all, help: help,
      fixes: fixes)
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
        frame.sizes.declare(name, Frame.Size(dim: classes.count, source: .written(given.range)))
        return true
      }
      expected = known
    } else {
      expected = size(of: first.value)
    }
    guard let expected else { return false }
    if expected == classes.count { return true }
    var trail = SizeTrail()
    for source in sizeSources(of: first.value) { trace(source, expected, &trail) }
    let wanted = ShapeSide(type.range, "\(expected) by this", trail)
    let mending = correction([(trail.notes, expected, classes.count)])
    fail(
      .classMismatch,
      "`\(callee)` expects `\(parameter.name)` to have \(expected) classes, found \(classes.count)",
      at: given.range, label: "this is \(classes.text)", notes: labels([wanted]),
      help: mending.help, fixes: mending.fixes)
    return false
  }

  /// Checks the sizes of argument types that are expressions of names bound by other arguments.
  mutating func checkPostponedSizes(of place: Int, _ site: CallSite) -> Bool {
    if postponedSizes.isEmpty { return true }
    let postponed = postponedSizes
    postponedSizes = []
    for check in postponed {
      guard case .size(let expression) = check.pattern.kind,
        let expected = size(of: expression)
      else { return false }
      if expected == check.shape[check.axis] { continue }
      reportSize(expected, check, site)
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
