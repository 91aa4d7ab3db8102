/// Settings of a benchmark.
public struct BenchmarkOptions: Hashable, Sendable {
  /// The folder of arrays and first values that other frameworks are measured with; nil for drawn
  /// ones.
  public var folder: String?
  /// Replaces the program's batch size.
  public var batch: Int?
  /// Rows drawn without a folder; nil for 128 batches.
  public var rows: Int?
  /// The least seconds of a block.
  public var blockSeconds = 0.6
  /// Threads, instruction set, seed and open dimensions.
  public var run = RunOptions()

  /// The defaults.
  public init() {}
}
