import NetcCore
import NetcGraph

/// Normalizations of rows and their adjoints, an instruction each.
enum NormSelection {
  static func forward(_ s: inout Selector, _ norm: RowNorm) throws(PlanError) {
    let value = s.graph.result(of: norm.last)
    var instruction = NormInstruction(rows: rows(s, value), n: s.shape(value).last ?? 1)
    instruction.isCentred = norm.isCentred
    instruction.epsilon = norm.epsilon
    instruction.scales = norm.scale != nil
    instruction.shifts = norm.bias != nil
    var inputs = [try s.dense(norm.x)]
    for vector in [norm.scale, norm.bias] {
      if let vector { inputs.append(try s.dense(vector)) }
    }
    s.emit(instruction, to: [s.allocate(value)], from: inputs)
  }

  static func adjoint(_ s: inout Selector, _ adjoint: RowNormAdjoint) throws(PlanError) {
    let value = adjoint.result
    let rows = rows(s, value)
    var instruction = NormAdjointInstruction(rows: rows, n: s.shape(value).last ?? 1)
    instruction.isCentred = adjoint.core.isCentred
    instruction.epsilon = adjoint.core.epsilon
    instruction.scales = adjoint.scale != nil
    instruction.adds = adjoint.added != nil
    instruction.sumsScale = adjoint.scaleSum != nil
    instruction.sumsBias = adjoint.biasSum != nil
    instruction.sumsResult = adjoint.resultSum != nil
    var inputs = [try s.dense(adjoint.core.x), try s.dense(adjoint.d)]
    for more in [adjoint.scale, adjoint.added] {
      if let more { inputs.append(try s.dense(more)) }
    }
    let sums = [adjoint.scaleSum, adjoint.biasSum, adjoint.resultSum].compactMap { $0 }
    let targets = sums.map { ReductionSelection.target(&s, $0, rows: rows) }
    s.emit(instruction, to: [s.allocate(value)] + targets, from: inputs)
    for (sum, target) in zip(sums, targets) {
      ReductionSelection.finish(&s, sum, from: target)
    }
  }

  private static func rows(_ s: Selector, _ value: ValueID) -> Int {
    let n = s.shape(value).last ?? 1
    return n == 0 ? 0 : s.count(value) / n
  }
}
