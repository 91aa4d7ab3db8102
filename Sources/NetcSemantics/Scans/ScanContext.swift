import NetcCore
import NetcGraph

/// The body of a loop under construction: what it reads from around it, and where it stands.
struct ScanContext: Sendable {
  /// A value of the body that stands for one around it.
  struct Slot: Sendable {
    /// What the loop may do with it.
    enum Role: Hashable, Sendable {
      /// A `var` of the frame, by name.
      case variable(String)
      /// A state, by its whole name.
      case state(String)
      /// Read, never changed.
      case captured
    }

    let role: Role
    /// Its value before the loop; nil for a tensor of the program that the body declares.
    let outer: TensorValue?
    /// The argument, or the leaf, in the body.
    let local: TensorValue
  }

  private struct Key: Hashable {
    let graph: Int
    let id: ValueID
  }

  /// The number of the body's graph.
  let number: Int
  /// The place along the sequences, a whole number in the body.
  let position: TensorValue
  let length: Dim
  /// The sum that counts turns of this loop and those around it, once a draw asked for it.
  var turn: TensorValue?
  private(set) var slots: [Slot] = []
  private var known: [Key: Int] = [:]

  init(number: Int, position: TensorValue, length: Dim) {
    self.number = number
    self.position = position
    self.length = length
  }

  /// Adds a value that stands for one around the loop.
  mutating func add(_ slot: Slot) {
    if slot.role == .captured, let outer = slot.outer {
      known[Key(graph: outer.graph, id: outer.id)] = slots.count
    }
    slots.append(slot)
  }

  /// What stands for a value of another graph, if it was read before.
  func captured(_ tensor: TensorValue) -> TensorValue? {
    known[Key(graph: tensor.graph, id: tensor.id)].map { place in
      TensorValue(
        id: slots[place].local.id, graph: number, kind: tensor.kind, shape: tensor.shape)
    }
  }
}

extension Lowering {
  /// Whether the graph under construction is a loop's body.
  var isInScan: Bool { scans.last?.number == graph }

  /// A new argument of the loop's body; its final place is given when the body is whole.
  mutating func scanArgument(_ kind: Kind, _ shape: Shape) -> TensorValue {
    scanArguments += 1
    return tensor(b.argument(scanArguments, TensorType(kind.element, shape)), kind)
  }

  /// A value from around the loop as one of its body.
  mutating func capture(_ tensor: TensorValue) -> TensorValue {
    if let known = scans.last?.captured(tensor) { return known }
    let local = scanArgument(tensor.kind, tensor.shape)
    argumentSources[graph, default: [:]][local.id] = ArgumentSource(value: tensor)
    scans[scans.count - 1].add(ScanContext.Slot(role: .captured, outer: tensor, local: local))
    return local
  }

  /// Which turn this is, counting those of the loops around: the first element's place of a draw
  /// is this times the number of its elements.
  mutating func scanTurn(_ place: Int) -> TensorValue {
    let isInnermost = place == scans.count - 1
    if isInnermost, let known = scans[place].turn { return known }
    var turn = use(scans[place].position)
    if place > 0, let index = scans[..<place].indices.last {
      let outer = scanTurn(index)
      let length = b.dimension(scans[place].length)
      turn = tensor(b.add(b.multiply(outer.id, length), turn.id))
    }
    if isInnermost { scans[place].turn = turn }
    return turn
  }
}
