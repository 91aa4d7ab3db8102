import Foundation
import Testing

/// `--memory` on the command line.
@Suite struct MemoryTests {
  @Test func `check prints the memory with and without a budget`() throws {
    let folder = try Programs.folder()
    let plain = try Netc.run("check", "points.net", in: folder)
    let fitted = try Netc.run("check", "points.net", "--memory", "1.5GiB", in: folder)
    #expect(fitted.status == 0)
    let added = fitted.lines.filter { !plain.lines.contains($0) }
    #expect(added.count == 1)
    #expect(added.first?.hasPrefix("with --memory at batch 4: ") ?? false)
    #expect(added.first?.hasSuffix("; 0 operations computed again") ?? false)
    let json = try Netc.run("check", "points.net", "--memory", "1GB", "--json", in: folder)
    let parsed = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
    let object = try #require(parsed as? [String: Any])
    #expect(object["fitted_temporary_bytes"] as? Int == object["temporary_bytes"] as? Int)
  }

  @Test(arguments: ["run", "check", "bench", "dump"])
  func `a budget that no plan fits is refused before data is read`(command: String) throws {
    let folder = try Programs.folder()
    try FileManager.default.removeItem(atPath: folder.file("points.csv"))
    var words = [command, "points.net", "--memory", "1kB"]
    if command == "dump" { words += ["--stage", "schedule"] }
    let outcome = try Netc.run(words, in: folder)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    try Golden.check(outcome.errors, against: "memory")
  }

  @Test(arguments: ["", "0", "-1MB", "5 apples", "1e9", "MB", "50M", "9999999999TB"])
  func `what is no number of bytes is refused`(text: String) throws {
    let outcome = try Netc.run("check", "points.net", "--memory=\(text)", in: Programs.folder())
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("error: `--memory` takes a number of bytes as 4096, 50MB"))
  }

  @Test(arguments: ["100000000", "100MB", "0.1gb", "96MiB", "100000kB", "0.09765625 GiB"])
  func `bytes are written in several ways`(text: String) throws {
    let outcome = try Netc.run(
      "check", "points.net", "--quiet", "--memory", text, in: Programs.folder())
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
  }
}
