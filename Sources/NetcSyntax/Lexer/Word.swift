/// A word that means something in one place and is an ordinary name elsewhere.
enum Word: String, Hashable, Sendable, CaseIterable {
  case input, param, state, update, loss, metric, output, optimizer, freeze, data, train
  case gradient, scan, yield
  case `in`, along, reversed, minimize, every, `as`, `class`

  /// The words that begin a statement.
  static let statements: [Word] = [
    .input, .param, .state, .update, .loss, .metric, .output, .optimizer, .freeze, .data, .train,
    .gradient, .scan, .yield,
  ]

  /// Whether it begins a statement.
  var beginsStatement: Bool {
    switch self {
    case .in, .along, .reversed, .minimize, .every, .as, .class: false
    default: true
    }
  }
}
