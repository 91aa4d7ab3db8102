/// A dimension: a whole number, or a polynomial with whole coefficients over named symbols.
///
/// Kept in a canonical form, so two dimensions are equal exactly when `==` holds. A whole division
/// that is not exact is an opaque atom, equal only to the same division. Overflow gives
/// `Dim.overflow`, which equals itself and spreads.
public struct Dim: Hashable, Sendable, CustomStringConvertible, ExpressibleByIntegerLiteral {
  /// One symbol, its exact part or an opaque division.
  indirect enum Atom: Hashable, Sendable {
    case symbol(String)
    /// One of so many equal parts of a symbol, which its size must have.
    case part(String, Int)
    case quotient(Dim, Dim)
    case remainder(Dim, Dim)
  }

  /// A product of atoms with a coefficient; `atoms` is sorted.
  struct Term: Hashable, Sendable {
    var coefficient: Int
    var atoms: [Atom]
  }

  enum Storage: Hashable, Sendable {
    case constant(Int)
    /// Sorted by degree (highest first), then by text; no zero coefficients, not just a constant.
    case polynomial([Term])
    case overflow
  }

  let storage: Storage

  init(storage: Storage) { self.storage = storage }

  /// A known size.
  public init(_ value: Int) { storage = .constant(value) }

  /// A known size.
  public init(integerLiteral value: Int) { storage = .constant(value) }

  /// A named symbol, such as `batch`.
  public init(symbol: String) {
    storage = .polynomial([Term(coefficient: 1, atoms: [.symbol(symbol)])])
  }

  /// The result of arithmetic that left the range of Int.
  public static let overflow = Dim(storage: .overflow)

  /// Whether arithmetic left the range of Int.
  public var isOverflow: Bool { if case .overflow = storage { true } else { false } }

  /// The number when no symbol is involved.
  public var constant: Int? {
    if case .constant(let value) = storage { value } else { nil }
  }

  /// The name when the dimension is just one symbol.
  public var symbol: String? {
    guard case .polynomial(let terms) = storage, terms.count == 1, terms[0].coefficient == 1,
      terms[0].atoms.count == 1, case .symbol(let name) = terms[0].atoms[0]
    else { return nil }
    return name
  }

  /// The names of the symbols involved, sorted.
  public var symbols: [String] {
    var names: Set<String> = []
    for term in terms { for atom in term.atoms { names.formUnion(atom.symbols) } }
    return names.sorted()
  }

  /// The terms; one without atoms for a constant, none for zero.
  var terms: [Term] {
    switch storage {
    case .constant(let value): value == 0 ? [] : [Term(coefficient: value, atoms: [])]
    case .polynomial(let terms): terms
    case .overflow: []
    }
  }
}

extension Dim.Atom {
  var symbols: [String] {
    switch self {
    case .symbol(let name), .part(let name, _): [name]
    case .quotient(let a, let b), .remainder(let a, let b): a.symbols + b.symbols
    }
  }
}
