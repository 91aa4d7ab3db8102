import NetcCore
import NetcGraph
import NetcRuntime
import Testing

/// Convolutions of random sizes against their definitions in double, between guard bands.
@Suite struct RandomConvolutionTests {
  #if DEBUG
    private static let rounds = 1
  #else
    private static let rounds = 200
  #endif

  @Test(arguments: 0..<50)
  func resultsAndAdjointsAgree(block: Int) {
    for round in 0..<Self.rounds {
      var random = SeededGenerator(seed: UInt64(block * 1000 + round))
      let geometry = ConvolutionGeometry.random(&random)
      var convolution = ConvolutionInstruction(geometry: geometry)
      convolution.hasBias = random.chance(0.5)
      convolution.geometry.isRectified = random.chance(0.3)
      let taps = geometry.axes.reduce(1) { $0 * $1.window }
      check(convolution, terms: geometry.channels * taps, &random)
      check(PackKernelInstruction(geometry: geometry), &random)
      guard geometry.axes.allSatisfy({ $0.spread == 1 }) else { continue }
      let adjoint = geometry.inputAdjoint(&random)
      check(ConvolutionInstruction(geometry: adjoint), terms: adjoint.channels * taps, &random)
      var sums = geometry
      sums.blocks = random.int(1..<geometry.outer + 1)
      sums.splits = random.int(1..<3)
      let places = sums.axes.reduce(sums.outer) { $0 * $1.positions }
      check(KernelAdjointInstruction(geometry: sums), terms: places, &random)
      check(UnpackKernelInstruction(geometry: sums), &random)
    }
  }

  /// Tiles of results from transformed elements: these are sums of four, results sums of nine, so
  /// that rounding may be four times that of direct sums.
  @Test(arguments: 0..<20)
  func tilesAgree(block: Int) {
    for round in 0..<Self.rounds {
      var random = SeededGenerator(seed: UInt64(70_000 + block * 1000 + round))
      var geometry = ConvolutionGeometry.randomTiles(&random)
      let terms = 4 * geometry.channels * 9
      if geometry.allowsTiles(isAdjoint: false) {
        var convolution = ConvolutionInstruction(geometry: geometry)
        convolution.hasBias = random.chance(0.5)
        convolution.geometry.isRectified = random.chance(0.3)
        check(convolution, terms: terms, &random)
      }
      geometry.blocks = random.int(1..<geometry.outer + 1)
      geometry.splits = random.int(1..<3)
      guard geometry.allowsTiles(isAdjoint: true) else { continue }
      let places = geometry.axes.reduce(geometry.outer) { $0 * $1.positions }
      check(KernelAdjointInstruction(geometry: geometry), terms: 4 * places, &random)
    }
  }

  private func check(
    _ sample: some DefinedInstruction, terms: Int = 1, _ random: inout SeededGenerator
  ) {
    let trial = InstructionTrial(sample, random.chance(0.8) ? .single : .double)
    let parts = random.int(1..<6)
    let rig = trial.run(isa: random.pick(machineSets), parts: parts, threads: random.int(1..<4))
    #expect(rig.guardsHold, "writes outside: \(sample)")
    let expected = trial.expected()
    let difference = trial.difference(rig[0], expected[0], 0, terms: terms)
    #expect(difference == nil, "\(difference ?? ""): \(sample)")
  }
}

extension ConvolutionGeometry {
  /// One to three axes with strides, gaps, dilation and padding of both signs; channels and
  /// features in tails and whole blocks.
  static func random(_ random: inout SeededGenerator) -> ConvolutionGeometry {
    let spatial = random.int(1..<4)
    let axes = (0..<spatial).map { place in
      Axis.random(&random, most: place == spatial - 1 ? 34 : 7)
    }
    func channels(_ random: inout SeededGenerator) -> Int {
      random.chance(0.7) ? random.int(1..<9) : random.int(1..<40)
    }
    var result = ConvolutionGeometry(
      groups: random.chance(0.2) ? random.int(2..<4) : 1, outer: random.int(1..<4),
      channels: channels(&random), features: channels(&random), axes: axes,
      channelsLast: random.chance(0.5))
    result.band = random.int(1..<result.axes[1].positions + 1)
    return result
  }

  /// The convolution that makes the adjoint of this one's input from the adjoint of its result.
  func inputAdjoint(_ random: inout SeededGenerator) -> ConvolutionGeometry {
    let axes = self.axes.map { axis in
      Axis(
        size: axis.positions, positions: axis.size, window: axis.window, dilation: axis.dilation,
        spread: axis.stride, low: (axis.window - 1) * axis.dilation - axis.low)
    }
    return ConvolutionGeometry(
      groups: groups, outer: outer, channels: features, features: channels, axes: axes,
      channelsLast: random.chance(0.5), band: random.int(1..<axes[1].positions + 1))
  }

  /// Windows of 3 by 3 over planes of any padding, channels in tails, features in whole blocks.
  static func randomTiles(_ random: inout SeededGenerator) -> ConvolutionGeometry {
    let axes = [5, 14].map { most in
      let positions = 2 * random.int(1..<most)
      let (low, high) = (random.int(-1..<3), random.int(-1..<3))
      return Axis(
        size: max(1, positions + 2 - low - high), positions: positions, window: 3, low: low)
    }
    var result = ConvolutionGeometry(
      groups: random.chance(0.2) ? 2 : 1, outer: random.int(1..<4),
      channels: random.int(1..<40), features: 16 * random.int(1..<4), axes: axes,
      channelsLast: true, band: 2 * random.int(1..<axes[0].positions / 2 + 1))
    if random.chance(0.3) {
      let channelsFirst = ConvolutionGeometry(
        groups: result.groups, outer: result.outer, channels: result.channels,
        features: result.features, axes: axes)
      result.input = channelsFirst.input
    }
    result.isTiled = true
    return result
  }
}

extension ConvolutionGeometry.Axis {
  /// An axis of at most so many elements into which its window fits.
  fileprivate static func random(_ random: inout SeededGenerator, most: Int) -> Self {
    var axis = Self()
    axis.size = random.int(1..<most)
    axis.window = random.int(1..<5)
    axis.stride = random.pick([1, 1, 2, 3])
    axis.dilation = random.pick([1, 1, 1, 2])
    axis.spread = random.pick([1, 1, 1, 2, 3])
    axis.low = random.int(-1..<3)
    let high = random.int(-1..<3)
    let reach = (axis.window - 1) * axis.dilation
    let room: Int = (axis.size - 1) * axis.spread + axis.low + high - reach
    axis.low += max(0, -room)
    axis.positions = max(0, room) / axis.stride + 1
    return axis
  }
}
