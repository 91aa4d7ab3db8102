import Foundation
import NetcSemantics
import Testing

@Suite struct StandardLibraryTests {
  /// The folder of the `.net` files that `netc-dev embed` reads.
  private let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/NetcSemantics/StandardLibrary/Sources")

  @Test func `embedded text is the text of the files; run netc-dev embed when it is stale`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".net") }
      .sorted()
    #expect(StandardLibrary.files.map(\.name) == names)
    for file in StandardLibrary.files {
      let text = try String(contentsOf: folder.appendingPathComponent(file.name), encoding: .utf8)
      #expect(file.text + "\n" == text, "\(file.name) is stale")
    }
  }
}
