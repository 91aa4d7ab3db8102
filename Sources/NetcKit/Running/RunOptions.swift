/// Settings of a run from outside the program.
public struct RunOptions: Hashable, Sendable {
  /// Worker threads, at most `mostThreads`; nil for all cores. Results do not depend on it.
  public var threads: Int?
  /// The kernels' instruction set; nil for the best of the machine.
  public var instructionSet: InstructionSet?
  /// Replaces the program's seed.
  public var seed: UInt64?
  /// Replaces the program's `epochs:` or `steps:`.
  public var epochs: Int?
  public var steps: Int?
  /// A saved run to continue.
  public var resume: String?
  /// Sizes of symbolic dimensions that no data binds.
  public var dimensions: [String: Int] = [:]
  /// The bytes that a training step may live in, parameters and states included; values are
  /// computed again to fit. Nil for what the fastest step takes.
  public var memory: Int?
  /// Seconds between progress events.
  public var progressInterval = 0.1

  /// More threads than this are never started.
  public static let mostThreads = 256

  /// The defaults.
  public init() {}
}

/// Which kernels a run uses.
public enum InstructionSet: String, Hashable, Sendable, CaseIterable {
  /// C for any processor.
  case portable
  /// x86-64 with AVX2 and FMA.
  case avx2
  /// x86-64 with AVX-512.
  case avx512

  /// The number the kernel tables know it by.
  package var number: Int {
    switch self {
    case .portable: 0
    case .avx2: 1
    case .avx512: 2
    }
  }
}
