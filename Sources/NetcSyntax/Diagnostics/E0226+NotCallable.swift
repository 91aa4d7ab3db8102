import NetcCore

extension DiagnosticKind {
  /// A call of what is not a name.
  static let notCallable = DiagnosticKind(
    "E0226", "a call or a dot after a result",
    page: #"""
      Only a name can be called, and dots are part of a name. A result has no
      methods; functions are applied to it, or it is piped into them.

          let y = dense(64)(x)             // wrong
          let y = dense(x, 64)             // right

          let y = f(x).sum()               // wrong
          let y = f(x) |> sum              // right
      """#)
}

extension Diagnostic {
  /// A call or a dot after what is not a name.
  static func notCallable(
    isCall: Bool, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .notCallable, isCall ? "only a name can be called" : "a result has no parts with names",
      at: range,
      help: [
        isCall
          ? "pass everything at once: `dense(x, 64)`, or name a layer: `layer fc = dense(64)`"
          : "pipe it into a function: `f(x) |> g`"
      ])
  }
}
