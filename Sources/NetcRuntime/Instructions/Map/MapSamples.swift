import NetcCore

/// Map programs that tests run: every micro-operation alone, every way an operand may lie, fused
/// programs.
enum MapSamples {
  static var all: [MapInstruction] {
    MicroOperation.allCases.map(single) + layouts.compactMap { $0 } + programs.compactMap { $0 }
      + tails + gaps + cells
  }

  /// x² + row, stored or not, with sums along rows, over rows, or both; rows shorter and longer
  /// than a block, fewer and more than a group.
  private static var tails: [MapInstruction] {
    let shapes = [[1, 1], [3, 10], [130, 16], [65, 33], [70, 700], [2, 1100], [9, 512]]
    return shapes.enumerated().flatMap { place, shape in
      (1...3).compactMap { kinds in
        var b = MapBuilder(shape: shape)
        let x = b.input(.float)
        let row = b.input(.float, strides: [0, 1])
        let y = b.apply(.realMultiplyAdd, x, x, row)
        if place % 2 == 0 { b.output(y) }
        if kinds & 1 > 0 { b.tail(place % 3 == 0 ? x : y, lastAxes: 1, sumsRows: false) }
        if kinds & 2 > 0 { b.tail(y, lastAxes: 1, sumsRows: true) }
        return try? b.build()
      }
    }
  }

  /// Operands with gaps between their rows, over two and three axes, with and without sums.
  private static var gaps: [MapInstruction] {
    [[5, 80], [3, 2, 100], [70, 1, 512], [66, 90]].enumerated().compactMap { place, shape in
      var b = MapBuilder(shape: shape)
      let n = shape[shape.count - 1]
      var apart = MapBuilder.denseStrides(shape.dropLast() + [3 * n])
      if shape.count == 3 { apart[0] += 7 }
      let x = b.input(.float, strides: apart)
      let gate = b.input(.bool, strides: apart)
      let row = b.input(.float, strides: shape.indices.map { $0 == shape.count - 1 ? 1 : 0 })
      let y = b.apply(.realSelect, gate, b.apply(.realMultiply, x, x), row)
      // Where an output lies on an input, tests compare what is between the rows too.
      b.output(y, strides: apart.map { $0 == 1 ? 1 : $0 + 1 })
      b.output(b.apply(.realAdd, y, b.input(.float)))
      if place > 1 { b.tail(y, lastAxes: 1, sumsRows: place == 2) }
      return try? b.build()
    }
  }

  /// Gates side by side in two arrays, states and what is kept of them: more operands than an
  /// instruction has room for; blocks of several rows, and one row at a time.
  private static var cells: [MapInstruction] {
    [([3, 40], 3), ([37, 24], 4), ([20, 128], 3), ([33, 500], 5)].compactMap { shape, gates in
      var b = MapBuilder(shape: shape)
      let apart = [gates * shape[1], 1]
      let state = b.input(.float)
      var sum = state
      for _ in 0..<gates {
        let (x, y) = (b.input(.float, strides: apart), b.input(.float, strides: apart))
        let gate = b.apply(.realAdd, x, y)
        let kept = b.apply(.realLogistic, gate)
        b.output(kept, mayShare: false)
        b.output(b.apply(.realMultiply, kept, state), strides: apart, mayShare: false)
        sum = b.apply(.realMultiplyAdd, kept, sum, gate)
      }
      b.output(sum)
      return try? b.build()
    }
  }

  /// One micro-operation over a length with a tail; results that are not float are stored too.
  private static func single(_ operation: MicroOperation) -> MapInstruction {
    var b = MapBuilder(shape: [3, 67])
    if operation == .realIota || operation == .intIota {
      b.output(b.iota(operation.result, axis: 0))
      b.output(b.iota(operation.result, axis: 1))
    } else {
      let operands = operation.operands.map { b.input($0) }
      b.output(b.apply(operation, operands))
    }
    do {
      return try b.build()
    } catch {
      internalError("map sample \(operation): \(error)")
    }
  }

  /// x + y + 2 z with z row, column, scalar or transposed, and outputs into part of a larger array.
  private static var layouts: [MapInstruction?] {
    let shapes = [[1, 1], [7, 10], [5, 129], [3, 700], [40, 16], [513, 2], [0, 4], [2, 0]]
    return shapes.flatMap { shape -> [MapInstruction?] in
      let (m, n) = (shape[0], shape[1])
      let strides: [[Int]] = [[n, 1], [0, 1], [1, 0], [0, 0], [1, m], [2 * n, 2]]
      return strides.map { sum(shape, $0, output: [n, 1]) } + [
        sum(shape, [0, 1], output: [n + 3, 1])
      ]
    } + [sum([2, 3, 4, 5], [0, 1, 0, 3], output: nil), sum([], [], output: nil)]
  }

  private static func sum(_ shape: [Int], _ strides: [Int], output: [Int]?) -> MapInstruction? {
    var b = MapBuilder(shape: shape)
    let x = b.input(.float)
    let z = b.input(.float, strides: strides)
    let two = b.scalar(.float, 2)
    b.output(b.apply(.realMultiplyAdd, two, z, x), strides: output)
    return try? b.build()
  }

  private static var programs: [MapInstruction?] {
    [adam, swap, dropout, intMask]
  }

  /// The update of Adam: w, m, v from g, w, m, v, with corrections from slots; three outputs on
  /// their inputs.
  private static var adam: MapInstruction? {
    var b = MapBuilder(shape: [1000])
    let g = b.input(.float)
    let w = b.input(.float)
    let m = b.input(.float)
    let v = b.input(.float)
    let rate = b.scalar(.float, 0.001, slot: 1)
    let epsilon = b.scalar(.float, 1e-3)
    let keep = b.scalar(.float, 0.9)
    let add = b.scalar(.float, 0.1)
    let m1 = b.apply(.realAdd, b.apply(.realMultiply, m, keep), b.apply(.realMultiply, g, add))
    let square = b.apply(.realMultiply, g, g)
    let v1 = b.apply(
      .realAdd, b.apply(.realMultiply, v, keep), b.apply(.realMultiply, square, add))
    let root = b.apply(.realAdd, b.apply(.realSqrt, b.apply(.realAbs, v1)), epsilon)
    let change = b.apply(.realMultiply, rate, b.apply(.realDivide, m1, root))
    b.output(b.apply(.realSubtract, w, change))
    b.output(m1)
    b.output(v1)
    return try? b.build()
  }

  /// Two outputs that are the inputs exchanged.
  private static var swap: MapInstruction? {
    var b = MapBuilder(shape: [600])
    let x = b.input(.float)
    let y = b.input(.float)
    b.output(y)
    b.output(x)
    return try? b.build()
  }

  /// where(u < 0.5, 0, 2 x), with its mask.
  private static var dropout: MapInstruction? {
    var b = MapBuilder(shape: [9, 33])
    let u = b.input(.float)
    let x = b.input(.float)
    let mask = b.apply(.realLess, u, b.scalar(.float, 0.5, slot: 0))
    let zero = b.scalar(.float, 0)
    b.output(b.apply(.realSelect, mask, zero, b.apply(.realAdd, x, x)))
    b.output(mask)
    return try? b.build()
  }

  /// one_hot(labels, 10) in floats from a column of ints.
  private static var intMask: MapInstruction? {
    var b = MapBuilder(shape: [21, 10])
    let label = b.input(.int, strides: [1, 0])
    let hot = b.apply(.intEqual, label, b.iota(.int, axis: 1))
    b.output(b.apply(.boolToReal, hot))
    return try? b.build()
  }
}
