import Foundation
import NetcGraph
import Testing

@Suite struct CatalogueTests {
  /// Every operation written in a file of `Operations/` is in the catalogue: an unfinished one has
  /// no file.
  @Test func aSetHoldsEveryOperation() {
    let all = OperationCatalogue.operations.map { OpID($0.name) }
    var some: OperationSet = []
    for op in all {
      #expect(!some.contains(op))
      some.insert(op)
      #expect(some.contains(op))
    }
    #expect(!some.isDisjoint(with: [.add]))
    #expect(some.union([]) == some)
  }

  @Test func everyOperationInTheFolderIsRegistered() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/NetcGraph/Operations").standardizedFileURL
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    let registered = Set(OperationCatalogue.operations.map { "\(type(of: $0))" })
    var found: Set<String> = []
    for file in files.sorted(by: { $0.path < $1.path }) {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /struct (\w+): Operation \{/) { found.insert(String(match.1)) }
    }
    #expect(found == registered)
    #expect(found.count > 50)
  }
}
