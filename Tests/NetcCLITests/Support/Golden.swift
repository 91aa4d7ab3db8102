import Foundation
import Testing

/// Stored texts that tests compare with; `NETC_UPDATE_GOLDEN=1` rewrites them.
enum Golden {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Golden")

  /// Compares a text with the stored one of that name; a difference leaves `.observed` beside it.
  static func check(_ observed: String, against name: String) throws {
    let expected = folder.appendingPathComponent("\(name).expected")
    let difference = folder.appendingPathComponent("\(name).observed")
    if ProcessInfo.processInfo.environment["NETC_UPDATE_GOLDEN"] == "1" {
      try Data(observed.utf8).write(to: expected)
      return
    }
    if (try? String(contentsOf: expected, encoding: .utf8)) == observed {
      try? FileManager.default.removeItem(at: difference)
      return
    }
    try Data(observed.utf8).write(to: difference)
    Issue.record("\(name).expected differs from its .observed")
  }
}
