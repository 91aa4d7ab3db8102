import Foundation
import NetcData
import Testing

@Suite struct AtomicFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a file is replaced whole, and nothing else is left`() throws {
    let path = try folder.write("a", "old and longer")
    try writeAtomically(Array("new".utf8), to: path)
    #expect(try folder.bytes("a") == Array("new".utf8))
    #expect(try folder.names() == ["a"])
  }

  @Test func `a link stays a link`() throws {
    let path = try folder.write("a", "old")
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/link", withDestinationPath: path)
    try writeAtomically(Array("new".utf8), to: "\(folder.path)/link")
    #expect(try folder.bytes("a") == Array("new".utf8))
    let link = try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder.path)/link")
    #expect(link == path)
  }

  @Test func `a device is written to, not replaced`() throws {
    try writeAtomically([1, 2], to: "/dev/null")
    let kind = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type]
    #expect(kind as? FileAttributeType == .typeCharacterSpecial)
  }

  @Test func `what cannot be written is an error`() throws {
    let folderError = DataError("this is a folder, not a file", path: folder.path)
    #expect(throws: folderError) { try writeAtomically([], to: folder.path) }
    let path = "\(folder.path)/no/a"
    #expect(throws: DataError("cannot write: no such file or directory", path: path)) {
      try writeAtomically([], to: path)
    }
  }

  @Test func `a full disk leaves the old content`() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    #expect(throws: DataError("cannot write: no space left on device", path: "/dev/full")) {
      try writeAtomically([1], to: "/dev/full")
    }
  }
}
