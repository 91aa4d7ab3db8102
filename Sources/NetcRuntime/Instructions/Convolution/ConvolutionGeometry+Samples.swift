extension ConvolutionGeometry {
  /// Convolutions whose sizes are given; operands are dense with channels first, or last.
  package init(
    groups: Int = 1, outer: Int, channels: Int, features: Int, axes: [Axis],
    channelsLast: Bool = false, band: Int? = nil
  ) {
    self.groups = groups
    self.outer = outer
    self.channels = channels
    self.features = features
    let axes = Array(repeating: Axis(), count: 3 - axes.count) + axes
    self.axes = axes
    func data(_ channels: Int, _ sizes: [Int]) -> Strides {
      let order = channelsLast ? [1, 3, 4, 5, 0, 2] : [1, 0, 2, 3, 4, 5]
      let own = ImageColumnsInstruction.strides([groups, outer, channels] + sizes, order)
      return Strides(group: own[0], outer: own[1], feature: own[2], axes: Array(own[3...]))
    }
    input = data(channels, axes.map(\.size))
    result = data(features, axes.map(\.positions))
    let own = MapBuilder.denseStrides([groups, features, channels] + axes.map(\.window))
    kernel = Strides(group: own[0], outer: own[2], feature: own[1], axes: Array(own[3...]))
    self.band = band ?? axes[1].positions
  }

  /// Windows of every kind: tails of channels, features and pixels, strides, gaps, padding of both
  /// signs, groups.
  static var samples: [ConvolutionGeometry] {
    let row = Axis(size: 5, positions: 5, window: 3, low: 1)
    return adjointSamples + [
      ConvolutionGeometry(
        outer: 1, channels: 3, features: 4,
        axes: [
          Axis(size: 4, positions: 8, window: 3, spread: 2, low: 1),
          Axis(size: 5, positions: 9, window: 3, spread: 2, low: 1),
        ], channelsLast: true),
      ConvolutionGeometry(
        outer: 2, channels: 2, features: 18,
        axes: [
          row, Axis(size: 6, positions: 7, window: 2, stride: 2, dilation: 2, spread: 3, low: 2),
        ],
        band: 2),
      ConvolutionGeometry(
        outer: 1, channels: 2, features: 3,
        axes: [Axis(size: 3, positions: 5, window: 1, spread: 2), row, row], channelsLast: true,
        band: 3),
      ConvolutionGeometry(
        outer: 2, channels: 5, features: 33,
        axes: [
          Axis(size: 3, positions: 6, spread: 2), Axis(size: 9, positions: 17, spread: 2),
        ], channelsLast: true, band: 4),
      ConvolutionGeometry(
        outer: 2, channels: 5, features: 48,
        axes: [
          Axis(size: 3, positions: 6, spread: 2), Axis(size: 9, positions: 18, spread: 2),
        ], channelsLast: true, band: 4),
      turned(row), turned(Axis(size: 5, positions: 5)),
      ConvolutionGeometry(
        outer: 1, channels: 33, features: 48,
        axes: [
          Axis(size: 3, positions: 6, spread: 2), Axis(size: 9, positions: 18, spread: 2),
        ], channelsLast: true, band: 4),
      ConvolutionGeometry(
        groups: 2, outer: 1, channels: 19, features: 16,
        axes: [Axis(size: 4, positions: 4), Axis(size: 8, positions: 24, spread: 3)],
        channelsLast: true, band: 3),
    ]
      + [(1, 8, 28), (3, 8, 29), (17, 5, 14)].map { channels, features, width in
        ConvolutionGeometry(
          outer: 2, channels: channels, features: features,
          axes: [row, Axis(size: width, positions: width, window: 3, low: 1)], channelsLast: true)
      }
  }

  /// In tiles: channels in a tail, several bands; blocks of the batch, or splits of the features.
  static var tiledSamples: [ConvolutionGeometry] {
    [(17, 32, 2, 1, 1), (3, 48, 4, 2, 1), (32, 64, 4, 1, 2)].map {
      let (channels, features, band, blocks, splits) = $0
      var sample = ConvolutionGeometry(
        outer: 3, channels: channels, features: features,
        axes: [
          Axis(size: 4, positions: 4, window: 3, low: 1),
          Axis(size: 5, positions: 6, window: 3, low: 2),
        ], channelsLast: true, band: band)
      (sample.blocks, sample.splits, sample.isTiled) = (blocks, splits, true)
      return sample
    }
  }

  /// A kernel whose channels and features, and rows and columns, have changed places.
  private static func turned(_ axis: Axis) -> ConvolutionGeometry {
    let window = axis.window
    var sample = ConvolutionGeometry(outer: 1, channels: 4, features: 19, axes: [axis, axis])
    sample.kernel = Strides(
      group: 0, outer: 19 * window * window, feature: window * window, axes: [1, 1, window])
    return sample
  }

  /// The samples that have an adjoint in the kernel.
  static var adjointSamples: [ConvolutionGeometry] {
    let row = Axis(size: 5, positions: 5, window: 3, low: 1)
    let long = Axis(size: 31, positions: 30, window: 4, low: 1)
    var samples = [false, true].flatMap { last in
      [
        ConvolutionGeometry(outer: 1, channels: 1, features: 1, axes: [Axis()], channelsLast: last),
        ConvolutionGeometry(
          outer: 2, channels: 1, features: 8, axes: [row, long], channelsLast: last, band: 2),
        ConvolutionGeometry(
          outer: 3, channels: 17, features: 33, axes: [row, row], channelsLast: last),
        ConvolutionGeometry(
          groups: 2, outer: 2, channels: 5, features: 20,
          axes: [
            Axis(size: 9, positions: 4, window: 3, stride: 2),
            Axis(size: 20, positions: 10, window: 2, stride: 2, dilation: 2, low: 1),
          ], channelsLast: last, band: 3),
        ConvolutionGeometry(
          outer: 2, channels: 3, features: 5,
          axes: [
            Axis(size: 4, positions: 2, window: 2, stride: 2), row,
            Axis(size: 7, positions: 4, window: 2, low: -2),
          ], channelsLast: last),
      ]
    }
    samples.append(
      ConvolutionGeometry(
        outer: 2, channels: 17, features: 36,
        axes: [Axis(size: 4, positions: 4), Axis(size: 9, positions: 9)], channelsLast: true,
        band: 3))
    for place in samples.indices where samples[place].outer > 1 {
      samples[place].blocks = 2
      samples[place].splits = samples[place].featureBlocks
    }
    return samples
  }
}

extension ConvolutionGeometry.Prologue {
  /// Each kind and none, with every other setting.
  static func sample(_ place: Int) -> Self? {
    [.rectified, nil, .affine, .rectified, .affine, nil, .rectified][place % 7]
  }
}
