import CNetc
import NetcCore
import NetcGraph

/// The sizes of a convolution and where its operands lie, as its kernels read them.
package struct ConvolutionGeometry: Hashable, Sendable {
  /// One axis that the window slides over: position q and tap k meet the input at
  /// `(q * stride + k * dilation - low) / spread` where that is whole.
  package struct Axis: Hashable, Sendable {
    package var size = 1
    package var positions = 1
    package var window = 1
    package var stride = 1
    package var dilation = 1
    package var spread = 1
    package var low = 0

    /// A window of these parts that slides over an axis.
    package init(
      size: Int = 1, positions: Int = 1, window: Int = 1, stride: Int = 1, dilation: Int = 1,
      spread: Int = 1, low: Int = 0
    ) {
      self.size = size
      self.positions = positions
      self.window = window
      self.stride = stride
      self.dilation = dilation
      self.spread = spread
      self.low = low
    }
  }

  /// How far neighbours lie apart along each use of an operand's axes, in elements.
  package struct Strides: Hashable, Sendable {
    package var group: Int
    /// Of the batch; of the kernel, its input channels.
    package var outer: Int
    /// Of the channels; of the kernel, the result's.
    package var feature: Int
    /// Three of them.
    package var axes: [Int]

    var words: [Int] { [group, outer, feature] + axes }
  }

  package var groups: Int
  package var outer: Int
  /// Channels of the input in a group.
  package var channels: Int
  /// Channels of the result in a group.
  package var features: Int
  /// Three of them.
  package var axes: [Axis]
  package var input: Strides
  package var result: Strides
  package var kernel: Strides
  /// Rows of results that are made from one packing of the rows under them.
  package var band = 1
  /// Whether negative results become 0.
  package var isRectified = false
  /// Into how many parts the batch is split for the sums of the kernel's adjoint.
  package var blocks = 1
  /// Into how many parts the features are.
  package var splits = 1
  /// Whether tiles of 2 by 2 results are computed from transformed elements and kernels.
  package var isTiled = false

  /// What is done to the input by channel while it is packed.
  package enum Prologue: Int, Hashable, Sendable {
    /// A number is multiplied, another added.
    case affine = 1
    /// Then negative results become 0.
    case rectified = 2
  }

  /// Padding is 0 after it.
  package var prologue: Prologue?

  /// Whether sums by channel leave each unit of a convolution's work.
  package var hasStatistics = false

  /// Columns of a packed kernel come in blocks.
  static let block = 16
  /// The most taps a window has.
  static let mostTaps = 512
  /// The widest gaps between elements.
  static let mostSpread = 64
  /// The bytes of packed rows that a band keeps to where it can.
  static let cachedBytes = 1_048_576.0

  /// Places of the window.
  var taps: Int { elementCount(axes.map(\.window)) ?? Int.max }

  /// Positions of the window.
  var positions: Int { axes.map(\.positions).reduce(1, *) }

  /// Floating-point operations of the convolution.
  var work: Double {
    axes.reduce(2 * Double(groups * outer * channels * features)) {
      $0 * Double($1.positions) * Double($1.window) / Double($1.spread)
    }
  }

  /// Blocks of features.
  var featureBlocks: Int { (features + Self.block - 1) / Self.block }

  /// The elements of a packed kernel.
  var packedCount: Int {
    groups * axes.map(\.usedTaps).reduce(1, *) * channels * featureBlocks * Self.block
  }

  var words: [Int32] {
    let lists = [
      [groups, outer, channels, features], axes.map(\.size), axes.map(\.positions),
      axes.map(\.window), axes.map(\.stride), axes.map(\.dilation), axes.map(\.spread),
      axes.map(\.low), [band], input.words, result.words, kernel.words,
      [
        isRectified ? 1 : 0, blocks, splits, isTiled ? 1 : 0, prologue?.rawValue ?? 0,
        hasStatistics ? 1 : 0,
      ],
    ]
    var words: [Int32] = []
    for value in lists.joined() { words.append(count: value) }
    return words
  }
}

extension ConvolutionGeometry.Axis {
  /// How many classes positions fall into by the taps that meet elements.
  var phases: Int { spread / greatestDivisor(spread, stride) }

  /// The taps of a class and where the first position of it meets the input under each.
  func taps(phase: Int) -> [(tap: Int, coordinate: Int)] {
    (0..<window).compactMap { tap in
      let at = phase * stride + tap * dilation - low
      return at % spread == 0 ? (tap, at / spread) : nil
    }
  }

  /// The taps of all classes.
  var usedTaps: Int { (0..<phases).reduce(0) { $0 + taps(phase: $1).count } }

  /// The most elements that `count` neighbouring positions read.
  func reach(_ count: Int) -> Double {
    (Double(count - 1) * Double(stride) + Double(window - 1) * Double(dilation)) / Double(spread)
      + 2
  }
}

extension ConvolutionGeometry {
  /// The bytes of scratch memory that a band needs in double precision, the adjoint's share
  /// included.
  func scratch(band: Int, isAdjoint: Bool) -> Double {
    let pixels = axes[1].reach(band) * axes[2].reach(axes[2].positions)
    let rows = Double(axes[0].window) * pixels * Double(channels)
    let sums = isAdjoint ? Double(band * axes[2].positions) * Double(featureBlocks * Self.block) : 0
    return 8 * (rows + sums) + 4 * Double(band) + 1024
  }

  /// Sets the rows of a band: as many as stay in the cache, fewer where there are few images to
  /// share.
  /// - Returns: false when one row does not fit.
  mutating func chooseBand(isAdjoint: Bool) -> Bool {
    let rows = axes[1].positions
    guard taps <= Self.mostTaps, axes.allSatisfy({ $0.spread <= Self.mostSpread }),
      scratch(band: 1, isAdjoint: isAdjoint) <= Double(NETC_SCRATCH_BYTES),
      packedCount < Int(Int32.max)
    else { return false }
    let planes = max(1, groups * outer * axes[0].positions)
    let wanted = isAdjoint ? 1 : max(1, min(rows, 16 / planes))
    var count = wanted
    while count < rows,
      scratch(band: (rows + count - 1) / count, isAdjoint: isAdjoint) > Self.cachedBytes
    {
      count += 1
    }
    band = (rows + count - 1) / count
    return true
  }

  /// Where each element `[group, feature, channel, taps]` of the kernel lies in the packed one; -1
  /// for those that no result uses.
  var packedPlaces: [Int] {
    let window = axes.map(\.window)
    let perGroup = packedCount / max(1, groups)
    var result = [Int](repeating: -1, count: groups * features * channels * taps)
    var start = 0
    for phase in phases {
      let used = zip(axes, phase).map { $0.taps(phase: $1).map(\.tap) }
      let count = used.map(\.count).reduce(1, *)
      for (place, tap) in product(used).enumerated() {
        let own = (tap[0] * window[1] + tap[1]) * window[2] + tap[2]
        for group in 0..<groups {
          for feature in 0..<features {
            for channel in 0..<channels {
              let row = (feature / Self.block * count + place) * channels + channel
              result[((group * features + feature) * channels + channel) * taps + own] =
                group * perGroup + start + row * Self.block + feature % Self.block
            }
          }
        }
      }
      start += count * channels * featureBlocks * Self.block
    }
    return result
  }

  /// The classes of positions over all axes, in order.
  private var phases: [[Int]] { product(axes.map { Array(0..<$0.phases) }) }
}

/// All choices of one element from each list, the last changing fastest.
private func product(_ lists: [[Int]]) -> [[Int]] {
  lists.reduce([[]]) { found, list in found.flatMap { start in list.map { start + [$0] } } }
}

private func greatestDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestDivisor(b, a % b) }
