import NetcCore

/// One side of a disagreement about sizes: what it is and where the sizes in question came from.
struct ShapeSide: Sendable {
  /// The side itself, as `this is [batch, 784], from 16 · 7 · 7`.
  let label: Diagnostic.Label
  /// The places its sizes came from, nearest first.
  let labels: [Diagnostic.Label]
  /// The same before they were put into words.
  let notes: [SizeTrail.Note]

  /// A side whose text is at `range`; a note at the same place joins its label.
  init(_ range: SourceRange, _ words: String, _ trail: SizeTrail) {
    notes = trail.notes
    let own = trail.notes.filter { $0.range == range }.map(\.words)
      .filter { $0 != "by this" && $0 != "declared here" }
    label = Diagnostic.Label(range, ([words] + own).joined(separator: ", "))
    labels = trail.notes.filter { $0.range != range }.map {
      Diagnostic.Label($0.range, "\($0.size) \($0.words)")
    }
  }
}

extension Lowering {
  /// A tensor as a side of a disagreement about its sizes on `axes`.
  func shapeSide(_ side: Operand, axes: [Int]) -> ShapeSide {
    var trail = SizeTrail()
    if case .tensor(let tensor) = side.value {
      for axis in axes where tensor.shape.dims.indices.contains(axis) {
        trace(tensor, axis: axis, &trail)
      }
    }
    return ShapeSide(side.range, "this is \(shape(of: side.value))", trail)
  }

  /// The labels of the sides one after the other, each place once.
  func labels(_ sides: [ShapeSide]) -> [Diagnostic.Label] {
    var all: [Diagnostic.Label] = []
    for side in sides {
      for label in [side.label] + side.labels
      where !all.contains(where: { $0.range == label.range }) { all.append(label) }
    }
    return all
  }

  /// What to change so that sizes agree: the one number in the text that decided a side's size,
  /// and what it would have to be. Numbers that data decide are left alone.
  func correction(
    _ sides: [(notes: [SizeTrail.Note], size: Dim, wanted: Dim)]
  ) -> (help: [String], fixes: [Diagnostic.Fix]) {
    var found: [(fix: Diagnostic.Fix, help: String)] = []
    for side in sides {
      guard let wanted = side.wanted.constant, wanted > 0, side.size.constant != nil else {
        continue
      }
      let number = side.notes.first { note in
        note.size == side.size && !note.isFed && isUserText(note.range)
          && sources.text(note.range) == note.size.description
      }
      guard let number, !found.contains(where: { $0.fix.range == number.range }) else { continue }
      found.append(
        (Diagnostic.Fix(number.range, String(wanted)), "change \(side.size) to \(wanted)"))
    }
    guard let first = found.first else { return ([], []) }
    return ([found.map(\.help).joined(separator: ", or ")], found.count == 1 ? [first.fix] : [])
  }

  /// Whether the text at `range` is what a pipe hands on: the last stage before the next `|>`.
  func isStage(_ range: SourceRange) -> Bool {
    let bytes = sources[range.file].utf8
    var place = Int(range.start)
    while place > 0, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place - 1]) { place -= 1 }
    return place >= 2 && bytes[place - 1] == 0x3E && bytes[place - 2] == 0x7C
  }

  /// How to apply a function of one tensor to the text at `range`, in words and as a fix-it.
  func applying(
    _ callee: String, _ settings: String, to range: SourceRange
  ) -> (text: String, fix: Diagnostic.Fix) {
    if isStage(range) {
      let stage = " |> \(callee)" + (settings.isEmpty ? "" : "(\(settings))")
      let end = SourceRange(file: range.file, start: range.end, end: range.end)
      return ("\(sources.text(range))\(stage)", Diagnostic.Fix(end, stage))
    }
    let more = settings.isEmpty ? "" : ", \(settings)"
    let text = "\(callee)(\(sources.text(range))\(more))"
    return (text, Diagnostic.Fix(range, text))
  }
}
