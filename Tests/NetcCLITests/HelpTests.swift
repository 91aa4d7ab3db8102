import Foundation
import NetcCore
import NetcKit
import Testing

@Suite struct HelpTests {
  static let commands = [
    "run", "eval", "predict", "sample", "check", "check-grad", "bench", "dump-grad", "dump",
    "explain-grad", "fmt", "fix", "spec", "explain",
  ]

  @Test func `the overview names every command`() throws {
    let folder = try Folder()
    let help = try Netc.run("--help", in: folder)
    #expect(help.status == 0 && help.errors.isEmpty)
    try Golden.check(help.output, against: "help")
    #expect(try Netc.run("help", in: folder).output == help.output)
    #expect(try Netc.run("-h", in: folder).output == help.output)
    let listed = help.output.components(separatedBy: "Commands:\n").last?.components(
      separatedBy: "\n\n"
    ).first
    let names = (listed ?? "").components(separatedBy: "\n").map { line in
      line.components(separatedBy: " ").first { !$0.isEmpty } ?? ""
    }
    #expect(names == Self.commands)
    let nothing = try Netc.run(in: folder)
    #expect(nothing.status == 2 && nothing.output == help.output)
  }

  @Test(arguments: commands)
  func `every command's help has its options and examples`(command: String) throws {
    let folder = try Folder()
    let help = try Netc.run(command, "--help", in: folder)
    #expect(help.status == 0 && help.errors.isEmpty)
    #expect(help.output.contains("Usage: netc \(command)"))
    #expect(help.output.contains("Examples:\n  netc \(command)"))
    try Golden.check(help.output, against: "help-\(command)")
    #expect(try Netc.run("help", command, in: folder).output == help.output)
  }

  @Test func `the version is one line`() throws {
    let version = try Netc.run("--version", in: Folder())
    #expect(version.status == 0)
    #expect(version.output.wholeMatch(of: /netc [0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
  }

  @Test func `every code has a page`() throws {
    let folder = try Folder()
    let list = try Netc.run("explain", in: folder)
    #expect(list.status == 0)
    #expect(list.lines.count == DiagnosticCatalogue.kinds.count)
    for (line, kind) in zip(list.lines, DiagnosticCatalogue.kinds) {
      #expect(line == "\(kind.code)  \(kind.title)")
    }
    for kind in DiagnosticCatalogue.kinds { #expect(!kind.page.isEmpty && !kind.title.isEmpty) }
    let page = try Netc.run("explain", "e0101", in: folder)
    #expect(page.status == 0)
    #expect(page.output.hasPrefix("error[E0101]: "))
  }

  #if !DEBUG
    @Test(arguments: DiagnosticCatalogue.kinds.map(\.code))
    func `the page of a code is printed`(code: String) throws {
      let page = try Netc.run("explain", code, in: Folder())
      #expect(page.status == 0 && page.errors.isEmpty)
      #expect(page.output.contains("[\(code)]: ") && page.lines.count > 1)
    }
  #endif
}
