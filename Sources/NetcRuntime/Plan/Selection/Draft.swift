import NetcCore
import NetcGraph

/// A plan under construction: buffers without addresses, steps without an order.
struct Draft {
  var buffers: [DraftBuffer] = []
  var steps: [DraftStep] = []
  var constants: [UInt64] = []
  var scalars = ScalarProgram()
  var inputs: [DraftInput] = []
  var figures: [PlanFigure] = []
  var outputs: [DraftOutput] = []
  /// The values computed for parameters and states.
  var updates: [DraftUpdate] = []

  /// Adds a buffer.
  mutating func add(_ buffer: DraftBuffer) -> Int {
    buffers.append(buffer)
    return buffers.count - 1
  }
}

/// A dense block of numbers.
struct DraftBuffer {
  enum Place: Hashable {
    /// Among the temporaries.
    case temporary
    /// A tensor of the persistent segment, by its entry; the memory of its old value.
    case persistent(Int)
    /// New memory for the same tensor, written in place of the old value by this step.
    case updated(Int)
    /// From a byte of the plan's constants.
    case constant(Int)
  }

  var place: Place
  let element: ElementType
  let count: Int
  let bytes: Int
  /// The shape with symbols, for formulas.
  let shape: Shape
  /// The value it holds first, for names.
  let value: ValueID?
  /// Whether it lives from before the first instruction.
  var isInput = false
  /// Whether it lives after the last instruction.
  var isOutput = false
}

/// An instruction's operand: a buffer from one of its elements on.
struct DraftOperand: Hashable {
  var buffer: Int
  var start = 0
}

/// One instruction before scheduling.
struct DraftStep {
  enum Kind {
    case compute
    /// Reads rows of data.
    case feed
    /// Writes need it done first.
    case check
    /// Adds to the accumulators, after the checks.
    case accumulate
    /// Comes last.
    case next
  }

  var kind = Kind.compute
  let name: String
  let code: InstructionCode
  /// Outputs, then inputs.
  var operands: [DraftOperand]
  let outputs: Int
  /// For each output, the operands (counted from 0) whose memory it may take over.
  var sharing: [[Int]]
  let node: NodeID?
}

/// A tensor read from outside.
struct DraftInput {
  let name: String
  let element: ElementType
  let shape: [Int]
  let column: Int?
  let buffer: Int
}

/// A result kept for reading.
struct DraftOutput {
  let result: GraphResult
  let element: ElementType
  let shape: [Int]
  let location: Location
}

/// The new value of a persistent tensor.
struct DraftUpdate {
  let entry: Int
  /// The buffer that holds it, dense, and its first element there.
  let buffer: Int
  let start: Int
  let count: Int
  let node: NodeID?
}
