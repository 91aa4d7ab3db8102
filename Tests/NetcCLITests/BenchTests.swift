import Foundation
import NetcCore
import Testing

@Suite struct BenchTests {
  @Test func `the first step and the losses of fixed batches are JSON`() throws {
    let folder = try Programs.folder()
    let first = try Netc.run("bench", "points.net", "--mode", "first", "--threads", "1", in: folder)
    #expect(first.status == 0 && first.errors.isEmpty)
    let members = try object(first.lines.last)
    #expect(members["workload"] == .string("points") && members["threads"] == .integer(1))
    guard case .number(let loss)? = members["loss"] else {
      Issue.record("no loss in \(first.output)")
      return
    }
    let checked = try Netc.run(
      "bench", "points.net", "--mode", "check", "--steps", "3", "--threads", "2", in: folder)
    guard case .array(let losses)? = try object(checked.lines.last)["losses"] else {
      Issue.record("no losses in \(checked.output)")
      return
    }
    #expect(losses.count == 3 && losses[0] == .number(loss), "the same for any number of threads")
  }

  @Test func `mistakes are told`() throws {
    let folder = try Programs.folder()
    let mode = try Netc.run("bench", "points.net", "--mode", "fist", in: folder)
    #expect(mode.status == 2 && mode.errors.contains("did you mean `first`?"))
    let data = try Netc.run("bench", "points.net", "--data", "nowhere", in: folder)
    #expect(data.status == 1 && data.errors.contains("nowhere/manifest.json: cannot be read"))
  }

  #if !DEBUG
    @Test func `blocks are measured and instructions listed`() throws {
      let folder = try Programs.folder()
      let words = ["bench", "points.net", "--blocks", "1", "--threads", "1"]
      let measured = try Netc.run(words + ["--profile"], in: folder)
      #expect(measured.status == 0 && measured.output.contains(" steps/s ("))
      #expect(measured.output.contains("gemm") && measured.output.contains("points.net:4:"))
      let served = try Netc.run(words + ["--serve"], in: folder)
      #expect(try object(served.lines.last)["ready"] == .bool(true), "nobody says go")
      let latency = try Netc.run(words + ["--mode", "infer", "--json"], in: folder)
      #expect(try object(latency.lines.last)["latency_us"] != nil)
    }
  #endif

  private func object(_ line: String?) throws -> [String: JSONText] {
    guard case .object(let members) = try JSONText(parsing: Array((line ?? "").utf8)) else {
      Issue.record("no object: \(line ?? "")")
      return [:]
    }
    return Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
  }
}
