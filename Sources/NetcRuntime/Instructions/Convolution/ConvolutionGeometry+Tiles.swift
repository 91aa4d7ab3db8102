import CNetc

extension ConvolutionGeometry {
  /// What transforming elements and kernels needs to pay: channels, and images that share a kernel.
  private static let leastChannels = 32
  private static let leastImages = 8

  /// Whether tiles of 2 by 2 results, or with `isAdjoint` sums over tiles, can be computed from
  /// transformed elements and kernels: windows of 3 by 3 side by side, features in whole blocks
  /// side by side, bands of whole tiles.
  ///
  /// Source: Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016.
  package func allowsTiles(isAdjoint: Bool) -> Bool {
    guard axes[0].positions == 1, axes[0].window == 1, axes[0].spread == 1,
      axes.dropFirst().allSatisfy(\.allowsTiles), result.feature == 1,
      features % Self.block == 0, band % 2 == 0
    else { return false }
    let own = isAdjoint ? (featureBlocks + splits - 1) / splits * Self.block : features
    let tiles = Int(NETC_CONV_TILES) * (isAdjoint ? 2 : 1)
    let planes = 16.0 * Double(channels * own + tiles * (channels + own) + 2 * Self.block)
    let rows = Double((band + 4) * (axes[2].positions + 4)) * Double(channels)
    return 8 * (planes + rows) <= 0.9 * Double(NETC_SCRATCH_BYTES)
  }

  /// Whether that is faster too.
  func paysForTiles(isAdjoint: Bool) -> Bool {
    channels >= Self.leastChannels && features >= Self.leastChannels && outer >= Self.leastImages
      && allowsTiles(isAdjoint: isAdjoint)
  }
}

extension ConvolutionGeometry.Axis {
  fileprivate var allowsTiles: Bool {
    window == 3 && stride == 1 && dilation == 1 && spread == 1 && positions % 2 == 0
  }
}
