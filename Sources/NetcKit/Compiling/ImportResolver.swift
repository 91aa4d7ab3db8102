import NetcData
import NetcSemantics

/// Finds imported files: paths are relative to the importing file and stay in the main file's
/// folder.
struct ImportResolver: Sendable {
  /// The main file's name and folder; an empty folder is the current one.
  let main: String
  let directory: String
  let allowsOutside: Bool

  /// The file of a path that `importer` imports.
  func resolve(_ path: String, _ importer: String) -> ImportResolution {
    if path.hasPrefix("/"), !allowsOutside { return .missing(reason: "the path is absolute") }
    let folder = importer == main ? directory : Self.folder(of: importer)
    guard let name = Self.normalized(path.hasPrefix("/") ? path : Self.joined(folder, path)) else {
      return .missing(reason: "the path has no file name")
    }
    let root = Self.normalized(directory) ?? ""
    if !allowsOutside, !Self.isInside(name, root) {
      return .missing(
        reason: "it lies outside the main file's folder (`--allow-outside` permits that)")
    }
    guard let bytes = contents(ofFile: name) else {
      return .missing(reason: "there is no file \(name), or no permission to read it")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return .missing(reason: "\(name) is not UTF-8 text")
    }
    return .found(name: name, text: text)
  }

  private static func isInside(_ name: String, _ root: String) -> Bool {
    root.isEmpty
      ? !name.hasPrefix("/") && !name.hasPrefix("../") && name != ".." : name.hasPrefix(root + "/")
  }

  private static func folder(of path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  }

  private static func joined(_ folder: String, _ path: String) -> String {
    folder.isEmpty ? path : "\(folder)/\(path)"
  }

  /// The path without `.` and with `..` taken back where it can be; nil when nothing is left.
  private static func normalized(_ path: String) -> String? {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    if parts.isEmpty { return nil }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
