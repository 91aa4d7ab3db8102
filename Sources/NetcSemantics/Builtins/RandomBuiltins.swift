import NetcCore
import NetcGraph

/// Random numbers, each draw named by where it stands.
enum RandomBuiltins {
  static let all: [Builtin] = [
    Builtin("random_uniform", ["shape*", "key?", "offset?"], effects: .random) { lowering, call in
      lowering.randomUniform(call)
    }
  ]
}

extension Lowering {
  fileprivate mutating func randomUniform(_ call: BuiltinCall) -> Value {
    guard let shape = shape(call[0]) else { return .poison }
    guard let site = site(call) else { return .poison }
    guard let offset = offset(call, shape) else { return .poison }
    return emit(
      .randomUniform, offset, ["shape": .dims(shape.dims), "site": .text(site)], at: call.range
    ).map { .tensor($0) } ?? .poison
  }

  /// The place of the first element: as given, else in a loop that of the turn; nil after a mistake
  /// was reported.
  private mutating func offset(_ call: BuiltinCall, _ shape: Shape) -> [TensorValue]? {
    if let side = call.optional(2) {
      guard let given = tensorValue(side.value, at: side.range) else { return nil }
      return [given.kind == .int ? given : convert(given, to: .int)]
    }
    guard isInScan, let innermost = scans.indices.last else { return [] }
    let turn = scanTurn(innermost)
    return [tensor(b.multiply(turn.id, b.dimension(shape.count)))]
  }

  /// The canonical name of a draw: instance path, callee and ordinal, or the key given, and the
  /// application.
  private mutating func site(_ call: BuiltinCall) -> String? {
    if graph == initial.number { return initial.nextSite() }
    var name: String
    if let side = call.optional(1) {
      guard case .string(let key) = side.value else {
        fail(.keyNotText, "a key is a text, found \(side.value.description)", at: side.range)
        return nil
      }
      if key.hasPrefix("/") { return String(key.dropFirst()) }
      name = frame.path + key
      noteKey(name, at: side.range)
    } else {
      name = names.name(call.name, at: call.range, in: &frame)
    }
    if frame.application > 1 { name += "#\(frame.application)" }
    return isTraining || name.hasPrefix("eval:") ? name : "eval:" + name
  }

  private mutating func noteKey(_ name: String, at range: SourceRange) {
    guard isTraining else { return }
    if let other = explicitKeys[name], other != range {
      fail(
        .keyTwice, "the key \"\(name)\" is used twice: both draw the same numbers", at: range,
        notes: [Diagnostic.Label(other, "first used here")], help: ["give each draw its own key"])
    }
    explicitKeys[name] = range
  }
}
