import NetcCore
import NetcGraph
import NetcSyntax

/// The state of turning a program into graphs: what is declared, what is being lowered, what came
/// of it.
///
/// The program is lowered twice, for training and for evaluation; what is named and declared in the
/// first holds in the second. Extensions beside this file hold one idea each.
struct Lowering {
  /// A call under way, for cycles and for blaming the user's text instead of the library's.
  struct Call {
    var range: SourceRange
    var definition: Int
  }

  var sources: SourceMap
  var report = Report()
  let options: AnalysisOptions
  /// What could not be read of the program and what it imports.
  var doubt = Doubt()
  /// What the program declares beside its graphs.
  var model = Model()

  // Declarations.
  var modules: [Module] = []
  var definitions: [DefinitionRecord] = []
  var constants: [ConstantRecord] = []
  var library = LibraryIndex()
  var imports = ImportedFiles()

  // The lowering under way.
  /// Whether the training graph is lowered; the value of `training`.
  var isTraining = true
  var b = GraphBuilder()
  /// The number of the graph `b` builds: values of other graphs are recognised by theirs.
  var graph = 0
  var graphCount = 1
  /// The number of the graph of the whole program, beside which those of bodies and first values
  /// are.
  var programGraph = 0
  /// The graphs under construction around that of `b`, outermost first.
  private(set) var outerGraphs: [(number: Int, builder: GraphBuilder)] = []
  /// What the arguments of bodies under construction stand for, by graph.
  var argumentSources: [Int: [ValueID: ArgumentSource]] = [:]
  /// What decided the sizes of inputs and states, by whole name.
  var declaredSizes: [String: [[SizeSource]]] = [:]
  /// The inputs' types as written.
  var inputTypes: [String: TypeExpression] = [:]
  var frame = Frame(.top, module: 0)
  var calls: [Call] = []
  /// The loops whose bodies are under construction, outermost first.
  var scans: [ScanContext] = []
  /// How many arguments of loops' bodies were made.
  var scanArguments = 0
  var instances: [InstanceRecord] = []
  /// The instances of the top level that have been made, by name.
  var topInstances: [String: Callable] = [:]
  /// The instances declared in layers and blocks, by whole path.
  var madeInstances: [String: Callable] = [:]
  /// The parameters of the program.
  var parameters = ParameterTable()
  /// The states of the training graph, by name.
  var declaredStates: Set<String> = []
  /// The calls blamed for parameters that training lacks.
  var evaluationOnly: Set<SourceRange> = []
  /// The names of the states in the order they were declared.
  var stateOrder: [String] = []
  /// The inputs that data ask to be standardised.
  var standardized: Set<String> = []
  /// Those fed by stored arrays, which it covers when their rows have axes.
  var standardizedArrays: Set<String> = []
  /// The states of the graph at this moment, by whole name.
  var stateValues: [String: StateValue] = [:]
  /// The losses of the graph so far.
  var losses: [LossRecord] = []
  /// The next values asked for by `update`.
  var updates: [UpdateRecord] = []
  /// The layer states that `freeze` leaves alone.
  var frozenStates: Set<String> = []
  /// What metrics need while they are lowered.
  var metric: MetricContext?
  /// What rules need while they are lowered.
  var rule: RuleContext?
  /// The optimizer under way acts at the last of so many steps.
  var period = 1
  /// The keys given to draws, by site.
  var explicitKeys: [String: SourceRange] = [:]
  /// Statements kept until the graph is whole: optimizers and freezes.
  var deferred: [Statement] = []

  // What both lowerings share.
  var names = SiteNames()
  var initial = InitialGraph()
  var bodies: [BodyKey: LoweredBody] = [:]
  /// The operations of each body and of the calls in it, written out.
  var bodySizes: [BodyKey: Int] = [:]
  var work = WorkBudget()
  /// The bare words that the argument under evaluation may be.
  var wordsHere: [String] = []
  /// Sizes of argument types waiting for all arguments of the call.
  var postponedSizes: [PostponedSize] = []

  init(sources: SourceMap, options: AnalysisOptions) {
    self.sources = sources
    self.options = options
  }
}

/// A state's value at one moment of a step.
struct StateValue: Sendable {
  var value: TensorValue
  var isAssigned = false
  var range: SourceRange
}

/// A declared loss.
struct LossRecord: Sendable {
  var name: String
  var value: Value
  var range: SourceRange
}

/// An `update`.
struct UpdateRecord: Sendable {
  var name: String
  var value: TensorValue
  var range: SourceRange
}

extension Lowering {
  /// Runs `body` in another frame, then returns to this one.
  mutating func inFrame<Result>(
    _ other: consuming Frame, _ body: (inout Lowering) -> Result
  ) -> (result: Result, frame: Frame) {
    var kept = consume other
    swap(&frame, &kept)
    let result = body(&self)
    swap(&frame, &kept)
    return (result, kept)
  }

  /// Runs `body` with a graph of its own, then returns to this one.
  mutating func inGraph<Result>(
    _ other: consuming GraphBuilder, number: Int, _ body: (inout Lowering) -> Result
  ) -> (result: Result, builder: GraphBuilder) {
    outerGraphs.append((graph, b))
    b = other
    graph = number
    let result = body(&self)
    let made = b
    let around = outerGraphs.removeLast()
    b = around.builder
    graph = around.number
    argumentSources[number] = nil
    return (result, made)
  }

  /// A number no graph has had.
  mutating func newGraphNumber() -> Int {
    graphCount += 1
    return graphCount - 1
  }

  /// A value of the graph under construction as a tensor of the language.
  // Mutating, so that the node in the argument is added before `b` is read.
  mutating func tensor(_ id: ValueID, _ kind: Kind? = nil) -> TensorValue {
    let type = b.type(of: id)
    return TensorValue(id: id, graph: graph, kind: kind ?? Kind(type.element), shape: type.shape)
  }

  /// Whether the text at `range` is the user's and not the library's.
  func isUserText(_ range: SourceRange) -> Bool { !library.contains(range.file) }

  /// Has the nodes that follow come from `range` when that is the user's text.
  mutating func setOrigin(_ range: SourceRange) {
    if isUserText(range) { b.origin = Origin(range: range) }
  }
}
