import NetcCore
import NetcSyntax

/// Which file of the standard library defines what; files are read when a program first names
/// something of theirs.
struct LibraryIndex: Sendable {
  /// Whether each source is a file of the library.
  private var isLibrary: [Bool] = []
  private var read: Set<Int> = []

  /// The file of each definition, found by the words at the beginnings of lines.
  private static let places: [String: Int] = {
    let words = ["fn ", "layer ", "rule "].map { Array($0.utf8) }
    let (newline, parenthesis) = (UInt8(ascii: "\n"), UInt8(ascii: "("))
    var places: [String: Int] = [:]
    for (place, file) in StandardLibrary.files.enumerated() {
      for line in file.text.utf8.split(separator: newline) {
        for word in words where line.starts(with: word) {
          let name = line.dropFirst(word.count).prefix { $0 != parenthesis }
          places[String(Substring(name))] = place
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

  /// Notes that a source is a file of the library.
  mutating func add(_ file: SourceID) {
    let place = Int(file.rawValue)
    while isLibrary.count <= place { isLibrary.append(false) }
    isLibrary[place] = true
  }

  /// Whether a source is a file of the library.
  func contains(_ file: SourceID) -> Bool {
    let place = Int(file.rawValue)
    return place < isLibrary.count && isLibrary[place]
  }
}

extension Lowering {
  /// The place of the library's definition of `name`, its file read when it is the first of it; nil
  /// without one.
  mutating func libraryDefinition(_ name: String) -> Int? {
    if let known = readDefinition(name) { return known }
    if let place = library.unread(name) {
      let file = StandardLibrary.files[place]
      let id = sources.add(name: "std/\(file.name)", text: file.text)
      library.add(id)
      let (unit, problems) = parse(id, in: sources)
      if let problem = problems.first {
        internalError("standard library: \(sources.location(unit.end)): \(problem.message)")
      }
      declare(unit, module: Self.standardModule)
    }
    return readDefinition(name)
  }

  /// The place of a definition in the files read so far.
  private func readDefinition(_ name: String) -> Int? {
    guard case .definition(let found)? = modules[Self.standardModule].callables[name] else {
      return nil
    }
    return found
  }

  /// The place of the standard library among the modules.
  static var standardModule: Int { 1 }
}
