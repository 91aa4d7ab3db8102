public import NetcCore

/// Settings of a compilation from outside the program.
public struct CompilerOptions: Hashable, Sendable {
  /// A `const` of the file given another value.
  public struct Setting: Hashable, Sendable {
    /// The constant's name.
    public let name: String
    /// A constant expression of the language.
    public let expression: String

    /// `name = expression`
    public init(name: String, expression: String) {
      self.name = name
      self.expression = expression
    }
  }

  /// Constants overridden, in order.
  public var settings: [Setting] = []
  /// How `float` is stored and computed.
  public var precision: Precision = .single
  /// Whether imported files may lie outside the folder of the main file.
  public var allowsOutsideImports = false
  /// Checks the graph after each pass; slower, for finding bugs of netc.
  public var verifies = false

  /// The defaults.
  public init() {}
}
