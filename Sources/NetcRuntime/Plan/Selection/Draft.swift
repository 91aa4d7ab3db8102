import CNetc
import NetcCore
import NetcGraph

/// A plan under construction: buffers without addresses, steps without an order.
struct Draft: Sendable {
  var buffers: [DraftBuffer] = []
  var steps: [DraftStep] = []
  var constants: [UInt64] = []
  var scalars = ScalarProgram()
  var inputs: [DraftInput] = []
  var figures: [PlanFigure] = []
  var outputs: [DraftOutput] = []
  /// The steps that run when parameters have changed, in order.
  var preparation: [DraftStep] = []
  /// Bytes of what those make.
  var keptBytes = 0
  /// The values computed for parameters and states.
  var updates: [DraftUpdate] = []
  /// The next address register that no loop around uses.
  var loopRegister = Draft.firstLoopRegister

  /// How many loops are around.
  var loopDepth = 0
  static let deepestLoop = 32

  /// The address registers of loops: from the first up to, not including, the limit.
  static let firstLoopRegister = 16
  static let registerLimit = Int(NETC_REGISTERS)

  /// Adds a buffer.
  mutating func add(_ buffer: DraftBuffer) -> Int {
    buffers.append(buffer)
    return buffers.count - 1
  }

  /// The memory a buffer is a part of: itself but for the windows of loops.
  func root(of buffer: Int) -> Int {
    var root = buffer
    while case .window(let base, _) = buffers[root].place { root = base }
    return root
  }

  /// The buffer whose memory a buffer lies in: itself but for parts of others.
  func whole(of buffer: Int) -> Int {
    if case .part(let whole, _) = buffers[buffer].place { whole } else { buffer }
  }
}

/// A dense block of numbers.
struct DraftBuffer: Sendable {
  enum Place: Hashable {
    /// Among the temporaries.
    case temporary
    /// A tensor of the persistent segment, by its entry; the memory of its old value.
    case persistent(Int)
    /// New memory for the same tensor, written in place of the old value by this step.
    case updated(Int)
    /// From a byte of the plan's constants.
    case constant(Int)
    /// From a byte of what is kept as long as parameters do not change.
    case kept(Int)
    /// A part of another buffer that moves from turn to turn, where a register points.
    case window(base: Int, register: Int)
    /// A part of another buffer, from one of its bytes on.
    case part(of: Int, byte: Int)
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
struct DraftOperand: Hashable, Sendable {
  var buffer: Int
  var start = 0
}

/// What a step's code was made of, for later choices.
indirect enum DraftInstruction: Hashable, Sendable {
  case product(GemmInstruction)
  case program(MapInstruction)
  case adam(AdamInstruction)

  /// - Returns: nil for other instructions.
  init?(_ instruction: some Instruction) {
    if let product = instruction as? GemmInstruction {
      self = .product(product)
    } else if let program = instruction as? MapInstruction {
      self = .program(program)
    } else {
      return nil
    }
  }
}

/// One instruction before scheduling.
struct DraftStep: Sendable {
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
    /// Repeats the steps of `loop`; in execution order, begins them.
    case loop
    /// Ends a turn of a loop.
    case endLoop
  }

  var kind = Kind.compute
  let name: String
  var code: InstructionCode
  var instruction: DraftInstruction?
  /// Outputs, then inputs.
  var operands: [DraftOperand]
  let outputs: Int
  /// For each output, the operands (counted from 0) whose memory it may take over; none for those
  /// that are not listed.
  var sharing: [[Int]] = []
  let node: NodeID?
  /// Whether it adds to the old numbers of the persistent tensor that it writes.
  var accumulates = false
  /// The operands of steps that were merged into it.
  var merged: [[DraftOperand]] = []
  /// What a loop repeats; its operands are the buffers around it that it touches.
  var loop: DraftLoop?

  /// The operands whose memory an output may take over.
  func shared(by output: Int) -> [Int] { output < sharing.count ? sharing[output] : [] }

  /// The operands that it writes.
  var written: ArraySlice<DraftOperand> { operands[..<outputs] }
  /// The operands that it only reads.
  var read: ArraySlice<DraftOperand> { operands[outputs...] }
}

/// A loop before scheduling.
struct DraftLoop {
  /// A part of a buffer that moves from turn to turn.
  struct Window {
    let register: Int
    /// The buffer, or the window of a loop around.
    let base: Int
    /// The first byte within it at the first turn.
    let start: Int
    /// By how many bytes it moves.
    let stride: Int
  }

  /// How many turns there are, at least one.
  let count: Int
  let windows: [Window]
  /// The buffers that nothing writes before the loop.
  let fresh: [Int]
  /// The steps of a turn, in order.
  let steps: [DraftStep]
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
