/// A number as written and as meant.
package struct NumberLiteral: Hashable, Sendable {
  /// What the text stands for.
  package enum Value: Hashable, Sendable {
    /// Digits only: no fraction and no exponent.
    case whole(Int64)
    /// With a fraction or an exponent; always finite.
    case real(Double)
  }

  /// The text as written, as `10_000` or `1e-3`.
  package let text: String
  /// What it stands for.
  package let value: Value

  /// A number.
  package init(text: String, value: Value) {
    self.text = text
    self.value = value
  }

  /// The value as a double; rounded when whole and beyond 2⁵³.
  package var double: Double {
    switch value {
    case .whole(let value): Double(value)
    case .real(let value): value
    }
  }
}
