package import NetcCore

/// A machine instruction as a value: its shape and settings, without addresses.
///
/// Operands are outputs first, then inputs. An element index is at most 2³¹ - 1: `fits` says
/// whether the
/// shapes keep to that.
package protocol Instruction: Hashable, Sendable {
  /// The name in dumps and profiles.
  static var name: String { get }
  /// What it computes, in one sentence.
  static var summary: String { get }
  /// How many of the operands are written.
  var outputs: Int { get }
  /// How many of the operands are only read.
  var inputs: Int { get }
  /// The inputs, counted from the first input, whose memory output 0 may take over.
  var inPlaceInputs: [Int] { get }
  /// The machine form for a plan of the given precision.
  func code(_ precision: Precision) -> InstructionCode
}

extension Instruction {
  package var outputs: Int { 1 }
  package var inPlaceInputs: [Int] { [] }
}

/// A value seen as three dense axes, the middle one being worked on.
package struct ThreeAxes: Hashable, Sendable {
  package var outer: Int
  package var n: Int
  package var inner: Int

  package init(outer: Int, n: Int, inner: Int) {
    self.outer = outer
    self.n = n
    self.inner = inner
  }

  /// A dense shape around one of its axes.
  package init(_ shape: [Int], axis: Int) {
    outer = shape[..<axis].reduce(1, *)
    n = shape[axis]
    inner = shape[(axis + 1)...].reduce(1, *)
  }

  package var count: Int { outer * n * inner }

  /// Whether parts split the outer axis (0) or the inner one (1), and into how many at most.
  var split: (word: Int32, units: Int) {
    outer >= 8 || outer * 16 >= inner ? (0, outer) : (1, (inner + 15) / 16)
  }
}

extension ThreeAxes {
  /// The aux words `outer, n, inner`.
  var words: [Int32] { [Int32(clamping: outer), Int32(clamping: n), Int32(clamping: inner)] }

  /// The three axes as a shape.
  var shape: [Int] { [outer, n, inner] }

  /// Sizes around the kernels' blocks: rows, columns, both, one, none.
  static var samples: [ThreeAxes] {
    [
      (1, 1, 1), (1, 1000, 1), (5, 37, 1), (1, 70, 9), (3, 130, 17), (2, 5, 64), (20, 3, 2),
      (4, 0, 3), (0, 3, 2), (33, 16, 1),
    ].map { ThreeAxes(outer: $0.0, n: $0.1, inner: $0.2) }
  }
}
