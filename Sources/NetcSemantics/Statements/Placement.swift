import NetcSyntax

extension Lowering {
  /// Whether a statement may stand in the body being lowered; the parser has reported it otherwise.
  func isAllowed(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .let, .var, .rebind, .if, .for, .scan: true
    case .yield: false
    case .return: frame.body != .top
    case .parameter, .instance: frame.body == .top || frame.body == .layer
    case .state: frame.body != .function && frame.body != .gradient
    case .input, .loss, .metric, .output, .optimizer, .update, .freeze: frame.body == .top
    case .const, .import, .function, .layer, .rule, .gradient, .data, .train:
      frame.body == .top && frame.blockCount == 0
    }
  }
}
