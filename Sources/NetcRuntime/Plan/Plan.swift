package import CNetc
package import NetcCore
package import NetcGraph

/// One step of a graph as a flat list of instructions with addresses: a value, without pointers.
///
/// Address registers: 0 is the persistent segment, 1 the temporaries, 2 the plan's constants,
/// 3 what it keeps of parameters.
package struct Plan: Sendable {
  /// The instructions; the last is END.
  package internal(set) var code: [netc_instr] = []
  /// What runs, on one thread, before the first step after a change of parameters.
  package internal(set) var preparation: [netc_instr] = []
  /// The words instructions point into by `aux`.
  package internal(set) var pool: [Int32] = []
  /// The bytes behind address register 2, in 8-byte words.
  package internal(set) var constants: [UInt64] = []
  /// Computes the host scalars from `step`.
  package internal(set) var scalars = ScalarProgram()
  /// What each instruction is, by its `site`.
  package internal(set) var sites: [PlanSite] = []
  /// The memory ranges each instruction touches, for the checker and dumps.
  package internal(set) var accesses: [PlanAccess] = []
  /// The tensors read from outside.
  package internal(set) var inputs: [PlanInput] = []
  /// What the step adds up.
  package internal(set) var figures: [PlanFigure] = []
  /// What can be read after a run, in the order of the graph's results.
  package internal(set) var outputs: [PlanOutput] = []
  /// How much memory the plan takes.
  package internal(set) var memory = MemoryReport()
  /// How many operations are computed a second time to take less memory.
  package internal(set) var recomputedValues = 0
  /// What the plan was made for.
  package let options: PlanOptions
  /// Where parameters and states lie.
  package let layout: PersistentLayout
  /// Examples a step takes: the weight of its figures.
  package let batch: Int

  /// Nodes, steps and buffers looked at while planning, for tests of the cost.
  package internal(set) var visits = 0

  /// Plans an optimised graph, which holds no `grad`.
  /// - Parameter bindings: the sizes of all symbolic dimensions.
  /// - Parameter batch: the examples of a step.
  /// - Throws: when a dimension is not bound, a tensor is too large or not in the layout.
  /// - Complexity: O(n log n) in the nodes.
  package init(
    graph: Graph, bindings: DimBindings, batch: Int = 1, layout: PersistentLayout,
    options: PlanOptions
  ) throws(PlanError) {
    let outline = try PlanOutline(
      graph: graph, bindings: bindings, batch: batch, layout: layout, options: options)
    self.options = options
    self.batch = batch
    self.layout = layout
    memory = outline.memory
    recomputedValues = outline.recomputedValues
    visits = outline.visits
    Encoder(outline.attempt, layout: layout).fill(&self)
  }

  /// The plan with a buffer's accesses noted elsewhere: a fault for tests of the checker.
  package func moving(buffer: Int, to start: Int) -> Plan {
    var plan = self
    plan.accesses = accesses.map { access in
      guard access.buffer == buffer else { return access }
      return PlanAccess(
        instruction: access.instruction, buffer: buffer, register: access.register,
        bytes: start..<start + access.bytes.count, isWrite: access.isWrite)
    }
    return plan
  }

  /// The plan whose threads never meet: a fault for tests of sharing.
  package var withoutMeetings: Plan {
    var plan = self
    for index in code.indices {
      plan.code[index].flags &= ~UInt8(NETC_SYNC | NETC_SYNC_BEFORE | NETC_CONTROL)
    }
    return plan
  }

  /// Bytes of the operands of all instructions of a step, those of loops once for each turn.
  package var bytesMoved: Double {
    var turns = [1.0]
    var total = 0.0
    for instruction in code {
      if instruction.op == UInt16(NETC_LOOP) {
        turns.append((turns.last ?? 1) * Double(pool[Int(instruction.aux)]))
      } else if instruction.op == UInt16(NETC_ENDLOOP), turns.count > 1 {
        turns.removeLast()
      } else if Int(instruction.site) < sites.count {
        total += (turns.last ?? 1) * Double(sites[Int(instruction.site)].bytes)
      }
    }
    return total
  }

  /// Whether any instruction divides its work.
  package var isParallel: Bool { code.contains { $0.parts > 1 } }
}

/// Where an instruction comes from.
package struct PlanSite: Sendable {
  /// The instruction's name.
  package let instruction: String
  /// The node, in the graph that was planned.
  package let node: NodeID?
  /// The value's name, if it has one.
  package let name: String?
  package let origin: Origin
  /// Floating-point operations of its products, each time it runs.
  package var operations = 0.0
  /// Bytes of its operands, each time it runs.
  package var bytes = 0
}

/// A range of memory that an instruction reads or writes.
package struct PlanAccess: Hashable, Sendable {
  /// Position of the instruction in `code`.
  package let instruction: Int
  /// The buffer, numbered within the plan.
  package let buffer: Int
  /// The address register.
  package let register: UInt8
  /// The bytes of the whole buffer behind the register.
  package var bytes: Range<Int>
  package let isWrite: Bool
  /// What each part of the instruction touches; nil when each may touch all of the buffer.
  package var share: PlanShare?
  /// Whether it is of the same operand as the access before, which reaches from that one's first
  /// byte to this one's last.
  package var continues = false
}

/// How an operand is divided among the parts of its instruction: unit u of `units` is the bytes
/// `first + u * unit ..< first + (u + 1) * unit - gap` behind the register, `turn` bytes on in each
/// turn of the loop around.
package struct PlanShare: Hashable, Sendable {
  package let units: Int
  package let unit: Int
  package let gap: Int
  package let first: Int
  package let turn: Int

  /// The bytes of some parts, at the first turn.
  package func bytes(parts: Range<Int>, of all: Int) -> Range<Int> {
    let (from, to) = (units * parts.lowerBound / all, units * parts.upperBound / all)
    return from < to ? first + from * unit..<first + to * unit - gap : first..<first
  }
}

/// A tensor given to each step.
package struct PlanInput: Hashable, Sendable {
  package let name: String
  package let element: ElementType
  package let shape: [Int]
  /// The column FEED reads, or nil when the whole tensor is copied to `offset` before the run.
  package let column: Int?
  /// The first byte among the temporaries.
  package let offset: Int
}

/// A result that a step adds to the accumulators.
package struct PlanFigure: Hashable, Sendable {
  package let role: GraphResult.Role
  package let name: String
  package let shape: [Int]
  /// The first accumulator.
  package let index: Int
  /// Whether it is a plain sum; otherwise it is weighted by examples.
  package let isTotal: Bool

  /// How many numbers there are.
  package var count: Int { shape.reduce(1, *) }
}

/// A result that can be read after a run.
package struct PlanOutput: Hashable, Sendable {
  /// Where its numbers lie.
  package enum Place: Hashable, Sendable {
    /// Behind an address register, dense, from this byte.
    case memory(register: UInt8, offset: Int)
    /// A host scalar.
    case slot(Int)
    /// A number known when the plan was made.
    case number(Double)
  }

  package let role: GraphResult.Role
  package let name: String
  package let element: ElementType
  package let shape: [Int]
  package let place: Place
}
