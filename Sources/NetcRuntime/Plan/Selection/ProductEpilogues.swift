import NetcCore

/// Lets products do themselves what a program that alone reads their result does to each element.
enum ProductEpilogues {
  /// - Complexity: O(operands).
  static func place(_ draft: inout Draft, precision: Precision) {
    let uses = DraftUses(draft)
    var isGone = Array(repeating: false, count: draft.steps.count)
    var matches = Matches()
    for index in draft.steps.indices {
      guard let found = merged(draft, index, uses, &matches, precision) else { continue }
      draft.steps[index] = found.step
      isGone[found.product] = true
    }
    var kept = 0
    for index in draft.steps.indices where !isGone[index] {
      draft.steps.swapAt(kept, index)
      kept += 1
    }
    draft.steps.removeLast(draft.steps.count - kept)
  }

  /// The step that takes a program's place, and the step of the product that it makes superfluous.
  private static func merged(
    _ draft: Draft, _ index: Int, _ uses: DraftUses, _ matches: inout Matches,
    _ precision: Precision
  ) -> (step: DraftStep, product: Int)? {
    guard draft.steps[index].kind == .compute,
      case .program(let program)? = draft.steps[index].instruction
    else { return nil }
    let operands = draft.steps[index].operands
    guard operands.allSatisfy({ $0.start == 0 }),
      draft.steps[index].written.allSatisfy({ isTemporary(draft, $0) })
    else { return nil }
    for input in draft.steps[index].outputs..<operands.count {
      let read = operands[input]
      guard let maker = uses.onlyMaker(read.buffer), maker < index,
        uses.onlyReader(read.buffer) == index, isTemporary(draft, read),
        !draft.buffers[read.buffer].isOutput,
        case .product(var product)? = draft.steps[maker].instruction,
        draft.steps[maker].kind == .compute, product.epilogue == nil,
        uses.inputsStayAfter(maker, draft.steps[maker].read),
        draft.buffers[read.buffer].count == program.count, isDense(product, program.count),
        let found = matches.find(program, input)
      else { continue }
      product.epilogue = found.epilogue
      var all = found.outputs.map { operands[$0] } + draft.steps[maker].read
      if found.epilogue.readsFactors { all.append(operands[3 - input]) }
      let more = found.outputs.count - 1
      return (
        DraftStep(
          name: GemmInstruction.name, code: product.code(precision),
          instruction: .product(product), operands: all, outputs: found.outputs.count,
          sharing: draft.steps[maker].sharing.map { $0.map { $0 + more } },
          node: draft.steps[index].node), maker
      )
    }
    return nil
  }

  private static func isTemporary(_ draft: Draft, _ operand: DraftOperand) -> Bool {
    draft.buffers[operand.buffer].place == .temporary
  }

  /// Whether a product's result lies in the order of its elements.
  private static func isDense(_ product: GemmInstruction, _ count: Int) -> Bool {
    let size = product.m * product.n
    return product.m * product.n * product.batch0 * product.batch1 == count
      && product.c.row == product.n && (product.batch1 == 1 || product.c.batch1 == size)
      && (product.batch0 == 1 || product.c.batch0 == product.batch1 * size)
  }
}

/// The epilogues of programs; the last one is kept, as layers that are alike have the same.
private struct Matches {
  private var program: MapInstruction?
  private var input = 0
  private var match: ProductEpilogue.Match?

  mutating func find(_ program: MapInstruction, _ input: Int) -> ProductEpilogue.Match? {
    if program != self.program || input != self.input {
      match = ProductEpilogue.match(program, input: input)
      (self.program, self.input) = (program, input)
    }
    return match
  }
}

/// Which steps write and read each buffer of a draft.
private struct DraftUses {
  /// How many steps do, and the last of them.
  private struct Steps {
    var count = 0
    var last = -1

    mutating func add(_ step: Int) {
      count += 1
      last = step
    }

    var only: Int? { count == 1 ? last : nil }
  }

  private var makers: [Steps]
  private var readers: [Steps]

  init(_ draft: Draft) {
    makers = Array(repeating: Steps(), count: draft.buffers.count)
    readers = makers
    for index in draft.steps.indices {
      for operand in draft.steps[index].written {
        makers[draft.root(of: operand.buffer)].add(index)
      }
      for operand in draft.steps[index].read {
        readers[draft.root(of: operand.buffer)].add(index)
      }
    }
    // What outlives the steps has a reader after all of them.
    for update in draft.updates { readers[update.buffer].add(draft.steps.count) }
  }

  /// Whether nothing writes the inputs of a step after it, so that it may be done later.
  func inputsStayAfter(_ index: Int, _ inputs: ArraySlice<DraftOperand>) -> Bool {
    inputs.allSatisfy { makers[$0.buffer].last < index }
  }

  /// The one step that writes a buffer.
  func onlyMaker(_ buffer: Int) -> Int? { makers[buffer].only }

  /// The one step that reads a buffer which does not outlive the steps.
  func onlyReader(_ buffer: Int) -> Int? { readers[buffer].only }
}
