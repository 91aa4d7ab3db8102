import NetcCore
import NetcGraph

extension Lowering {
  /// `a @ b`: the last axis of `a` against the last but one of `b` (its only one for a vector);
  /// axes before those are batches that both share.
  mutating func matmul(_ left: Operand, _ right: Operand, at range: SourceRange) -> Value {
    guard let a = numeric(left), let w = numeric(right) else { return .poison }
    guard a.shape.rank > 0, w.shape.rank > 0 else {
      return fail(
        .matmulScalar, "`@` needs vectors or matrices on both sides", at: range,
        notes: labels([shapeSide(left, axes: []), shapeSide(right, axes: [])]),
        help: ["`*` multiplies by a number"])
    }
    let x = convert(a, to: .float)
    let y = convert(w, to: .float)
    let inner = x.shape[x.shape.rank - 1]
    let contracted = max(0, y.shape.rank - 2)
    guard inner == y.shape[contracted] else {
      let partner = y.shape.rank == 1 ? "size" : "last but one dimension"
      let (a, b) = (
        shapeSide(left, axes: [x.shape.rank - 1]), shapeSide(right, axes: [contracted])
      )
      let other = y.shape[contracted]
      let mending = correction([(a.notes, inner, other), (b.notes, other, inner)])
      return fail(
        .matmulSizes, "`@` pairs \(inner) with \(other)", at: range, notes: labels([a, b]),
        help: mending.help + [
          "the last dimension of the left side must equal the \(partner) of the right"
        ], fixes: mending.fixes)
    }
    let batches = contracted
    guard batches == 0 || x.shape.dims.prefix(batches) == y.shape.dims.prefix(batches),
      x.shape.rank > batches
    else {
      return fail(
        .matmulSizes, "`@` needs the same leading dimensions on both sides", at: range,
        notes: labels([
          shapeSide(left, axes: Array(0..<min(batches, x.shape.rank))),
          shapeSide(right, axes: Array(0..<batches)),
        ]))
    }
    let columns = y.shape.rank == 1 ? [] : [y.shape[y.shape.rank - 1]]
    let result = Shape(Array(x.shape.dims.dropLast()) + columns)
    guard isCountable(result, at: range) else { return .poison }
    return .tensor(tensor(b.dot(x.id, y.id)))
  }
}
