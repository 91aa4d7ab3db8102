import NetcCore

/// The places in the user's text that a size came from, nearest first.
struct SizeTrail: Sendable {
  /// One place with what it did to the size.
  struct Note: Sendable {
    let range: SourceRange
    let size: Dim
    /// The words after the size, as `from 16 · 7 · 7`.
    let words: String
    /// Whether data decide it, so that the text beside is not what to change.
    let isFed: Bool
  }

  private(set) var notes: [Note] = []
  /// Values looked at so far: a bound for hostile graphs.
  private var steps = 0

  private static let mostNotes = 4
  private static let mostSteps = 400

  /// Whether there is room for one step more.
  mutating func goesOn() -> Bool {
    steps += 1
    return steps <= Self.mostSteps && notes.count < Self.mostNotes
  }

  /// Adds a place, unless it is there for the same size.
  mutating func add(_ range: SourceRange, _ size: Dim, _ words: String, isFed: Bool = false) {
    guard notes.count < Self.mostNotes,
      !notes.contains(where: { $0.range == range && $0.size == size })
    else { return }
    notes.append(Note(range: range, size: size, words: words, isFed: isFed))
  }
}
