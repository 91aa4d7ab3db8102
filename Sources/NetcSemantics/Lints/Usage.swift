import NetcCore
import NetcSyntax

/// What the statements of a file or body declare, and what of it a result depends on.
struct Usage: Sendable {
  /// Something declared.
  struct Declared: Sendable {
    enum Sort: Sendable {
      /// A `let` or `var`; the statement where taking it away is all there is to do.
      case value(SourceRange?)
      case input
      /// A constant, definition or instance, by its word.
      case definition(String)
    }

    let name: String
    let range: SourceRange
    let sort: Sort
    /// Whether something unused mentions it.
    var isMentioned = false
  }

  private var declared: [Declared] = []
  /// What the value of a name mentions.
  private var needs: [String: Set<String>] = [:]
  /// What results mention.
  private var roots: Set<String> = []
  private var states: Set<String> = []
  private var alive: Set<String> = []
  private var rebound: Set<String> = []

  /// The usage of the statements.
  /// - Complexity: O(text).
  init(_ statements: [Statement]) {
    rebound = Set(Mentions(statements).rebound)
    for statement in statements { visit(statement) }
    var waiting = Array(roots)
    while let name = waiting.popLast() {
      guard alive.insert(name).inserted else { continue }
      waiting += needs[name] ?? []
    }
  }

  /// Whether a result depends on a name.
  func isAlive(_ name: String) -> Bool { alive.contains(name) }

  /// Whether the statements declare a name.
  func declares(_ name: String) -> Bool { needs[name] != nil }

  /// What no result depends on, in the order of the text, each name once.
  var unused: [Declared] {
    let mentioned = needs.values.reduce(into: Set<String>()) { $0.formUnion($1) }
    var seen: Set<String> = []
    return declared.compactMap { one in
      guard !alive.contains(one.name), seen.insert(one.name).inserted else { return nil }
      var one = one
      one.isMentioned = mentioned.contains(one.name)
      return one
    }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .const(let constants):
      for constant in constants {
        add(constant.name.text, constant.name.range, .definition("constant"))
        need(constant.name.text, Mentions(constant.value))
      }
    case .let(let binding): bind(binding, removable: statement.range)
    case .var(let binding): bind(binding, removable: nil)
    case .rebind(let paths, let value):
      let mentions = Mentions(value)
      for path in paths {
        if states.contains(path.text) { roots.formUnion(names(mentions)) }
        need(path.text, mentions)
      }
      inner(value)
    case .state(let path, _, _):
      states.insert(path.text)
      roots.formUnion(names(Mentions([statement])))
    case .input(let name, _):
      add(name.text, name.range, .input)
      roots.formUnion(names(Mentions([statement])))
    case .instance(let name, _):
      add(name.text, name.range, .definition("layer"))
      need(name.text, Mentions([statement]))
    case .function(let definition), .layer(let definition), .rule(let definition):
      add(definition.name.text, definition.name.range, .definition("definition"))
      need(definition.name.text, Mentions([statement]))
    case .gradient(let name, _, _): need(name.text, Mentions([statement]))
    case .if(let ladder):
      for branch in ladder.branches {
        roots.formUnion(names(Mentions(branch.condition)))
        for statement in branch.body.statements { visit(statement) }
      }
      for statement in ladder.otherwise?.statements ?? [] { visit(statement) }
    case .for(_, let sequence, let body):
      roots.formUnion(names(Mentions(sequence)))
      for statement in body.statements { visit(statement) }
    case .scan(let scan): visit(scan)
    case .update(let path, let value):
      roots.insert(path.text)
      roots.formUnion(names(Mentions(value)))
      inner(value)
    default:
      roots.formUnion(names(Mentions([statement])))
      for value in statement.values { inner(value) }
    }
  }

  private mutating func bind(_ binding: NetcSyntax.Binding, removable: SourceRange?) {
    let mentions = Mentions(binding.value)
    for name in binding.names {
      let isRemovable = binding.names.count == 1 && !rebound.contains(name.text)
      add(name.text, name.range, .value(isRemovable ? removable : nil))
      need(name.text, mentions)
    }
    inner(binding.value)
  }

  /// What a loop that is a value declares inside; what it yields counts as used.
  private mutating func inner(_ value: Expression) {
    if case .scan(let scan) = value.kind { visit(scan) }
  }

  private mutating func visit(_ scan: Scan) {
    for sequence in scan.sequences { roots.formUnion(names(Mentions(sequence.source))) }
    for statement in scan.body.statements { visit(statement) }
  }

  private mutating func add(_ name: String, _ range: SourceRange, _ sort: Declared.Sort) {
    declared.append(Declared(name: name, range: range, sort: sort))
  }

  private mutating func need(_ name: String, _ mentions: Mentions) {
    needs[name, default: []].formUnion(names(mentions))
  }

  /// What is mentioned, paths also by their first names.
  private func names(_ mentions: Mentions) -> Set<String> {
    let paths = mentions.values.union(mentions.callees)
    return paths.union(paths.map { String($0.prefix { $0 != "." }) })
  }
}

extension Statement {
  /// The expressions of a result.
  fileprivate var values: [Expression] {
    switch kind {
    case .loss(_, let value), .metric(_, let value), .output(_, let value): [value]
    case .return(let values), .yield(let values): values
    default: []
    }
  }
}
