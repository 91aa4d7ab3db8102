import CNetc
package import NetcCore
package import NetcGraph

/// Rows of [rows, n] brought to mean 0 and mean square 1, then scaled and shifted by column.
/// Inputs: x, then if wanted the scale [n] and the bias [n].
package struct NormInstruction: DefinedInstruction {
  package static let name = "norm"
  package static let summary = "(x - mean) / √(mean (x - mean)² + ε) of each row, scaled, shifted."

  package var rows: Int
  package var n: Int
  /// Whether the mean is subtracted; else it counts as 0.
  package var isCentred = true
  package var epsilon = 0.0
  package var scales = false
  /// Whether a bias is added to what is scaled.
  package var shifts = false

  package init(rows: Int, n: Int) {
    self.rows = rows
    self.n = n
  }

  package var inputs: Int { 1 + (scales ? 1 : 0) + (shifts ? 1 : 0) }
  package var inPlaceInputs: [Int] { [0] }

  package func code(_ precision: Precision) -> InstructionCode {
    var words = [Int32(clamping: rows), Int32(clamping: n), isCentred ? 1 : 0]
    words.append(real: epsilon)
    words += [scales ? 1 : 0, shifts ? 1 : 0]
    return InstructionCode(
      opcode: Int(NETC_NORM), words: words,
      nanoseconds: 10 + Double(rows) * (10 + 0.12 * Double(n)) * precision.slowdown, units: rows)
  }

  package var operands: [OperandView] {
    let matrix = OperandView(.float, [rows, n])
    let row = OperandView(.float, [n])
    return [matrix, matrix] + (scales ? [row] : []) + (shifts ? [row] : [])
  }

  package func definition(
    _ b: inout GraphBuilder, _ inputs: [ValueID], slots: [Double]
  ) -> [ValueID] {
    let shape = b.shape(of: inputs[0])
    var y = NormInstruction.normal(&b, inputs[0], isCentred: isCentred, epsilon).y
    if scales { y = b.multiply(y, b.broadcast(inputs[1], to: shape, axes: [1])) }
    if shifts { y = b.add(y, b.broadcast(inputs[2], to: shape, axes: [1])) }
    return [y]
  }

  /// The rows before scale and bias, and what they were multiplied by.
  static func normal(
    _ b: inout GraphBuilder, _ x: ValueID, isCentred: Bool, _ epsilon: Double
  ) -> (y: ValueID, rate: ValueID) {
    let centred = isCentred ? b.subtract(x, mean(&b, x)) : x
    let rate = b.rsqrt(b.shifted(mean(&b, b.multiply(centred, centred)), epsilon))
    return (b.multiply(centred, rate), rate)
  }

  /// The mean of each row of [rows, n], repeated along it.
  static func mean(_ b: inout GraphBuilder, _ x: ValueID) -> ValueID {
    let shape = b.shape(of: x)
    let count = Double(shape.sizes([:])?.last ?? 1)
    return b.scaled(b.broadcast(b.reduceSum(x, axes: [1]), to: shape, axes: [0]), 1 / count)
  }

  /// Rows around the kernels' groups, lengths around the vectors' width, every setting.
  package static var samples: [NormInstruction] {
    shapes.enumerated().flatMap { place, shape in
      (0..<3).map { kind in
        var sample = NormInstruction(rows: shape.0, n: shape.1)
        sample.isCentred = place % 2 == 0
        sample.epsilon = 0.01
        sample.scales = kind > 0
        sample.shifts = kind > 1
        return sample
      }
    }
  }

  /// Rows and lengths.
  static let shapes = [(1, 1), (130, 10), (7, 16), (65, 33), (3, 1500), (2, 5000), (0, 4)]
}
