import Foundation
import Testing

/// Stored texts that tests compare with; `NETC_UPDATE_GOLDEN=1` rewrites them.
enum Golden {
  /// Compares a text with a stored one; a difference leaves `.observed` beside it.
  static func check(
    _ observed: String, against path: String, location: SourceLocation = #_sourceLocation
  ) throws {
    let expectedURL = TestFiles.root.appendingPathComponent(path)
    let observedURL = expectedURL.deletingPathExtension().appendingPathExtension("observed")
    if ProcessInfo.processInfo.environment["NETC_UPDATE_GOLDEN"] == "1" {
      try Data(observed.utf8).write(to: expectedURL)
      return
    }
    let expected = (try? Data(contentsOf: expectedURL)).map { String(decoding: $0, as: UTF8.self) }
    if expected == observed {
      try? FileManager.default.removeItem(at: observedURL)
      return
    }
    try Data(observed.utf8).write(to: observedURL)
    Issue.record("\(path) differs from its .observed", sourceLocation: location)
  }
}
