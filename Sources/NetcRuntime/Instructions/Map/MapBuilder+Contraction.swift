import NetcCore

extension MapBuilder {
  /// The program with known groups of operations as one: a b + c, c - a b, 1 + erf(a / √2), and
  /// zero where a value is not positive. What only such a group read is left without use.
  /// - Complexity: O(values).
  func contracted() -> MapBuilder {
    var result = self
    let uses = useCounts()
    for index in definitions.indices {
      guard case .step(let operation, let operands) = definitions[index] else { continue }
      if let joined = contraction(operation, operands, uses) {
        result.definitions[index] = .step(joined.operation, joined.operands)
      }
    }
    return result
  }

  private func useCounts() -> [Int] {
    var uses = Array(repeating: 0, count: definitions.count)
    for definition in definitions {
      if case .step(_, let operands) = definition { for operand in operands { uses[operand] += 1 } }
    }
    for output in outputs { uses[output.value] += 1 }
    for tail in tails { uses[tail.value] += 1 }
    return uses
  }

  private func contraction(
    _ operation: MicroOperation, _ operands: [Int], _ uses: [Int]
  ) -> (operation: MicroOperation, operands: [Int])? {
    switch operation {
    case .realAdd:
      for place in [0, 1] where uses[operands[place]] == 1 {
        if case .step(.realMultiply, let factors) = definitions[operands[place]] {
          return (.realMultiplyAdd, factors + [operands[1 - place]])
        }
        if isScalar(operands[1 - place], 1), let x = normal(operands[place], uses) {
          return (.realNormal, [x])
        }
      }
      return nil
    case .realSubtract where uses[operands[1]] == 1:
      guard case .step(.realMultiply, let factors) = definitions[operands[1]] else { return nil }
      return (.realNegateMultiplyAdd, factors + [operands[0]])
    case .realSelect: return gate(operands)
    default: return nil
    }
  }

  /// where(a <= 0, 0, b).
  private func gate(_ operands: [Int]) -> (operation: MicroOperation, operands: [Int])? {
    guard case .step(.realLessOrEqual, let sides) = definitions[operands[0]], isZero(sides[1]),
      isZero(operands[1])
    else { return nil }
    let (mask, value) = (sides[0], operands[2])
    if mask == value { return (.realRectify, [value]) }
    // A rectified number is not positive just where the number is not.
    if case .step(.realSelect, let inner) = definitions[mask],
      let rectified = gate(inner), rectified.operation == .realRectify
    {
      return (.realGate, [rectified.operands[0], value])
    }
    return (.realGate, [mask, value])
  }

  /// The a of erf(a / √2).
  private func normal(_ index: Int, _ uses: [Int]) -> Int? {
    guard case .step(.realErf, let operands) = definitions[index], uses[operands[0]] == 1,
      case .step(.realMultiply, let factors) = definitions[operands[0]]
    else { return nil }
    let place = factors.firstIndex { isScalar($0, 0.5.squareRoot()) }
    return place.map { factors[1 - $0] }
  }

  private func isZero(_ index: Int) -> Bool { isScalar(index, 0) }

  private func isScalar(_ index: Int, _ number: Double) -> Bool {
    guard case .scalar(let scalar) = definitions[index] else { return false }
    return scalar.value == number && scalar.slot == nil
  }
}
