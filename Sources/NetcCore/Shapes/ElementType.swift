/// What a tensor in the graph holds.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
  /// A real number: 32 bits, or 64 with `--precision double`.
  case float
  /// A 32-bit signed integer; also holds classes.
  case int
  /// A truth value, one byte.
  case bool
}

/// How a program's `float` is stored and computed.
public enum Precision: String, Hashable, Sendable, CaseIterable {
  /// IEEE 754 binary32.
  case single
  /// IEEE 754 binary64.
  case double
}
