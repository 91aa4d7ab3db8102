import CNetc
package import NetcCore
package import NetcGraph

/// Cross-entropy of rows of logits [rows, n] with labels, its adjoint, or both in one pass:
/// each row's -Σ q log softmax(x) and d (softmax(x) - q), where q is `on` at the label's class
/// and `off` more everywhere. A label outside 0 ..< n marks no class.
package struct CrossEntropyInstruction: DefinedInstruction {
  package static let name = "cross_entropy"
  package static let summary =
    "-Σ q log softmax(x) of each row, d (softmax(x) - q), or both; q comes from labels."

  package var rows: Int
  package var n: Int
  package var on = 1.0
  package var off = 0.0
  /// Whether output 0 is the loss of each row.
  package var givesLoss = true
  /// Whether the last output is the adjoint of the logits.
  package var givesAdjoint = false
  /// The factor d of all rows; with `readsFactors` it multiplies the last input's [rows].
  package var factor = GemmInstruction.Factor(1)
  package var readsFactors = false

  package init(rows: Int, n: Int) {
    self.rows = rows
    self.n = n
  }

  package var outputs: Int { (givesLoss ? 1 : 0) + (givesAdjoint ? 1 : 0) }
  package var inputs: Int { readsFactors ? 3 : 2 }
  package var inPlaceInputs: [Int] { givesLoss ? [] : [0] }

  package func code(_ precision: Precision) -> InstructionCode {
    let mode = (givesLoss ? 1 : 0) | (givesAdjoint ? 2 : 0) | (readsFactors ? 4 : 0)
    var words = [Int32(clamping: rows), Int32(clamping: n), Int32(mode)]
    words.append(real: on)
    words.append(real: off)
    words.append(real: factor.value)
    words.append(count: factor.slot ?? -1)
    return InstructionCode(
      opcode: Int(NETC_XENT), words: words,
      nanoseconds: 20 + Double(rows) * (8 + 0.4 * Double(n)) * precision.slowdown, units: rows,
      slices: operands.map { PartSlices.dense($0.strides[0] * $0.type.bytes(in: precision)) })
  }

  package var operands: [OperandView] {
    let matrix = OperandView(.float, [rows, n])
    let column = OperandView(.float, [rows])
    return (givesLoss ? [column] : []) + (givesAdjoint ? [matrix] : [])
      + [matrix, OperandView(.int, [rows])] + (readsFactors ? [column] : [])
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let shape = b.shape(of: inputs[0])
    let labels = b.broadcast(inputs[1], to: shape, axes: [0])
    let isHot = b.compare(.eq, labels, b.iota(shape, axis: 1))
    let most = b.broadcast(b.reduceMax(inputs[0], axes: [1]), to: shape, axes: [0])
    let shifted = b.subtract(inputs[0], most)
    let exponentials = b.exponential(shifted)
    let sum = b.broadcast(b.reduceSum(exponentials, axes: [1]), to: shape, axes: [0])
    var results: [ValueID] = []
    if givesLoss {
      let logarithms = b.subtract(shifted, b.log(sum))
      let own = b.reduceSum(b.select(isHot, logarithms, b.zeros(shape)), axes: [1])
      var total = b.scaled(own, -on)
      if off != 0 { total = b.subtract(total, b.scaled(b.reduceSum(logarithms, axes: [1]), off)) }
      results.append(total)
    }
    if givesAdjoint {
      let q = b.shifted(b.scaled(b.convert(isHot, to: .float), on), off)
      var d = b.subtract(b.divide(exponentials, sum), q)
      d = b.scaled(d, factor.value * (factor.slot.map { slots[$0] } ?? 1))
      if readsFactors { d = b.multiply(d, b.broadcast(inputs[2], to: shape, axes: [0])) }
      results.append(d)
    }
    return results
  }

  /// Losses, adjoints and both over rows around the vectors' width, smoothed or not.
  package static var samples: [CrossEntropyInstruction] {
    let shapes = [(1, 1), (7, 10), (33, 16), (5, 33), (18, 3), (2, 1500), (0, 4)]
    return shapes.enumerated().flatMap { place, shape in
      (0..<4).map { kind in
        var sample = CrossEntropyInstruction(rows: shape.0, n: shape.1)
        sample.givesLoss = kind != 1
        sample.givesAdjoint = kind != 0
        sample.readsFactors = kind == 1 || kind == 3
        sample.factor = GemmInstruction.Factor(0.125, slot: place % 2 == 0 ? 1 : nil)
        if place % 3 == 1 {
          sample.on = 0.9
          sample.off = 0.0625
        }
        return sample
      }
    }
  }
}
