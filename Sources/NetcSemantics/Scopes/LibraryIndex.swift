import NetcCore
import NetcSyntax

/// Which file of the standard library defines what; files are read when a program first names
/// something of theirs.
struct LibraryIndex: Sendable {
  /// The files read so far, as sources.
  var files: Set<SourceID> = []
  private var read: Set<Int> = []

  /// The file of each definition, found by the words at the beginnings of lines.
  private static let places: [String: Int] = {
    var places: [String: Int] = [:]
    for (place, file) in StandardLibrary.files.enumerated() {
      for line in file.text.split(separator: "\n") {
        for word in ["fn ", "layer ", "rule "] where line.hasPrefix(word) {
          let name = line.dropFirst(word.count).prefix { $0 != "(" }
          places[String(name)] = place
        }
      }
    }
    return places
  }()

  /// The names the library defines, sorted.
  static let names = places.keys.sorted()

  /// The file to read for `name`; nil when there is none or it was read already.
  mutating func unread(_ name: String) -> Int? {
    guard let place = Self.places[name], read.insert(place).inserted else { return nil }
    return place
  }
}

extension Lowering {
  /// The place of the library's definition of `name`, its file read when it is the first of it; nil
  /// without one.
  mutating func libraryDefinition(_ name: String) -> Int? {
    if let place = library.unread(name) {
      let file = StandardLibrary.files[place]
      let id = sources.add(name: "std/\(file.name)", text: file.text)
      library.files.insert(id)
      let (unit, problems) = parse(id, in: sources)
      if let problem = problems.first {
        internalError("standard library: \(sources.location(unit.end)): \(problem.message)")
      }
      declare(unit, module: Self.standardModule)
    }
    guard case .definition(let found)? = modules[Self.standardModule].callables[name] else {
      return nil
    }
    return found
  }

  /// The place of the standard library among the modules.
  static var standardModule: Int { 1 }
}
