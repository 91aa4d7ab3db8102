import NetcCore
import NetcSyntax

extension Lowering {
  /// `x[i, 1:3, ...]`: an element or slice of a list or a tensor.
  mutating func index(_ base: Expression, _ indices: [Index], at range: SourceRange) -> Value {
    let value = evaluate(base)
    setOrigin(range)
    switch value {
    case .poison: return .poison
    case .list(let values): return index(values, indices, at: range)
    case .tensor(let tensor): return slice(use(tensor), indices, at: range)
    default:
      return fail(
        .notIndexable, "\(value.description) has no elements to index", at: base.range)
    }
  }

  private mutating func index(_ values: [Value], _ indices: [Index], at range: SourceRange) -> Value
  {
    guard indices.count == 1 else {
      return fail(
        .indexCount, "a list has one axis", at: range,
        help: ["index the element again: `x[i][j]`"])
    }
    switch indices[0].kind {
    case .rest: return .list(values)
    case .at(let expression):
      guard let place = wholeNumber(evaluate(expression), at: expression.range) else {
        return .poison
      }
      let index = place < 0 ? place + values.count : place
      guard values.indices.contains(index) else {
        return fail(
          .indexOutside, "there is no element \(place) in a list of \(values.count)",
          at: expression.range)
      }
      return values[index]
    case .slice(let from, let to, let step):
      guard step == nil else {
        return fail(.notIndexable, "a list has no strides", at: range)
      }
      guard let first = try? bound(from, 0, values.count),
        let last = try? bound(to, values.count, values.count)
      else { return .poison }
      guard first >= 0, first <= last, last <= values.count else {
        return fail(
          .indexOutside, "the slice leaves a list of \(values.count)", at: indices[0].range)
      }
      return .list(Array(values[first..<last]))
    }
  }

  private struct Refused: Error {}

  private mutating func bound(
    _ expression: Expression?, _ fallback: Int, _ count: Int
  ) throws(Refused) -> Int {
    guard let expression else { return fallback }
    guard let place = wholeNumber(evaluate(expression), at: expression.range) else {
      throw Refused()
    }
    return place < 0 ? place + count : place
  }
}
