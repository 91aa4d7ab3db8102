import NetcCore
import NetcData
import Testing

/// Damaged files of arrays give data that is whole in itself, or an error; never a trap.
@Suite struct HostileArrayTests {
  #if DEBUG
    private static let rounds = 400
  #else
    private static let rounds = 4000
  #endif

  /// Changes, removes and inserts a few bytes, mostly near the start, where formats have their
  /// heads.
  static func damaged(_ bytes: [UInt8], _ random: inout SeededNumbers) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<1 + random.below(4) {
      guard !bytes.isEmpty else { break }
      let place = random.below(random.below(2) == 0 ? min(64, bytes.count) : bytes.count)
      switch random.below(4) {
      case 0: bytes[place] = UInt8(random.below(256))
      case 1: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][random.below(5)]
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(8)))
      default: bytes.insert(UInt8(random.below(256)), at: place)
      }
    }
    return bytes
  }

  static func expectWhole(_ data: Dataset) {
    for column in data.columns {
      let end = column.start(ofRow: data.rowCount - 1) + column.rowSize
      #expect(end <= column.storage.count)
    }
  }

  @Test func `damaged IDX files`() throws {
    let folder = try TemporaryFolder()
    var random = SeededNumbers(seed: 31)
    let originals = [
      idx(code: 8, shape: [3, 2, 2], Array(0..<12)), idx(code: 0x0B, shape: [2, 3], Array(0..<12)),
      idx(code: 0x0E, shape: [2], Array(repeating: 0x40, count: 16)),
    ]
    let elements: [DataBinding.Element] = [.float, .int, .bool, .classes(count: 12)]
    let shapes: [Shape] = [
      [], [4], [2, 2], [Dim(symbol: "n")], [Dim(symbol: "n"), Dim(symbol: "m")], [-1, 2],
    ]
    for _ in 0..<Self.rounds {
      let path = try folder.write("x", Self.damaged(originals[random.below(3)], &random))
      let binding = DataBinding.named(
        "x", path, elements[random.below(4)], shapes[random.below(shapes.count)])
      let request = DataRequest(name: "d", reader: "idx", bindings: [binding])
      do throws(DataError) {
        Self.expectWhole(try request.load(precision: random.below(2) == 0 ? .single : .double))
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }
}
