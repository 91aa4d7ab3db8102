import NetcCore
import NetcData
import Testing

/// Damaged input gives data that is whole in itself, or an error; never a trap.
@Suite struct HostileInputTests {
  #if DEBUG
    private static let rounds = 300
  #else
    private static let rounds = 20_000
  #endif

  private static let texts = [
    "a,b,c,d\n1,2.5,x,0\n-3e4,\"4\",\"y, z\",1\n5,6,\"q\"\"\",2\n",
    "1;2;w;1\r\n3;4;w;0\r\n;;;\r\n", "\u{FEFF}a\tb\tc\td\n1\t2\tNA\t0\n\"\n\"\t3\t\t\n",
  ]

  private static let pieces: [[UInt8]] = [
    [0x22], [0x2C], [0x0A], [0x0D], [0x0D, 0x0A], [0xEF, 0xBB, 0xBF], [0xFF], [0],
    Array("1e999".utf8),
    Array("nan".utf8), Array("-".utf8), Array("99999999999999999999".utf8), [0x22, 0x22],
    [0x1F, 0x8B],
    Array("\",\"".utf8), Array(".".utf8), [0x7B], [0x5D], Array(":-1".utf8), Array("é".utf8),
  ]

  /// A few random deletions, insertions, swaps and copies.
  private func damaged(_ bytes: [UInt8], _ random: inout SeededNumbers) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<1 + random.below(4) {
      let place = random.below(bytes.count + 1)
      let length = min(random.below(8), bytes.count - place)
      switch random.below(5) {
      case 0: bytes.removeSubrange(place..<place + length)
      case 1:
        bytes.insert(
          contentsOf: HostileInputTests.pieces[random.below(HostileInputTests.pieces.count)],
          at: place)
      case 2: if place < bytes.count { bytes[place] = UInt8(random.below(256)) }
      case 3:
        bytes.insert(
          contentsOf: Array(bytes[place..<place + length]), at: random.below(bytes.count + 1))
      default: if place < bytes.count { bytes[place] = UInt8(0x30 + random.below(10)) }
      }
    }
    return bytes
  }

  private func bindings(_ random: inout SeededNumbers) -> [DataBinding] {
    let references: [DataColumnReference] = [
      .index(0), .index(-1), .name("a"), .name("d"), .index(3), .range(lower: 1, upper: 3),
      .name(""),
    ]
    let elements: [DataBinding.Element] = [
      .float, .int, .bool, .classes(count: 3), .classes(count: 2, ignore: -100),
      .classes(count: 2, names: ["x", "1"]), .classes(count: 0), .classes(count: 4, ignore: .max),
    ]
    let shapes: [Shape] = [
      [], [1], [2], [Dim(symbol: "n")], [Dim(symbol: "n"), Dim(symbol: "m")], [0], [-1],
    ]
    return (0..<1 + random.below(3)).map { index in
      let reference = references[random.below(references.count)]
      return DataBinding(
        input: "x\(index)", element: elements[random.below(elements.count)],
        rowShape: shapes[random.below(4) == 0 ? random.below(shapes.count) : random.below(2)],
        selector: random.below(2) == 0 ? .column(reference) : .columns([reference]))
    }
  }

  private func options(_ random: inout SeededNumbers) -> [DataOption] {
    let all = [
      DataOption("header", .bool(random.below(2) == 0)), DataOption("separator", .string(",")),
      DataOption("drop_missing", .bool(true)), DataOption("standardize", .bool(true)),
      DataOption("missing", .list([.string(""), .string("1")])),
    ]
    return all.filter { _ in random.below(5) == 0 }
  }

  private func expectWhole(_ data: Dataset) {
    for column in data.columns {
      #expect(column.storage.count == data.rowCount * column.rowSize)
    }
  }

  @Test func `damaged CSV files`() throws {
    let folder = try TemporaryFolder()
    var random = SeededNumbers(seed: 21)
    var good = 0
    for _ in 0..<HostileInputTests.rounds / 4 {
      let text = HostileInputTests.texts[random.below(3)]
      let path = try folder.write("d.csv", damaged(Array(text.utf8), &random))
      let request = DataRequest.csv(path, bindings(&random), options(&random))
      do throws(DataError) {
        expectWhole(try request.load(precision: random.below(2) == 0 ? .single : .double))
        good += 1
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
    #expect(good > HostileInputTests.rounds / 200)
  }

  @Test func `damaged safetensors files`() throws {
    var random = SeededNumbers(seed: 22)
    let tensors = [
      SafetensorsTensor(name: "w", shape: [2, 3], values: .float32([1, 2, 3, 4, 5, 6])),
      SafetensorsTensor(name: "m", shape: [3], values: .bool([true, false, true])),
      SafetensorsTensor(name: "s", shape: [], values: .int64([7])),
    ].compactMap { $0 }
    let original = Safetensors(metadata: [.init("k", "v")], tensors: tensors)
    let bytes = try original.bytes()
    for _ in 0..<HostileInputTests.rounds {
      do throws(DataError) {
        let read = try Safetensors(parsing: damaged(bytes, &random))
        for tensor in read.tensors { #expect(elementCount(tensor.shape) == tensor.values.count) }
        #expect(try Safetensors(parsing: read.bytes()) == read)
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }

  @Test func `damaged gzip files`() throws {
    let folder = try TemporaryFolder()
    var random = SeededNumbers(seed: 23)
    try compress(try folder.write("d.csv", (0..<400).map { "\($0),\($0 * 7)\n" }.joined()))
    let bytes = try folder.bytes("d.csv.gz")
    for _ in 0..<HostileInputTests.rounds / 100 {
      let path = try folder.write("e.csv.gz", damaged(bytes, &random))
      do throws(DataError) {
        expectWhole(try DataRequest.csv(path, [.scalar("x", .index(0))]).load())
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }

  @Test func `random nested lists`() throws {
    var random = SeededNumbers(seed: 24)
    func value(_ depth: Int) -> DataValue {
      switch random.below(depth > 3 ? 3 : 8) {
      case 0: .number([0, 1, -1, 2.5, .nan, .infinity, 1e300, 3e9][random.below(8)])
      case 1: .string(["x", "1", "", "true"][random.below(4)])
      case 2: .bool(random.below(2) == 0)
      default: .list((0..<random.below(4)).map { _ in value(depth + 1) })
      }
    }
    for _ in 0..<HostileInputTests.rounds {
      var bindings = bindings(&random)
      for index in bindings.indices { bindings[index].selector = .values(value(0)) }
      let request = DataRequest(name: "t", reader: "table", bindings: bindings)
      do throws(DataError) {
        expectWhole(try request.load())
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }
}
