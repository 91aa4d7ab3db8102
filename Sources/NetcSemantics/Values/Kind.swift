import NetcCore

/// What a tensor of the language holds: the graph's element types and classes.
enum Kind: Hashable, Sendable {
  case float
  case int
  case bool
  case classes(Classes)

  /// What the graph stores; classes are integers.
  var element: ElementType {
    switch self {
    case .float: .float
    case .int, .classes: .int
    case .bool: .bool
    }
  }

  /// The kind as the language writes it.
  var text: String {
    switch self {
    case .float: "float"
    case .int: "int"
    case .bool: "bool"
    case .classes(let classes): classes.text
    }
  }

  /// The kind of a graph's element type.
  init(_ element: ElementType) {
    switch element {
    case .float: self = .float
    case .int: self = .int
    case .bool: self = .bool
    }
  }
}

/// What `class(K)` says: how many labels, which one is missing data, what they are called.
struct Classes: Hashable, Sendable {
  var count: Dim
  var ignore: Int?
  var names: [String]?

  /// `class(10)`, `class(10, ignore: 255)`.
  var text: String {
    let ignored = ignore.map { ", ignore: \($0)" } ?? ""
    return "class(\(count)\(ignored))"
  }
}
