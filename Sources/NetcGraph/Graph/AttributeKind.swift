/// What an attribute holds. An attribute name means the same kind in every operation.
package enum AttributeKind: String, Hashable, Sendable, CaseIterable {
  case bool, int, ints, dim, dims, number, numbers, text, element, body

  /// The kind of the attributes of that name; nil for a name that no operation has.
  package init?(attribute name: String) {
    switch name {
    case "axis", "batch_dims", "index", "carried", "sequences": self = .int
    case "axes", "permutation", "stride", "interior": self = .ints
    case "lhs_batch", "rhs_batch", "lhs_contracting", "rhs_contracting": self = .ints
    case "lhs_axes", "rhs_axes", "result_axes", "lhs_dilation", "rhs_dilation": self = .ints
    case "window", "dilation": self = .ints
    case "expression", "length": self = .dim
    case "shape", "start", "limit", "low", "high": self = .dims
    case "reverse", "apart", "exclusive", "descending": self = .bool
    case "value": self = .number
    case "values": self = .numbers
    case "name", "site", "direction", "settings": self = .text
    case "element": self = .element
    case "body", "adjoint": self = .body
    default: return nil
    }
  }
}

extension AttributeValue {
  /// What it holds.
  package var kind: AttributeKind {
    switch self {
    case .bool: .bool
    case .int: .int
    case .ints: .ints
    case .dim: .dim
    case .dims: .dims
    case .number: .number
    case .numbers: .numbers
    case .text: .text
    case .element: .element
    case .body: .body
    }
  }
}
