/// Bounds that keep a hostile file from exhausting the stack or the reader.
package enum ParserLimits {
  /// How many brackets, blocks and prefix operators may be open at once.
  package static let nesting = 256
  /// How many nodes deep an expression's tree may get, as a sum or pipeline of that many parts is.
  package static let height = 256
  /// How many errors are reported in one file before reading stops.
  package static let errors = 100
  /// How many tokens are looked through for the bracket that closes one with an error inside.
  static let closerSearch = 1000
}
