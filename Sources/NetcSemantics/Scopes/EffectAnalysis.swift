import NetcSyntax

extension Lowering {
  /// What a definition's body may do, found from what it mentions; cycles count as nothing.
  mutating func effects(of place: Int) -> Effects {
    if let known = definitions[place].effects { return known }
    definitions[place].effects = []
    let record = definitions[place]
    let mentions = Mentions(record.syntax.body.statements)
    var effects: Effects = []
    let own = Set(record.parameters.map(\.name))
    if mentions.values.contains("step"), !own.contains("step") { effects.insert(.step) }
    if mentions.values.contains("training"), !own.contains("training") { effects.insert(.training) }
    for callee in mentions.callees.sorted() {
      if own.contains(callee) {
        effects.insert(.open)
      } else {
        effects.formUnion(self.effects(ofCallee: callee, module: record.module))
      }
    }
    definitions[place].effects = effects
    return effects
  }

  private mutating func effects(ofCallee name: String, module: Int) -> Effects {
    let kept = frame
    frame = Frame(.function, module: module)
    let callable = findCallable(name)
    frame = kept
    switch callable?.target {
    case .builtin(let place): return BuiltinCatalogue.builtins[place].effects
    case .definition(let place):
      return definitions[place].sort == .function ? effects(of: place) : .open
    case .instance: return .open
    case nil: return []
    }
  }
}
