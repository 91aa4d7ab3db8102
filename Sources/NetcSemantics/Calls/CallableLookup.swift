import NetcCore
import NetcSyntax

extension Lowering {
  /// What a name before a parenthesis or after `|>` stands for; nil after a mistake was reported.
  mutating func callable(_ path: Path) -> Callable? {
    if isDoubtful(path.first.text) { return nil }
    if let found = findCallable(path.text) { return found }
    let text = path.text
    if let binding = frame.binding(text) {
      fail(
        .notCallable, "`\(text)` is a value and cannot be applied", at: path.range,
        notes: [Diagnostic.Label(binding.range, "declared here")])
      return nil
    }
    let meant = Meant(text, at: path.range, among: callableNames, foreign: .callables)
    fail(
      .unknownCallable, "there is no function or layer `\(text)`", at: path.range,
      help: meant.help, fixes: meant.fixes)
    return nil
  }

  /// What a name stands for among callables, if anything; reports nothing.
  mutating func findCallable(_ text: String) -> Callable? {
    if let local = frame.callables[text] { return local }
    if let entry = modules[frame.module].callables[text] { return callable(entry, text) }
    var name = text
    if text.hasPrefix("std.") { name = String(text.dropFirst(4)) }
    if let place = BuiltinCatalogue.place(of: name) {
      return Callable(target: .builtin(place), name: name)
    }
    guard let definition = libraryDefinition(name) else { return nil }
    return Callable(target: .definition(definition), name: name)
  }

  private mutating func callable(_ entry: Module.Entry, _ text: String) -> Callable? {
    switch entry {
    case .definition(let place): return Callable(target: .definition(place), name: text)
    case .instance(let name, let chain):
      if let made = topInstances[text] { return made }
      var top = Frame(.top, module: frame.module)
      top.path = ""
      let made = inFrame(top) { $0.makeInstance(name, chain, path: text) }.result
      topInstances[text] = made
      return made
    }
  }

  /// Every name that can be applied here, sorted, for suggestions.
  private var callableNames: [String] {
    (frame.callables.names + Array(modules[frame.module].callables.keys)
      + LibraryIndex.names + BuiltinCatalogue.names).sorted()
  }
}
