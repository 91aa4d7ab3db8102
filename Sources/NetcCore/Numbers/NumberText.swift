/// The shortest decimal text that reads back as exactly `value`, in the language's number syntax.
///
/// Whole numbers print without a fraction (`3`), infinities and NaN as the names `inf`, `-inf`,
/// `nan`.
public func numberText(_ value: Double) -> String {
  if value.isNaN { return "nan" }
  if value.isInfinite { return value < 0 ? "-inf" : "inf" }
  let text = value.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
