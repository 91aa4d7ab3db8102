import CNetc
import NetcCore

extension MapBuilder {
  /// The finished instruction; its inputs are all inputs, in the order of creation.
  ///
  /// An operation writes straight into an output when no input that may lie there is read after it;
  /// other outputs are moved at the end. So any output that may share memory may share that of any
  /// input of its type and strides.
  /// - Throws: `Failure` when the program is too large for one instruction.
  /// - Complexity: O(values × dimensions).
  package func build() throws(Failure) -> MapInstruction {
    let inputs = definitions.indices.filter {
      if case .input = definitions[$0] { true } else { false }
    }
    let written = outputs.count + tails.count
    guard written + inputs.count <= Int(NETC_MAP_OPERANDS) else { throw .tooManyOperands }
    guard shape.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue }) < Int(Int32.max)
    else { throw .tooLarge }
    var strides = outputs.map(\.strides) + tails.map(\.strides)
    for index in inputs {
      if case .input(_, let list) = definitions[index] { strides.append(list) }
    }
    let (dimensions, collapsed) = MapBuilder.collapse(shape, strides)
    guard dimensions.count <= Int(NETC_MAP_RANK) else { throw .tooManyDimensions }
    let types =
      outputs.map { type(of: $0.value) } + tails.map { _ in .float } + inputs.map { type(of: $0) }
    let operands = zip(types, collapsed).map { MapInstruction.Operand(type: $0, strides: $1) }
    var allocation = MapAllocation(builder: contracted(), inputs: inputs, operands: operands)
    allocation.run()
    guard allocation.registers <= Int(NETC_MAP_REGISTERS) else { throw .tooManyRegisters }
    let mayShare = outputs.first?.mayShare ?? false
    let shared = inputs.indices.filter { mayShare && operands[written + $0] == operands.first }
    return MapInstruction(
      dimensions: dimensions, outputs: written, places: operands, scalars: allocation.scalars,
      registers: allocation.registers, steps: allocation.steps, tails: allocation.tails,
      length: length, inPlaceInputs: shared,
      separateOutputs: outputs.indices.filter { !outputs[$0].mayShare })
  }

  /// The smallest index space over which every operand keeps its addresses, and their strides in
  /// it.
  static func collapse(_ shape: [Int], _ strides: [[Int]]) -> ([Int], [[Int]]) {
    if let first = strides.first, strides.count > 1, strides.allSatisfy({ $0 == first }) {
      let (dimensions, kept) = collapse(shape, [first])
      return (dimensions, Array(repeating: kept[0], count: strides.count))
    }
    var dimensions: [Int] = []
    var kept: [[Int]] = strides.map { _ in [] }
    for axis in shape.indices where shape[axis] != 1 {
      let joins =
        !dimensions.isEmpty
        && strides.indices.allSatisfy {
          kept[$0][dimensions.count - 1] == strides[$0][axis] * shape[axis]
        }
      if joins {
        dimensions[dimensions.count - 1] *= shape[axis]
        for k in strides.indices { kept[k][dimensions.count - 1] = strides[k][axis] }
      } else {
        dimensions.append(shape[axis])
        for k in strides.indices { kept[k].append(strides[k][axis]) }
      }
    }
    if dimensions.isEmpty {
      dimensions = [1]
      kept = strides.map { _ in [1] }
    }
    return (dimensions, kept)
  }
}

/// Gives the values of a map program their registers.
private struct MapAllocation {
  let builder: MapBuilder
  let inputs: [Int]
  /// All operands, outputs first.
  let operands: [MapInstruction.Operand]
  private(set) var scalars: [MapInstruction.Scalar] = []
  private(set) var steps: [MapInstruction.Step] = []
  private(set) var tails: [MapInstruction.Tail] = []
  private(set) var registers = 0

  private var register: [Int?]
  private var lastUse: [Int]
  /// Registers that may be used again.
  private var free: [(type: ElementType, register: Int)] = []

  init(builder: MapBuilder, inputs: [Int], operands: [MapInstruction.Operand]) {
    self.builder = builder
    self.inputs = inputs
    self.operands = operands
    register = Array(repeating: nil, count: builder.definitions.count)
    lastUse = Array(repeating: -1, count: builder.definitions.count)
  }

  mutating func run() {
    markUses()
    let direct = directOutputs()
    let outputCount = builder.outputs.count + builder.tails.count
    for (k, input) in inputs.enumerated() { register[input] = outputCount + k }
    registers = outputCount + inputs.count
    for index in builder.definitions.indices where lastUse[index] >= 0 {
      guard case .scalar(let scalar) = builder.definitions[index] else { continue }
      register[index] = registers
      registers += 1
      scalars.append(scalar)
    }
    for index in builder.definitions.indices where lastUse[index] >= 0 {
      guard case .step(let operation, let operands) = builder.definitions[index] else { continue }
      let sources = operands.map { register[$0] ?? 0 }
      let result = direct[index] ?? take(operation, at: index, operands)
      register[index] = result
      steps.append(MapInstruction.Step(operation: operation, result: result, operands: sources))
    }
    store(except: direct)
    for (k, tail) in builder.tails.enumerated() {
      tails.append(
        MapInstruction.Tail(
          register: register[tail.value] ?? 0, operand: builder.outputs.count + k,
          sumsRows: tail.sumsRows))
    }
  }

  /// Moves to their outputs what was not computed there. Inputs go first, through temporaries when
  /// there are
  /// several, since any output may lie on any input.
  private mutating func store(except direct: [Int?]) {
    let rest = builder.outputs.indices.filter { direct[builder.outputs[$0].value] != $0 }
    if rest.isEmpty { return }
    let fromInput = rest.filter { inputs.contains(builder.outputs[$0].value) }
    var sources = rest.map { register[builder.outputs[$0].value] ?? 0 }
    if fromInput.count > 1 {
      for (k, output) in rest.enumerated() where fromInput.contains(output) {
        move(to: registers, from: sources[k], output)
        sources[k] = registers
        registers += 1
      }
    } else {
      for (k, output) in rest.enumerated() where fromInput.contains(output) {
        move(to: output, from: sources[k], output)
      }
    }
    for (k, output) in rest.enumerated() where fromInput.count > 1 || !fromInput.contains(output) {
      move(to: output, from: sources[k], output)
    }
  }

  private mutating func move(to result: Int, from source: Int, _ output: Int) {
    let operation = MicroOperation.move(builder.type(of: builder.outputs[output].value))
    steps.append(MapInstruction.Step(operation: operation, result: result, operands: [source]))
  }

  /// The last step that reads each value, the end for outputs, -1 for values that no output needs.
  private mutating func markUses() {
    let end = builder.definitions.count
    for output in builder.outputs { lastUse[output.value] = end }
    for tail in builder.tails { lastUse[tail.value] = end }
    for index in builder.definitions.indices.reversed() where lastUse[index] >= 0 {
      guard case .step(_, let operands) = builder.definitions[index] else { continue }
      for operand in operands { lastUse[operand] = max(lastUse[operand], index) }
    }
  }

  /// The output that each value may be computed into at once.
  private func directOutputs() -> [Int?] {
    var result = [Int?](repeating: nil, count: builder.definitions.count)
    let first = builder.outputs.count + builder.tails.count
    for (k, output) in builder.outputs.enumerated() {
      guard case .step = builder.definitions[output.value], result[output.value] == nil else {
        continue
      }
      let isRead = inputs.indices.contains { place in
        output.mayShare && operands[first + place] == operands[k]
          && lastUse[inputs[place]] > output.value
      }
      if !isRead { result[output.value] = k }
    }
    return result
  }

  /// A temporary register for a step's result: one that an operand of its type leaves, or a new
  /// one.
  private mutating func take(_ operation: MicroOperation, at index: Int, _ operands: [Int]) -> Int {
    var before = -1
    for operand in operands.sorted() where operand != before && lastUse[operand] == index {
      before = operand
      guard case .step = builder.definitions[operand], let left = register[operand],
        left >= builder.outputs.count + builder.tails.count
      else { continue }
      free.append((builder.type(of: operand), left))
    }
    if let place = free.lastIndex(where: { $0.type == operation.result }) {
      return free.remove(at: place).register
    }
    registers += 1
    return registers - 1
  }
}
