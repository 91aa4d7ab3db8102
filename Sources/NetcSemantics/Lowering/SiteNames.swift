import NetcCore

/// The names of parameters, layer instances and random sites: given in the training lowering,
/// looked up in the evaluation lowering, so that both agree.
struct SiteNames: Sendable {
  private struct Key: Hashable {
    var path: String
    var file: SourceID
    var start: UInt32
    var turns: [Int]
    var callee: String
  }

  private var names: [Key: String] = [:]
  private var taken: Set<String> = []
  private var instances: Set<String> = []

  /// Takes the path of a `layer NAME = …`; false when an anonymous layer has it already.
  mutating func claim(_ path: String) -> Bool {
    if taken.contains(path), !instances.contains(path) { return false }
    taken.insert(path)
    instances.insert(path)
    return true
  }

  /// The path of what `callee` makes at `range`: `path` + callee + `_` + ordinal.
  ///
  /// The same place (in the text, the loops and the instance path) has the same name in both
  /// lowerings and at each application of a shared instance; a new one takes the next ordinal of
  /// the frame that is free.
  mutating func name(
    _ callee: String, at range: SourceRange, in frame: inout Frame
  ) -> String {
    let place = frame.chain ?? range
    let key = Key(
      path: frame.path, file: place.file, start: place.start, turns: frame.turns, callee: callee)
    if let known = names[key] {
      _ = frame.nextOrdinal(of: callee)
      return known
    }
    var name: String
    repeat {
      name = "\(frame.path)\(callee)_\(frame.nextOrdinal(of: callee))"
    } while !taken.insert(name).inserted
    names[key] = name
    return name
  }
}

/// A name with the turns of the loops around it: `fc` in the second turn is `fc_2`.
func turned(_ name: String, _ turns: [Int]) -> String {
  turns.reduce(name) { "\($0)_\($1)" }
}
