import NetcCore
import NetcSyntax

/// A `fn`, `layer` or `rule` with what is known of it before it is applied.
struct DefinitionRecord: Sendable {
  enum Sort: String, Hashable, Sendable {
    case function = "fn"
    case layer
    case rule
  }

  var sort: Sort
  var syntax: Definition
  /// The file it belongs to.
  var module: Int
  /// What its parameters take.
  var parameters: [ParameterShape]
  /// The words its signature lists.
  var words: Set<String>
  /// The hand-written derivative.
  var gradient: GradientRecord?
  /// What its body may do besides computing; nil until asked for.
  var effects: Effects?
  /// Names that a `grad` in the body differentiates in.
  var differentiated: Set<String>

  var name: String { syntax.name.text }
}

/// A `gradient NAME(…) { … }`.
struct GradientRecord: Sendable {
  var name: Name
  var parameters: [Name]
  var body: Block
  var differentiated: Set<String>
}

/// What a parameter of a callable takes, as far as binding arguments needs it.
struct ParameterShape: Sendable {
  var name: String
  /// Whether it stays open in an instance: its type has brackets or is `dims`.
  var isOpen: Bool
  var hasDefault: Bool
  /// Whether it takes a list of sizes or all leading sizes.
  var isDims: Bool
  /// The alternatives of its type; empty for a primitive's.
  var types: [TypeExpression]
  /// The bare words a primitive takes here.
  var words: [String] = []

  init(
    _ name: String, isOpen: Bool, hasDefault: Bool = false, isDims: Bool = false,
    types: [TypeExpression] = []
  ) {
    self.name = name
    self.isOpen = isOpen
    self.hasDefault = hasDefault
    self.isDims = isDims
    self.types = types
  }

  /// What a parameter of a signature takes.
  init(_ parameter: Parameter) {
    let isDims = parameter.types.count == 1 && parameter.types[0].isWord("dims")
    self.init(
      parameter.name.text, isOpen: isDims || parameter.types.contains { $0.dimensions != nil },
      hasDefault: parameter.defaultValue != nil, isDims: isDims, types: parameter.types)
  }
}

extension TypeExpression {
  /// Whether it is this bare name, without brackets.
  func isWord(_ text: String) -> Bool { word == text }

  /// The bare name it is, without brackets.
  var word: String? {
    if case .named(let name) = element, dimensions == nil { name.text } else { nil }
  }

  /// The word it adds to the language of the body: a bare name that is no type.
  var listedWord: String? {
    guard let word, !["float", "int", "bool", "string", "dims"].contains(word) else { return nil }
    return word
  }
}
