import Foundation
import NetcCore
import NetcData
import Testing

@Suite struct ImagesReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func request(
    _ shape: Shape, _ element: DataBinding.Element? = nil, path: String? = nil
  ) -> DataRequest {
    var bindings = [
      DataBinding(input: "picture", element: .float, rowShape: shape, selector: .pixels)
    ]
    if let element {
      bindings.append(
        DataBinding(input: "kind", element: element, rowShape: [], selector: .folder))
    }
    return DataRequest(
      name: "d", reader: "images", path: path ?? folder.path, bindings: bindings)
  }

  private func bytes(_ data: Dataset) -> [UInt8]? {
    if case .bytes(let bytes, _)? = data["picture"]?.storage { bytes } else { nil }
  }

  private func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
  }

  @Test func `folders are classes in the order of their names`() throws {
    for name in ["b", "a"] { try makeFolder(name) }
    _ = try folder.write("b/1.pgm", "P2 2 1 255 7 8")
    _ = try folder.write("a/2.pgm", [UInt8]("P5 # two\n2 1\n255\n".utf8) + [1, 2])
    _ = try folder.write("a/1.PGM", "P2 2 1 15 15 0")
    _ = try folder.write("a/notes.txt", "nothing")
    let data = try request([1, 1, 2], .classes(count: 2)).load()
    #expect(bytes(data) == [255, 0, 1, 2, 7, 8])
    #expect(ints(data["kind"]) == [0, 0, 1])
    #expect(data["kind"]?.classNames == ["a", "b"])
    let named = try request([2], .classes(count: 2, names: ["b", "a"])).load()
    #expect(ints(named["kind"]) == [1, 1, 0])
  }

  @Test func `colours and grey become each other`() throws {
    _ = try folder.write("1.ppm", "P3 1 1 255 100 200 50")
    #expect(bytes(try request([3, 1, 1]).load()) == [100, 200, 50])
    #expect(bytes(try request([1, 1]).load()) == [153])
    let data = try request([Dim(symbol: "c"), Dim(symbol: "h"), Dim(symbol: "w")]).load()
    #expect(data.dimensions == ["c": 3, "h": 1, "w": 1])
    _ = try folder.write("1.ppm", "P2 1 1 255 9")
    #expect(bytes(try request([3, 1, 1]).load()) == [9, 9, 9])
  }

  private static let kinds: [(color: UInt8, depth: Int, samples: Int)] = [
    (0, 1, 1), (0, 2, 1), (0, 4, 1), (0, 8, 1), (0, 16, 1), (2, 8, 3), (2, 16, 3), (3, 1, 1),
    (3, 2, 1), (3, 4, 1), (3, 8, 1), (4, 8, 2), (4, 16, 2), (6, 8, 4), (6, 16, 4),
  ]

  @Test(arguments: kinds)
  func `PNG images of each kind are decoded`(
    _ kind: (color: UInt8, depth: Int, samples: Int)
  ) throws {
    var random = SeededNumbers(seed: UInt64(kind.color) * 100 + UInt64(kind.depth))
    let (width, height) = (13, 11)
    let most = 1 << min(kind.depth, 8) - 1
    // Smooth rows with some noise, so that the stream has matches and literals.
    let pixels = (0..<height).map { row in
      (0..<width).map { column in
        (0..<kind.samples).map { UInt8((row * 3 + column * 5 + $0 + random.below(3)) % (most + 1)) }
      }
    }
    let palette = (0..<256).map { index in [UInt8(index), UInt8(255 - index), UInt8(index / 2)] }
    let rows = pixels.map { row in packed(row.flatMap { $0 }, kind.depth) }
    let file = PNGFile(
      width: width, depth: kind.depth, color: kind.color, samples: kind.samples, rows: rows,
      palette: kind.color == 3 ? palette.flatMap { $0 } : [])
    _ = try folder.write("1.png", try file.bytes(folder))
    let isGrey = kind.color == 0 || kind.color == 4
    let expected = pixels.flatMap { $0 }.map { pixel -> [UInt8] in
      if kind.color == 3 { return palette[Int(pixel[0])] }
      let stretched = pixel.map { kind.depth < 8 ? UInt8(Int($0) * 255 / most) : $0 }
      return Array(stretched.prefix(isGrey ? 1 : 3))
    }
    let channels = isGrey ? 1 : 3
    let found = bytes(try request([Dim(channels), Dim(height), Dim(width)]).load())
    #expect(found == (0..<channels).flatMap { channel in expected.map { $0[channel] } })
  }

  /// Samples side by side; of 16 bits the lower byte is noise.
  private func packed(_ samples: [UInt8], _ depth: Int) -> [UInt8] {
    if depth == 8 { return samples }
    if depth == 16 { return samples.flatMap { [$0, $0 &* 3] } }
    let perByte = 8 / depth
    return stride(from: 0, to: samples.count, by: perByte).map { start in
      (0..<perByte).reduce(UInt8(0)) { byte, place in
        byte << UInt8(depth) | (start + place < samples.count ? samples[start + place] : 0)
      }
    }
  }

  @Test func `large images keep every byte`() throws {
    var random = SeededNumbers(seed: 5)
    let rows = (0..<200).map { row in
      (0..<300).map { UInt8(($0 * row / 7 + random.below(9)) & 255) }
    }
    let file = PNGFile(width: 300, depth: 8, color: 0, samples: 1, rows: rows)
    _ = try folder.write("1.png", try file.bytes(folder))
    #expect(bytes(try request([200, 300]).load()) == rows.flatMap { $0 })
  }

  @Test func `what does not fit is reported`() throws {
    #expect(failure(request([2]))?.message == "there are no images in this folder")
    #expect(failure(request([2], path: "/none"))?.message == "no such folder")
    _ = try folder.write("1.pgm", "P2 2 1 255 7 8")
    #expect(
      failure(request([2], .classes(count: 2)))?.message == "there are no images in this folder")
    #expect(
      failure(request([2, 2]))?.message
        == "input `picture` takes rows of shape [2, 2], the data has [1, 2]")
    #expect(
      failure(request([2, 1, 2]))?.message
        == "input `picture` has 2 channels, images have 1 or 3")
    try makeFolder("a")
    _ = try folder.write("a/1.pgm", "P2 1 1 255 7")
    #expect(failure(request([2]))?.message == "1 × 1 pixels, the first image has 2 × 1")
    let three = failure(request([1], .classes(count: 3)))
    #expect(three?.message == "class(3) needs 3 folders, there are 1")
    _ = try folder.write("a/0.jpg", "x")
    #expect(failure(request([1]))?.message == "netc reads PNG, PPM and PGM images")
  }

  @Test func `damaged images`() throws {
    var random = SeededNumbers(seed: 51)
    let rows = (0..<6).map { row in (0..<8).map { UInt8($0 * row) } }
    var interlaced = PNGFile(width: 8, depth: 8, color: 0, samples: 1, rows: rows)
    let png = try interlaced.bytes(folder)
    interlaced.interlace = 1
    try makeFolder("d")
    _ = try folder.write("d/1.png", try interlaced.bytes(folder))
    let path = "\(folder.path)/d"
    #expect(failure(request([6, 8], path: path))?.message == "the PNG image is interlaced")
    let originals = [
      png, Array("P2 2 1 255 7 8".utf8), [UInt8]("P6 1 2 255\n".utf8) + [1, 2, 3, 4, 5, 6],
    ]
    for _ in 0..<300 {
      let bytes = HostileArrayTests.damaged(originals[random.below(3)], &random)
      _ = try folder.write("d/1.png", bytes)
      do throws(DataError) {
        HostileArrayTests.expectWhole(
          try request([Dim(symbol: "h"), Dim(symbol: "w")], path: path).load())
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }
}
