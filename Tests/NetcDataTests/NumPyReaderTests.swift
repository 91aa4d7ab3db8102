import Foundation
import NetcCore
import NetcData
import Testing

@Suite struct NumPyReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What `np.savez_compressed` writes for x = 1.5 · arange(12) as float32[3, 2, 2], y = int64 [2,
  /// 0, 1].
  static let compressed =
    "UEsDBC0AAAAIAAAAIQAeZD+W//////////8FABQAeC5ucHkBABAAsAAAAAAAAABqAAAAAAAAAJvsF+obEMnIUMZQ"
    + "rZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6CkZApKmjUKtAHuBiAIMD9gwM"
    + "Dg4MDBOA+AAQfwBiAUcGBg0gdgDiCCAuAOIWRwBQSwMELQAAAAgAAAAhAIoazhP//////////wUAFAB5Lm5weQEA"
    + "EACYAAAAAAAAAEoAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4F"
    + "ihdnJBakAvkaxjqaOgq1ChQALiYGVMAIpQFQSwECLQMtAAAACAAAACEAHmQ/lmoAAACwAAAABQAAAAAAAAAAAAAA"
    + "gAEAAAAAeC5ucHlQSwECLQMtAAAACAAAACEAihrOE0oAAACYAAAABQAAAAAAAAAAAAAAgAGhAAAAeS5ucHlQSwUG"
    + "AAAAAAIAAgBmAAAAIgEAAAAA"
  /// The same from `np.savez`.
  static let stored =
    "UEsDBC0AAAAAAAAAIQAeZD+W//////////8FABQAeC5ucHkBABAAsAAAAAAAAACwAAAAAAAAAJNOVU1QWQEAdgB7"
    + "J2Rlc2NyJzogJzxmNCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgzLCAyLCAyKSwgfSAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAwD8AAEBAAACQ"
    + "QAAAwEAAAPBAAAAQQQAAKEEAAEBBAABYQQAAcEEAAIRBUEsDBC0AAAAAAAAAIQCKGs4T//////////8FABQAeS5u"
    + "cHkBABAAmAAAAAAAAACYAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxpOCcsICdmb3J0cmFuX29yZGVyJzog"
    + "RmFsc2UsICdzaGFwZSc6ICgzLCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAKAgAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAUEsBAi0DLQAAAAAAAAAhAB5kP5awAAAA"
    + "sAAAAAUAAAAAAAAAAAAAAIABAAAAAHgubnB5UEsBAi0DLQAAAAAAAAAhAIoazhOYAAAAmAAAAAUAAAAAAAAAAAAA"
    + "AIAB5wAAAHkubnB5UEsFBgAAAAACAAIAZgAAALYBAAAAAA=="
  /// `np.save` of arange(12) as big-endian int16[3, 2, 2] in Fortran's order.
  static let columnMajor =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPmkyJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMywgMiwg"
    + "MiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAE"
    + "AAgAAgAGAAoAAQAFAAkAAwAHAAs="
  /// `np.save` of [1.5, -2, 6e-8] as float16.
  static let half =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwg"
    + "fSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAPgDA"
    + "AQA="

  static func bytes(_ base64: String) throws -> [UInt8] {
    Array(try #require(Data(base64Encoded: base64)))
  }

  private func npz(_ path: String, _ bindings: [DataBinding]) -> DataRequest {
    DataRequest(name: "d", reader: "npz", path: path, bindings: bindings)
  }

  @Test(arguments: [compressed, stored]) func `archives of NumPy are read`(file: String) throws {
    let path = try folder.write("d.npz", Self.bytes(file))
    let request = npz(
      path, [.named("a", "x", .float, [2, 2]), .named("b", "y", .classes(count: 3))])
    let data = try request.load()
    #expect(floats(data["a"]) == (0..<12).map { Float($0) * 1.5 })
    #expect(ints(data["b"]) == [2, 0, 1])
    let wide = try request.load(precision: .double)["a"]?.storage
    #expect(wide == .doubles((0..<12).map { Double($0) * 1.5 }))
  }

  @Test func `orders and widths of numbers are undone`() throws {
    let fortran = try folder.write("f.npy", Self.bytes(Self.columnMajor))
    let half = try folder.write("h.npy", Self.bytes(Self.half))
    let request = DataRequest(
      name: "d", reader: "npy",
      bindings: [.named("f", fortran, .int, [2, 2]), .named("h", half)])
    let data = try request.load()
    #expect(ints(data["f"]) == (0..<12).map { Int32($0) })
    #expect(floats(data["h"]) == [1.5, -2, 0x1p-24])
  }

  @Test func `tensors of a safetensors file are rows`() throws {
    let tensors = [
      SafetensorsTensor(name: "x", shape: [2, 2], values: .float64([1, 2, 3, 4])),
      SafetensorsTensor(name: "b", shape: [2, 1], values: .uint8([0, 255])),
      SafetensorsTensor(name: "y", shape: [2], values: .int64([1, 0])),
    ].compactMap { $0 }
    let path = "\(folder.path)/d.safetensors"
    try Safetensors(tensors: tensors).write(to: path)
    let bindings: [DataBinding] = [
      .named("x", "x", .float, [2]), .named("p", "b", .float, [1]), .named("y", "y", .bool),
    ]
    var request = DataRequest(name: "d", reader: "safetensors", path: path, bindings: bindings)
    let data = try request.load()
    #expect(floats(data["x"]) == [1, 2, 3, 4])
    #expect(data["p"]?.storage == .bytes([0, 255], scale: 1))
    #expect(data["y"]?.storage == .bytes([1, 0], scale: 1))
    request.bindings[0].selector = .named("xs")
    #expect(failure(request)?.message == "there is no array `xs`")
    request.bindings[0].selector = .column(.index(0))
    #expect(failure(request)?.message == "input `x` takes the name of an array in the file")
  }

  @Test func `what does not fit is reported`() throws {
    let path = try folder.write("d.npz", Self.bytes(Self.compressed))
    #expect(failure(npz(path, [.named("a", "features")]))?.help == "arrays are `x`, `y`")
    #expect(
      failure(npz(path, [.named("a", "y", .classes(count: 2))]))?.message
        == "row 0: class 2 is outside class(2), which takes 0 to 1")
    var bytes = try Self.bytes(Self.compressed)
    bytes[60] ^= 0xFF
    let damaged = try folder.write("e.npz", bytes)
    #expect(
      failure(npz(damaged, [.named("a", "x", .float, [2, 2])]))?.message
        == "`x.npy` in the zip file is damaged")
    let text = try folder.write("t.npz", "no archive at all, only a text")
    #expect(failure(npz(text, [.named("a", "x")]))?.message == "this is no zip file")
  }

  @Test func `damaged archives and arrays`() throws {
    var random = SeededNumbers(seed: 41)
    let archives = [try Self.bytes(Self.compressed), try Self.bytes(Self.stored)]
    let arrays = [try Self.bytes(Self.columnMajor), try Self.bytes(Self.half)]
    for _ in 0..<300 {
      let isArchive = random.below(2) == 0
      let bytes = isArchive ? archives[random.below(2)] : arrays[random.below(2)]
      let path = try folder.write("d", HostileArrayTests.damaged(bytes, &random))
      let request =
        isArchive
        ? npz(path, [.named("a", "x", .float, [4]), .named("b", "y", .int)])
        : DataRequest(
          name: "d", reader: "npy",
          bindings: [.named("a", path, .float, random.below(2) == 0 ? [4] : [])])
      do throws(DataError) {
        HostileArrayTests.expectWhole(try request.load())
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }
}
