import CNetc

/// Memory that is read from end to end, to measure what a cache of its size gives.
package final class ReadProbe: @unchecked Sendable {
  // SAFETY: only read after `init`.
  private let memory: ArenaMemory
  private let set: Int

  package init(bytes: Int, set: Int) {
    memory = ArenaMemory(bytes: bytes)
    self.set = set
    memory.base.initializeMemory(as: UInt8.self, repeating: 0, count: memory.bytes)
  }

  /// Reads all of it, `rounds` times; returns the number of bytes read.
  package func run(rounds: Int) -> Int {
    var sink = 0.0
    return Int(
      netc_read_probe(
        Int32(set), memory.base, UInt64(memory.bytes), UInt64(max(rounds, 0)), &sink))
  }
}
