import NetcCore
import NetcGraph

/// What each rule that an operation declares says of its result.
extension ConvexityAnalysis {
  /// What is known of a node's first result.
  mutating func result(of step: ConvexityStep, _ allConstant: Bool) -> ValueCurvature {
    if let special = special(step) { return special }
    let operands = step.operands
    switch step.op.operation.curvature {
    case .opaque(let sign): return opaque(step, allConstant, sign)
    case .variable:
      let isFixed = fixed.contains(step.graph.attributes(of: step.node).text("name"))
      return fresh(isFixed ? .constant : .affine, .unknown)
    case .call: return fresh(.unknown, .unknown)
    case .relation: return relation(step, operands[0], operands[1])
    case .choice: return choice(step, operands)
    case .elements: return elements(step, allConstant)
    default: break
    }
    guard step.isReal else { return fresh(allConstant ? .constant : .unknown, .unknown) }
    switch step.op.operation.curvature {
    case .sum: return summed(step.reals)
    case .greatest: return greatest(step.reals)
    case .least: return negated(greatest(step.reals.map { negated($0) }))
    case .addition: return sum(operands[0], operands[1])
    case .subtraction: return sum(operands[0], negated(operands[1]))
    case .negation: return negated(operands[0])
    case .product: return product(operands[0], operands[1])
    case .sumOfProducts: return summed([crossed(operands[0], operands[1])])
    case .quotient: return quotient(operands[0], operands[1])
    case .power: return power(operands[0], operands[1])
    case .scalar(let bend): return scalar(step.op, bend, operands[0])
    default: return fresh(.unknown, .unknown)
    }
  }

  /// A value of which nothing is known unless it does not vary.
  private mutating func opaque(
    _ step: ConvexityStep, _ allConstant: Bool, _ sign: SignRange
  ) -> ValueCurvature {
    if !allConstant { return fresh(.unknown, .unknown) }
    let value = step.graph.result(of: step.node)
    if let number = step.graph.literal(value), step.op == .constant {
      return constant(number)
    }
    var sign = sign
    if step.op == .constant {
      sign = step.graph.attributes(of: step.node).numbers("values").reduce([]) {
        $0.union(SignRange($1))
      }
    }
    if step.op == .input, nonnegative.contains(step.graph.attributes(of: step.node).text("name")) {
      sign = .nonnegative
    }
    return fresh(.constant, sign)
  }

  /// The same number in every element.
  private mutating func constant(_ number: Double) -> ValueCurvature {
    var value = fresh(.constant, SignRange(number))
    if number.isFinite { value.form.pieces = .constant(number) }
    return value
  }

  /// Elements of the operands moved, repeated or left out.
  private mutating func elements(_ step: ConvexityStep, _ allConstant: Bool) -> ValueCurvature {
    let operands = step.operands
    if operands.count == 1, step.op != .pad, step.isReal || allConstant {
      guard step.op != .convert else { return converted(step, operands[0]) }
      // Single elements are still the same function of a constant, or of those of the atom.
      if step.op == .identity || step.op == .stopGradient || operands[0].number != nil {
        return operands[0]
      }
    }
    guard step.isReal || allConstant else { return fresh(.unknown, .unknown) }
    var sources =
      step.graph.type(of: step.graph.result(of: step.node)).element == .float
      ? step.reals : operands
    if step.op == .pad {
      sources.append(constant(step.graph.attributes(of: step.node).number("value")))
    }
    return joined(sources)
  }

  /// A real number from one of another kind, which is constant, or from a real number.
  private mutating func converted(
    _ step: ConvexityStep, _ operand: ValueCurvature
  ) -> ValueCurvature {
    let source = step.graph.operands(of: step.node).map { step.graph.type(of: $0).element }
    let target = step.graph.type(of: step.graph.result(of: step.node)).element
    if source == [.float], target == .float { return operand }
    if target != .float {
      return fresh(operand.curvature, target == .bool ? .nonnegative : .unknown)
    }
    return operand.number == nil ? fresh(.constant, operand.sign) : operand
  }

  /// Elements of several values side by side.
  mutating func joined(_ values: [ValueCurvature]) -> ValueCurvature {
    var result = fresh(.constant, [])
    result.logarithm = .constant
    result.root = .constant
    for value in values {
      result.curvature = result.curvature.joined(value.curvature)
      result.sign.formUnion(value.sign)
      result.logarithm = result.logarithm.joined(value.logarithm)
      result.root = result.root.joined(value.root)
    }
    return refreshed(result)
  }

  /// The value as an atom of its own.
  private mutating func refreshed(_ value: ValueCurvature) -> ValueCurvature {
    var result = fresh(value.curvature, value.sign)
    result.logarithm = value.logarithm
    result.root = value.root
    return result
  }

  /// Sums over elements of each value, and of the values. Logarithms of sums are convex where those
  /// of the terms are (log Σ exp); so are roots (norms).
  private mutating func summed(_ values: [ValueCurvature]) -> ValueCurvature {
    var result = joined(values)
    if !result.logarithm.isConvex { result.logarithm = .unknown }
    if result.logarithm == .affine { result.logarithm = .convex }
    if !result.root.isConvex { result.root = .unknown }
    if result.root == .affine { result.root = .convex }
    return result
  }

  /// The greatest of elements of each value, and of the values.
  mutating func greatest(_ values: [ValueCurvature]) -> ValueCurvature {
    let all = joined(values)
    var sign = all.sign
    if values.contains(where: { $0.sign.isNonnegative }) { sign.remove(.nonpositive) }
    let isConvex = values.allSatisfy { $0.curvature.isConvex }
    var result = fresh(
      all.curvature == .constant ? .constant : isConvex ? .convex : .unknown, sign)
    if all.logarithm.isConvex {
      result.logarithm = all.logarithm == .constant ? .constant : .convex
    }
    if all.root.isConvex { result.root = all.root == .constant ? .constant : .convex }
    guard values.count == 2 else { return result }
    return merged(values[0], values[1], result) { $0.maximum($1) }
  }

  /// A relation between real numbers that are functions of the same atom.
  private mutating func relation(
    _ step: ConvexityStep, _ a: ValueCurvature, _ b: ValueCurvature
  ) -> ValueCurvature {
    var result = fresh(.unknown, .nonnegative)
    guard step.reals.count == 2, let atom = sharedAtom(a, b) else { return result }
    let left = a.form.pieces
    let right = b.form.pieces
    let regions: ScalarPieces.Regions? =
      switch ComparisonDirection(rawValue: step.graph.attributes(of: step.node).text("direction")) {
      case .lt: left.isBelow(right, orEqual: false)
      case .le: left.isBelow(right, orEqual: true)
      case .gt: right.isBelow(left, orEqual: false)
      case .ge: right.isBelow(left, orEqual: true)
      default: nil
      }
    if let regions { result.regions = (atom, regions) }
    return result
  }

  /// One of two values by a constant condition, or by where an atom lies.
  private mutating func choice(
    _ step: ConvexityStep, _ operands: [ValueCurvature]
  ) -> ValueCurvature {
    let both = joined([operands[1], operands[2]])
    if operands[0].curvature == .constant { return both }
    let result = fresh(.unknown, both.sign)
    guard step.reals.count == 2, let regions = operands[0].regions else { return result }
    return merged(operands[1], operands[2], result, atom: regions.atom) {
      ScalarPieces.chosen(regions.regions, $0, $1)
    }
  }
}

/// Functions of the same atom.
extension ConvexityAnalysis {
  /// The atom that both are functions of; any where both are numbers.
  private func sharedAtom(_ a: ValueCurvature, _ b: ValueCurvature) -> Int? {
    if a.number != nil { return b.form.atom }
    return b.number != nil || a.form.atom == b.form.atom ? a.form.atom : nil
  }

  /// `otherwise`, as a function of the atom that both values are functions of, if there is one.
  func merged(
    _ a: ValueCurvature, _ b: ValueCurvature, _ otherwise: ValueCurvature, atom: Int? = nil,
    _ combine: (ScalarPieces, ScalarPieces) -> ScalarPieces?
  ) -> ValueCurvature {
    guard let shared = sharedAtom(a, b) else { return otherwise }
    let isBoth = a.number != nil && b.number != nil
    guard atom == nil || isBoth || atom == shared,
      let pieces = combine(a.form.pieces, b.form.pieces)
    else { return otherwise }
    var result = otherwise
    result.form = ValueCurvature.Form(atom: atom ?? shared, pieces: pieces)
    return result
  }
}
