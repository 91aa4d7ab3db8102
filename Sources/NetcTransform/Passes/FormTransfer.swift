import NetcCore
import NetcGraph

/// A value of a new graph that stands for one of the source in a form of its own, such as with its
/// axes in another order.
struct HeldValue<Form> {
  var value: ValueID
  var form: Form
}

/// The values of a source that are held in forms of their own, and copies made on demand.
struct HeldValues<Form: Hashable> {
  private struct Key: Hashable {
    let value: ValueID
    let form: Form
  }

  fileprivate var held: [HeldValue<Form>?]
  private var made: [Key: ValueID] = [:]

  /// - Parameter count: how many values the source has.
  init(count: Int) { held = Array(repeating: nil, count: count) }

  fileprivate subscript(old: ValueID, form: Form) -> ValueID? {
    get { made[Key(value: old, form: form)] }
    set { made[Key(value: old, form: form)] = newValue }
  }
}

/// Copies a graph whose values may be held in other forms: the frame of passes that choose a form
/// at some operations and keep it through others.
protocol FormTransfer {
  associatedtype Form: Hashable

  var source: Graph { get }
  var transfer: GraphTransfer { get set }
  var forms: HeldValues<Form> { get set }

  /// The result of a node of one result in the form that its rule chooses; nil to copy the node.
  mutating func chosen(_ node: NodeID) -> HeldValue<Form>?
  /// Whether a form is every value's own.
  func isOwn(_ form: Form) -> Bool
  /// A value in a form it is not held in.
  mutating func fresh(_ old: ValueID, in form: Form) -> ValueID
  /// A held value in its own form.
  mutating func restored(_ held: HeldValue<Form>, as old: ValueID) -> ValueID
}

extension FormTransfer {
  var builder: GraphBuilder {
    _read { yield transfer.builder }
    _modify { yield &transfer.builder }
  }

  /// The new graph with its results in their own form.
  mutating func run() -> Graph {
    for node in source.nodeIDs { visit(node) }
    for result in source.results { settle(result.value) }
    return transfer.finish()
  }

  func operands(_ node: NodeID) -> [ValueID] { Array(source.operands(of: node)) }

  func shape(_ value: ValueID) -> Shape { source.type(of: value).shape }

  /// How a value is held; nil when it is in its own form.
  func held(_ value: ValueID) -> HeldValue<Form>? { forms.held[value.index] }

  /// A value in a form.
  mutating func value(_ old: ValueID, in form: Form) -> ValueID {
    if let own = held(old), own.form == form { return own.value }
    if let known = forms[old, form] { return known }
    let made = fresh(old, in: form)
    forms[old, form] = made
    return made
  }

  private mutating func visit(_ node: NodeID) {
    builder.origin = source.origin(of: node)
    if source[node].hasOneResult, let made = chosen(node) {
      hold(source.result(of: node), made)
      return
    }
    for operand in source.operands(of: node) { settle(operand) }
    transfer.copy(node)
  }

  private mutating func hold(_ old: ValueID, _ new: HeldValue<Form>) {
    if isOwn(new.form) {
      transfer.replace(old, by: new.value)
      return
    }
    forms.held[old.index] = new
    if let name = source.name(of: old), builder.graph.name(of: new.value) == nil {
      builder.graph.setName(name, of: new.value)
    }
  }

  /// Makes sure that a value is there in its own form.
  private mutating func settle(_ old: ValueID) {
    guard transfer.copy(of: old) == nil, let own = held(old) else { return }
    transfer.replace(old, by: restored(own, as: old))
  }
}
