import Foundation
import NetcCore
import NetcData
import Testing

@Suite struct SafetensorsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// One tensor of each type, an empty one and a scalar.
  private static func sample() throws -> Safetensors {
    let tensors = [
      SafetensorsTensor(
        name: "dense_1.weight", shape: [2, 2],
        values: .float32([1, -0.0, .pi, .leastNonzeroMagnitude])),
      SafetensorsTensor(name: "θ \"x\"", shape: [], values: .float64([0.1])),
      SafetensorsTensor(name: "label", shape: [3], values: .int32([.min, 0, .max])),
      SafetensorsTensor(name: "step", shape: [1], values: .int64([.min])),
      SafetensorsTensor(name: "picture", shape: [1, 2], values: .uint8([0, 255])),
      SafetensorsTensor(name: "mask", shape: [2], values: .bool([true, false])),
      SafetensorsTensor(name: "none", shape: [0, 4], values: .float32([])),
    ].compactMap { $0 }
    try #require(tensors.count == 7)
    return Safetensors(metadata: [.init("seed", "7"), .init("a", "x\ny")], tensors: tensors)
  }

  @Test func `what is written is read, in order and to the bit`() throws {
    let sample = try SafetensorsTests.sample()
    let path = "\(folder.path)/a.safetensors"
    try sample.write(to: path)
    let read = try Safetensors(contentsOf: path)
    #expect(read == sample)
    #expect(read.tensors.map(\.name) == sample.tensors.map(\.name))
    #expect(try read.bytes() == folder.bytes("a.safetensors"))
    #expect(read["step"]?.values == .int64([.min]))
    #expect(read.text("a") == "x\ny")
    #expect(try folder.names() == ["a.safetensors"])
  }

  @Test func `the bytes are those of the format`() throws {
    let tensor = try #require(SafetensorsTensor(name: "w", shape: [2], values: .float32([1, 2])))
    let header = #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    let padded = header + String(repeating: " ", count: 56 - header.utf8.count)
    let expected: [UInt8] =
      [56, 0, 0, 0, 0, 0, 0, 0] + Array(padded.utf8) + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]
    #expect(try Safetensors(tensors: [tensor]).bytes() == expected)
  }

  @Test func `tensors of the graph go in and out`() throws {
    let tensor = try #require(Tensor(shape: [2], .int([3, 4])))
    #expect(SafetensorsTensor(name: "x", tensor).tensor == tensor)
    let wide = SafetensorsTensor(name: "x", shape: [2], values: .int64([3, 4]))
    #expect(wide?.tensor == tensor)
    #expect(SafetensorsTensor(name: "x", shape: [1], values: .int64([1 << 40]))?.tensor == nil)
    #expect(SafetensorsTensor(name: "x", shape: [3], values: .uint8([1])) == nil)
  }

  @Test(arguments: [
    ("[]", "", "the safetensors header is not an object"),
    ("{", "", "the safetensors header is not JSON: expected a name in quotes at byte 9"),
    (#"{"w":1}"#, "", "tensor `w` is not described by an object"),
    (
      #"{"w":{"dtype":"F32","shape":[1]}}"#, "",
      "tensor `w` is not described by dtype, shape and data_offsets"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "abcd",
      "tensor `w` is not described by dtype, shape and data_offsets"
    ),
    (
      #"{"w":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}"#, "ab",
      "tensor `w` has elements `F16`, netc reads F32, F64, I32, I64, U8, BOOL"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "abcd",
      "tensor `w` of F32[2] does not take 4 bytes"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, "",
      "tensor `w` of F32[4611686018427387904, 4] does not take 0 bytes"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "",
      "tensor `w` has data_offsets [4, 0]"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "abcdabcd",
      "the data of `w` starts at byte 4, expected 0"
    ),
    (
      #"{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"#
        + #""v":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
      "abc", "the data of `v` starts at byte 1, expected 2"
    ),
    (
      #"{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, "abc",
      "the tensors take 2 bytes of data, the file has 3"
    ),
    (
      #"{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, "abc",
      "the tensors take 4 bytes of data, the file has 3"
    ),
    (
      #"{"w":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}"#, "a",
      "tensor `w` holds truth values other than 0 and 1"
    ),
    (
      #"{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"#
        + #""w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
      "",
      "two tensors are called `w`"
    ),
    (#"{"__metadata__":{"a":1}}"#, "", "`__metadata__` has a repeated key or no text at `a`"),
    (#"{"__metadata__":[]}"#, "", "`__metadata__` is not an object"),
  ])
  func `a file that breaks the format is refused`(header: String, data: String, message: String) {
    var bytes = [UInt8](repeating: 0, count: 8)
    bytes[0] = UInt8(header.utf8.count & 255)
    bytes[1] = UInt8(header.utf8.count >> 8)
    bytes += Array(header.utf8) + Array(data.utf8)
    #expect(throws: DataError(message, path: "f")) { try Safetensors(parsing: bytes, path: "f") }
  }

  @Test(arguments: [
    [], [1, 2, 3], [UInt8](repeating: 255, count: 8), [9, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D],
  ])
  func `a header longer than the file is refused`(bytes: [UInt8]) {
    #expect(throws: DataError.self) { try Safetensors(parsing: bytes) }
  }

  @Test func `a name may stand once`() throws {
    let tensor = try #require(SafetensorsTensor(name: "w", shape: [1], values: .uint8([1])))
    #expect(throws: DataError("two tensors are called `w`")) {
      try Safetensors(tensors: [tensor, tensor]).bytes()
    }
  }
}
