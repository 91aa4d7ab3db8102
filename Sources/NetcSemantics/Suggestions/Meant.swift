import NetcCore
import NetcSyntax

/// What a name that stands for nothing may have been meant to be.
struct Meant: Sendable {
  /// What to write, for the diagnostic's help.
  var help: [String]
  /// The replacement when only one thing can be meant.
  var fixes: [Diagnostic.Fix]

  /// What `name` at `range` may stand for: a candidate spelt nearly so, else what another
  /// framework calls one of them; `fallback` says what there is.
  init(
    _ name: String, at range: SourceRange, among candidates: [String], foreign: ForeignNames? = nil,
    otherwise fallback: String? = nil
  ) {
    var near = suggestions(for: name, among: candidates)
    if near.isEmpty, let dot = name.lastIndex(of: ".") {
      let last = String(name[name.index(after: dot)...])
      near = candidates.contains(last) ? [last] : suggestions(for: last, among: candidates)
    }
    if let word = foreign?.word(for: name), candidates.contains(word.name),
      !near.contains(word.name)
    {
      help = ["`\(name)` is called `\(word.name)` here" + (word.note.map { ": \($0)" } ?? "")]
      fixes = word.note == nil ? [Diagnostic.Fix(range, word.name)] : []
      return
    }
    if near.isEmpty {
      help = (foreign?.note(for: name) ?? fallback).map { [$0] } ?? []
      fixes = []
    } else {
      help = ["did you mean \(near.prefix(3).map { "`\($0)`" }.joined(separator: " or "))?"]
      fixes = near.count == 1 ? [Diagnostic.Fix(range, near[0])] : []
    }
  }
}
