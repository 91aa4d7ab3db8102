import Foundation
import Testing

/// Runs `gzip -k` on a file.
func compress(_ path: String) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["gzip", "-k", path]
  try process.run()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0)
}
