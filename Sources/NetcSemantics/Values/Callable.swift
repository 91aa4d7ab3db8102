import NetcCore

/// Something that can be applied, some of its settings perhaps given already.
struct Callable: Hashable, Sendable {
  /// What is applied.
  enum Target: Hashable, Sendable {
    /// A `fn`, `layer` or `rule`, by its place among the definitions.
    case definition(Int)
    /// A primitive, by its place among the builtins.
    case builtin(Int)
    /// A `layer NAME = chain`, by its place among the instances.
    case instance(Int)
  }

  /// A setting given where the callable was named.
  struct Setting: Hashable, Sendable {
    var name: String
    var value: Value
    /// Where it was given.
    var range: SourceRange
  }

  var target: Target
  /// The name it was called by, for names of parameters and diagnostics.
  var name: String
  /// The settings given, in the order they were written.
  var settings: [Setting] = []
}
