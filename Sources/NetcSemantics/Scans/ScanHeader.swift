import NetcCore
import NetcGraph
import NetcSyntax

/// What a scan walks through.
struct ScanHeader: Sendable {
  /// One sequence of the header.
  enum Item: Sendable {
    /// Whole numbers from this one on.
    case range(lower: Int)
    /// The rows of a tensor, its walked axis first.
    case rows(TensorValue)
  }

  var items: [Item]
  var length: Dim
  /// The axis that yields are stacked along.
  var axis: Int

  /// The tensors, in order.
  var tensors: [TensorValue] {
    items.compactMap { if case .rows(let tensor) = $0 { tensor } else { nil } }
  }
}

extension Lowering {
  /// Evaluates a scan's header; nil after a mistake was reported.
  mutating func scanHeader(_ scan: Scan, at range: SourceRange) -> ScanHeader? {
    var header = ScanHeader(items: [], length: 0, axis: 0)
    var first: (length: Dim, range: SourceRange)?
    for sequence in scan.sequences {
      guard let (item, length, axis) = scanItem(sequence, scan.axis) else { return nil }
      if let first, first.length != length {
        fail(
          .scanSequence, "the sequences of a scan have \(first.length) and \(length) elements",
          at: sequence.source.range,
          notes: [Diagnostic.Label(first.range, "\(first.length) elements")],
          help: ["walk through sequences of one length"])
        return nil
      }
      first = first ?? (length, sequence.source.range)
      header.items.append(item)
      if let axis { header.axis = axis }
    }
    guard let first else { return nil }
    header.length = first.length
    if let axis = scan.axis, header.tensors.isEmpty {
      fail(
        .scanSequence, "`along` names an axis, and a range has none", at: axis.range,
        help: ["drop `along`"])
      return nil
    }
    return header
  }

  private mutating func scanItem(
    _ sequence: Scan.Sequence, _ along: Expression?
  ) -> (item: ScanHeader.Item, length: Dim, axis: Int?)? {
    let value = evaluate(sequence.source)
    switch value {
    case .poison: return nil
    case .range(let lower, let upper): return (.range(lower: lower), Dim(upper - lower), nil)
    case .tensor(let given):
      let found = use(given)
      let name = sequence.name.text
      guard found.shape.rank > 0 else {
        fail(
          .scanSequence, "a scan walks through an axis, and `\(found.typeText)` has none",
          at: sequence.source.range)
        return nil
      }
      guard let along else {
        fail(
          .scanSequence, "the axis to walk along is missing", at: sequence.source.range,
          label: "this is \(found.typeText)",
          help: ["write `scan \(name) in \(sources.text(sequence.source.range)) along 1`"])
        return nil
      }
      guard let axis = axis(Operand(evaluate(along), along.range), rank: found.shape.rank) else {
        return nil
      }
      let rest = found.shape.dims.indices.filter { $0 != axis }
      setOrigin(sequence.source.range)
      let turned = tensor(b.transpose(found.id, [axis] + rest), found.kind)
      return (.rows(turned), found.shape[axis], axis)
    default:
      fail(
        .scanSequence, "a scan walks through tensors or a range, found \(value.description)",
        at: sequence.source.range,
        help: ["`for` runs over a list while the program is compiled"])
      return nil
    }
  }
}
