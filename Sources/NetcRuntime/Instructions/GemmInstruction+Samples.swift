import NetcCore

extension GemmInstruction {
  /// Shapes for each kernel and layouts for each way of packing, with and without bias and
  /// accumulation.
  package static var samples: [GemmInstruction] {
    let shapes = [
      (1, 1, 1), (1, 1, 700), (1, 37, 20), (37, 1, 20), (3, 5, 7), (8, 10, 16), (13, 33, 1),
      (16, 64, 30), (33, 47, 50), (57, 100, 31), (20, 17, 400), (6, 5, 0), (0, 4, 3), (4, 0, 3),
      (200, 33, 12), (40, 33, 50), (19, 34, 70), (21, 67, 40), (9, 36, 37),
    ]
    return shapes.enumerated().flatMap { place, shape in
      (0..<4).map { layout in
        var sample = GemmInstruction(
          m: shape.0, n: shape.1, k: shape.2,
          a: Layout.sample(shape.0, shape.2, transposed: layout & 1 > 0),
          b: Layout.sample(shape.2, shape.1, transposed: layout & 2 > 0),
          c: Layout(row: shape.1 + layout, column: 1))
        sample.bias = (place + layout) % 3 == 0
        sample.beta = Factor([0, 1, -0.5][place % 3], slot: layout == 3 ? 1 : nil)
        sample.alpha = Factor(layout == 2 ? 0.25 : 1, slot: layout == 1 ? 0 : nil)
        sample.finish(4 * place + layout)
        return sample
      }
    } + [batched, strided] + [batched, strided].map(packed)
      + (shapes + [(1, 600, 330), (1, 192, 40), (1, 250, 9)]).map(reading)
      + shapes.suffix(15).map { shape in
        var sample = GemmInstruction(
          m: shape.0, n: shape.1, k: shape.2,
          a: Layout.sample(shape.0, shape.2, transposed: shape.0 % 2 == 0),
          b: Layout.sample(shape.2, shape.1, transposed: shape.1 % 2 == 0),
          c: Layout(row: shape.1, column: 1))
        sample.finish(shape.0 + shape.1)
        return packed(sample)
      }
  }

  /// Gives a sample one of the epilogues, or none.
  private mutating func finish(_ place: Int) {
    epilogue = ProductEpilogue(rawValue: place % (ProductEpilogue.allCases.count + 2))
    // Small factors leave more of a long sum's rounding than tests allow.
    if k > 128 && epilogue == .tanhFactor { epilogue = .gate }
  }

  private static func packed(_ sample: GemmInstruction) -> GemmInstruction {
    var result = sample
    result.kernel = .packed
    return result
  }

  /// A product with panels.
  private static func reading(_ m: Int, _ n: Int, _ k: Int) -> GemmInstruction {
    var sample = GemmInstruction(
      m: m, n: n, k: k, a: Layout(row: k, column: 1), b: Layout(row: 0, column: 0),
      c: Layout(row: n, column: 1))
    sample.isPacked = true
    sample.finish(m + n)
    return sample
  }

  /// Two batch axes, the inner one between the rows, as heads of attention lie.
  private static var batched: GemmInstruction {
    var sample = GemmInstruction(
      m: 5, n: 6, k: 4, a: Layout(row: 12, column: 1, batch0: 60, batch1: 4),
      b: Layout(row: 1, column: 12, batch0: 72, batch1: 4),
      c: Layout(row: 6, column: 1, batch0: 90, batch1: 30))
    sample.batch0 = 2
    sample.batch1 = 3
    sample.epilogue = .siluSlope
    return sample
  }

  /// No stride of A or B is 1.
  private static var strided: GemmInstruction {
    GemmInstruction(
      m: 40, n: 50, k: 35, a: Layout(row: 2, column: 90), b: Layout(row: 3, column: 120),
      c: Layout(row: 50, column: 1))
  }
}

extension GemmInstruction.Layout {
  fileprivate static func sample(_ rows: Int, _ columns: Int, transposed: Bool) -> Self {
    transposed ? Self(row: 1, column: rows + 2) : Self(row: columns + 1, column: 1)
  }
}
