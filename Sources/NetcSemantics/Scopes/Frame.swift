import NetcCore

/// A name in a body with what it stands for.
struct Binding: Sendable {
  /// How a name came about, which decides whether it may be rebound or hidden.
  enum Role: Hashable, Sendable {
    case `let`
    case `var`
    case argument
    case setting
    case loop
    case input
    case parameter
    /// A state by its whole name; its value is that of the state at this moment.
    case state(String)

    /// The word it is declared with.
    var word: String {
      switch self {
      case .let: "let"
      case .var: "var"
      case .argument: "argument"
      case .setting: "setting"
      case .loop: "loop variable"
      case .input: "input"
      case .parameter: "param"
      case .state: "state"
      }
    }
  }

  var role: Role
  var value: Value
  /// Where it is declared.
  var range: SourceRange
  /// For a setting, where its value was given.
  var given: SourceRange?
}

/// What the statements of one body see and leave: names, dimensions, the path of its parameters.
struct Frame: Sendable {
  /// What kind of body is being lowered.
  enum Body: Hashable, Sendable {
    case top
    case constant
    case layer
    case function
    case rule
    case gradient
  }

  /// A size with what decided it, if that is known.
  struct Size: Sendable {
    var dim: Dim
    var source: SizeSource?
  }

  /// What `...` or `...name` stands for and the argument that said so first.
  struct Rest: Sendable {
    var dims: [Dim]
    var parameter: String
    var given: Operand
    /// The argument's first axis that it stands for.
    var start: Int
  }

  var body: Body
  /// Which file's declarations are visible.
  var module: Int
  /// The definition whose body it is.
  var definition: Int?
  /// Sizes bound by name: their own name space.
  var sizes = NameTable<Size>()
  /// What `...` and `...name` stand for; `...` under the empty name.
  var rests = NameTable<Rest>()
  /// Words of the signature's types, constants of the body.
  var words: Set<String> = []
  /// The instance path with a dot at its end; empty at the top.
  var path = ""
  /// How often each callee was instantiated, by name.
  private var ordinals = NameTable<Int>()
  /// The turns of the enclosing loops, from 1.
  var turns: [Int] = []
  /// The chain whose links run in this frame: its calls are named by it, not by their own place,
  /// which differs at each application.
  var chain: SourceRange?
  /// How many times the enclosing shared instance was applied, from 1.
  var application = 1
  /// What `return` gave; nil while the body runs.
  var returned: [Value]?
  /// Names that a `grad` of this body differentiates in.
  var differentiated: Set<String> = []
  /// Whether names of sizes come before those of values, as inside a type's brackets.
  var isInType = false

  private var bindings = NameTable<Binding>()
  private(set) var callables = NameTable<Callable>()
  /// How many names and callables there were when each open block began.
  private var blocks: [(names: Int, callables: Int)] = []

  init(_ body: Body, module: Int, definition: Int? = nil) {
    self.body = body
    self.module = module
    self.definition = definition
  }

  /// Counts an instance of a callee, from 1.
  mutating func nextOrdinal(of callee: String) -> Int {
    guard let known = ordinals[callee] else {
      ordinals.declare(callee, 1)
      return 1
    }
    ordinals.update(callee) { $0 = known + 1 }
    return known + 1
  }

  /// The binding of a name.
  func binding(_ name: String) -> Binding? { bindings[name] }

  /// Declares a name until the innermost open block ends.
  mutating func declare(_ name: String, _ binding: Binding) {
    bindings.declare(name, binding)
  }

  /// Declares an instance or a function-valued setting until the innermost open block ends.
  mutating func declare(_ name: String, callable: Callable) {
    callables.declare(name, callable)
  }

  /// Gives a declared name another value.
  mutating func rebind(_ name: String, _ value: Value) {
    bindings.update(name) { $0.value = value }
  }

  /// How many blocks are open within the body.
  var blockCount: Int { blocks.count }

  /// Opens a block.
  mutating func open() { blocks.append((bindings.count, callables.count)) }

  /// Ends the innermost block: what it declared is forgotten.
  mutating func close() {
    let block = blocks.removeLast()
    bindings.shrink(to: block.names)
    callables.shrink(to: block.callables)
  }

  /// The names of values, sorted, for suggestions.
  var candidates: [String] { Set(bindings.names + sizes.names + words).sorted() }
}
