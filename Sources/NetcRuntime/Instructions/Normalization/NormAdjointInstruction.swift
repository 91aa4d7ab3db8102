import CNetc
package import NetcCore
package import NetcGraph

/// The adjoint of `NormInstruction` in one pass: what it needs of the rows is computed again.
/// Outputs: dx, then if wanted partial sums over the rows of dy ŷ, dy and dx, each a row for every
/// 64 rows; ŷ is the result before scale and bias. Inputs: x, dy, then if wanted the scale and a
/// matrix that is added to dx.
package struct NormAdjointInstruction: DefinedInstruction {
  package static let name = "norm_adjoint"
  package static let summary =
    "The adjoint of norm from x and dy, with sums over rows for scale and bias."

  package var rows: Int
  package var n: Int
  package var isCentred = true
  package var epsilon = 0.0
  package var scales = false
  /// Whether the last input is added to dx.
  package var adds = false
  package var sumsScale = false
  package var sumsBias = false
  package var sumsResult = false

  package init(rows: Int, n: Int) {
    self.rows = rows
    self.n = n
  }

  private var sums: [Bool] { [sumsScale, sumsBias, sumsResult] }

  package var outputs: Int { 1 + sums.count { $0 } }
  package var inputs: Int { 2 + (scales ? 1 : 0) + (adds ? 1 : 0) }
  package var inPlaceInputs: [Int] { adds ? [0, 1, inputs - 1] : [0, 1] }

  /// Rows that parts do not share.
  private var group: Int { sums.contains(true) ? MapInstruction.rowGroup : 16 }

  package func code(_ precision: Precision) -> InstructionCode {
    var words = [Int32(clamping: rows), Int32(clamping: n), isCentred ? 1 : 0]
    words.append(real: epsilon)
    words += [scales ? 1 : 0, adds ? 1 : 0]
    words += sums.map { $0 ? 1 : 0 }
    return InstructionCode(
      opcode: Int(NETC_NORM_ADJ), words: words,
      nanoseconds: 10 + Double(rows) * (20 + 0.25 * Double(n)) * precision.slowdown,
      units: (rows + group - 1) / group)
  }

  package var operands: [OperandView] {
    let matrix = OperandView(.float, [rows, n])
    let groups = (rows + MapInstruction.rowGroup - 1) / MapInstruction.rowGroup
    let sum = OperandView(.float, [groups, n])
    return [matrix] + sums.filter { $0 }.map { _ in sum } + [matrix, matrix]
      + (scales ? [OperandView(.float, [n])] : []) + (adds ? [matrix] : [])
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let shape = b.shape(of: inputs[0])
    let d = inputs[1]
    let (y, rate) = NormInstruction.normal(&b, inputs[0], isCentred: isCentred, epsilon)
    let g = scales ? b.multiply(d, b.broadcast(inputs[2], to: shape, axes: [1])) : d
    let along = NormInstruction.mean(&b, b.multiply(g, y))
    var rest = b.subtract(g, b.multiply(y, along))
    if isCentred { rest = b.subtract(rest, NormInstruction.mean(&b, g)) }
    var dx = b.multiply(rate, rest)
    if adds { dx = b.add(dx, inputs[self.inputs - 1]) }
    var results = [dx]
    if sumsScale { results.append(groupSums(&b, b.multiply(d, y))) }
    if sumsBias { results.append(groupSums(&b, d)) }
    if sumsResult { results.append(groupSums(&b, dx)) }
    return results
  }

  /// The sums over the rows of each group.
  private func groupSums(_ b: inout GraphBuilder, _ value: ValueID) -> ValueID {
    let step = MapInstruction.rowGroup
    let groups = stride(from: 0, to: rows, by: step).map { first in
      let group = b.slice(value, axis: 0, Dim(first), Dim(min(first + step, rows)))
      return b.reshape(b.reduceSum(group, axes: [0]), to: Shape(sizes: [1, n]))
    }
    if groups.isEmpty { return b.zeros(Shape(sizes: [0, n])) }
    return groups.count == 1 ? groups[0] : b.concatenate(groups, axis: 0)
  }

  /// Every setting over the shapes of the forward instruction.
  package static var samples: [NormAdjointInstruction] {
    NormInstruction.shapes.enumerated().flatMap { place, shape in
      (0..<4).map { kind in
        var sample = NormAdjointInstruction(rows: shape.0, n: shape.1)
        sample.isCentred = (place + kind) % 3 > 0
        sample.epsilon = 0.01
        sample.scales = kind % 2 == 1
        sample.adds = kind > 1
        sample.sumsScale = kind == 3
        sample.sumsBias = kind > 1
        sample.sumsResult = kind == 1 || kind == 3
        return sample
      }
    }
  }
}
