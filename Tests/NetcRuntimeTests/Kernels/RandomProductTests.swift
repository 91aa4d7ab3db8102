import CNetc
import NetcCore
import NetcRuntime
import Testing

/// Products of odd shapes, strides, batches, factors and splits against three nested loops.
@Suite struct RandomProductTests {
  #if DEBUG
    private static let trials = 64
  #else
    private static let trials = 10_000
  #endif
  private static let groups = 8

  @Test(arguments: 0..<groups)
  func kernelsAgreeWithNestedLoops(group: Int) {
    var draw = SeededNumbers(UInt64(100 + group))
    for trial in 0..<Self.trials / Self.groups {
      let precision: Precision = trial % 4 == 3 ? .double : .single
      let product = Product(&draw)
      let expected = product.expected()
      for isa in machineSets {
        let label = "trial \(group).\(trial), \(precision), set \(isa), \(product.instruction)"
        let whole = product.run(precision, isa: isa, split: [1, 1, 1])
        #expect(whole.guardsHold, "writes outside: \(label)")
        let difference = product.difference(whole[0], expected, precision)
        #expect(difference == nil, "\(difference ?? ""): \(label)")
        let split = product.run(precision, isa: isa, split: product.split)
        let isSame = split.guardsHold && split.bytes(0) == whole.bytes(0)
        #expect(isSame, "a split changes bits: \(label)")
      }
    }
  }
}

/// A product with its matrices.
private struct Product {
  private(set) var instruction: GemmInstruction
  /// Rows, columns and batches in parts.
  let split: [Int]
  private var a: [Double] = []
  private var b: [Double] = []
  private var c: [Double] = []
  private var bias: [Double] = []
  private var panels: PackInstruction?
  private let isInPlace: Bool

  init(_ draw: inout SeededNumbers) {
    func pick(_ count: Int) -> Int { min(count - 1, Int(draw.next(0, Double(count)))) }
    let largest = [1, 3, 17, 40, 70]
    // Few columns of deep products and wide shallow ones have kernels of their own.
    let kind = pick(8)
    let (isDeep, isWide) = (kind == 0, kind == 1)
    let m = isDeep ? 16 + pick(30) : isWide ? 8 + pick(20) : 1 + pick(largest[pick(5)])
    let n =
      isDeep
      ? 32 * pick(2) + 4 + pick(10)
      : isWide
        ? 64 + pick(100) : 1 + pick(largest[pick(5)]) + (m == 1 && pick(3) == 0 ? 300 * pick(5) : 0)
    let k = isDeep ? 60 + pick(700) : pick(12) == 0 ? 300 + pick(420) : pick(70)
    let batches = pick(4) == 0 ? (1 + pick(2), 1 + pick(3)) : (1, 1)
    func layout(_ rows: Int, _ columns: Int) -> GemmInstruction.Layout {
      let gap = pick(3)
      var result =
        switch pick(5) {
        case 0, 1: GemmInstruction.Layout(row: columns + gap, column: 1)
        case 2, 3: GemmInstruction.Layout(row: 1, column: rows + gap)
        default: GemmInstruction.Layout(row: 2, column: 2 * rows + gap)
        }
      let size = max(rows * max(result.row, 1), 1) + columns * max(result.column, 1)
      result.batch1 = pick(3) == 0 ? 0 : size
      result.batch0 = 3 * size
      return result
    }
    let width = n + pick(3)
    instruction = GemmInstruction(
      m: m, n: n, k: k, a: layout(m, k), b: layout(k, n),
      c: GemmInstruction.Layout(row: width, column: 1, batch0: 3 * width * m, batch1: width * m))
    instruction.batch0 = batches.0
    instruction.batch1 = batches.1
    instruction.alpha = .init([1, 1, -0.5, 2][pick(4)], slot: pick(4) == 0 ? 0 : nil)
    instruction.beta = .init([0, 0, 1, 0.75][pick(4)])
    instruction.bias = pick(3) == 0
    instruction.kernel = [.plain, .packed, m == 1 || n == 1 ? .vector : .plain][pick(3)]
    isInPlace = pick(2) == 0
    split = [1 + pick(3), 1 + pick(3), 1 + pick(2)]
    let sizes = instruction.operands.map(\.memorySize)
    a = (0..<sizes[1]).map { _ in draw.next(-1, 1) }
    b = (0..<sizes[2]).map { _ in draw.next(-1, 1) }
    c = (0..<sizes[0]).map { _ in draw.next(-1, 1) }
    bias = (0..<n).map { _ in draw.next(-1, 1) }
    let mayPack = instruction.kernel == .plain || (instruction.kernel == .vector && m == 1)
    if mayPack, batches == (1, 1), pick(3) == 0 {
      instruction.isPacked = true
      panels = PackInstruction(instruction)
    }
  }

  private static let slots = [0.625]

  /// C by the definition, in its memory.
  func expected() -> [Double] {
    var result = [Double](repeating: 0, count: c.count)
    let i = instruction
    let alpha = i.alpha.value * (i.alpha.slot == nil ? 1 : Product.slots[0])
    for outer in 0..<i.batch0 {
      for inner in 0..<i.batch1 {
        let left = outer * i.a.batch0 + inner * i.a.batch1
        let right = outer * i.b.batch0 + inner * i.b.batch1
        for row in 0..<i.m {
          for column in 0..<i.n {
            var sum = 0.0
            for k in 0..<i.k {
              sum +=
                a[left + row * i.a.row + k * i.a.column]
                * b[right + k * i.b.row + column * i.b.column]
            }
            let place = outer * i.c.batch0 + inner * i.c.batch1 + row * i.c.row + column
            result[place] = alpha * sum + (i.bias ? bias[column] : 0) + i.beta.value * c[place]
          }
        }
      }
    }
    return result
  }

  func run(_ precision: Precision, isa: Int, split: [Int]) -> KernelRig {
    let isAdding = instruction.beta.value != 0
    var contents = [isInPlace && isAdding ? c : c.map { _ in 0 }, a, b]
    if let panels { contents.append([Double](repeating: 0, count: panels.panelCount)) }
    let biasPlace = contents.count
    if instruction.bias { contents.append(bias) }
    let addedPlace = isInPlace ? 0 : contents.count
    if isAdding && !isInPlace { contents.append(c) }
    let rig = KernelRig(precision, operands: contents.map { (.float, $0.count) })
    for (place, numbers) in contents.enumerated() { rig[place] = numbers }
    var context = netc_context()
    if let panels {
      rig.run(panels.code(precision), isa: isa, threads: 2, places: [3, 2], context: &context)
    }
    var code = instruction.code(precision)
    code.words[22...24] = split.map { Int32($0) }[...]
    code.parts = UInt16(split.reduce(1, *))
    var slots = Product.slots
    slots.withUnsafeMutableBufferPointer { buffer in
      context.slots = buffer.baseAddress
      rig.run(
        code, isa: isa, threads: split[0] > 1 ? 2 : 1,
        places: [0, 1, panels == nil ? 2 : 3] + (instruction.bias ? [biasPlace] : [])
          + (isAdding ? [addedPlace] : []), context: &context)
    }
    return rig
  }

  /// Where C first leaves what is expected, in words; nil when it nowhere does.
  func difference(_ found: [Double], _ expected: [Double], _ precision: Precision) -> String? {
    let allowed = (precision == .single ? 4e-7 : 1e-15) * (8 + Double(instruction.k))
    for k in found.indices where !(abs(found[k] - expected[k]) <= allowed) {
      if isInPlace, instruction.beta.value != 0, expected[k] == 0 { continue }
      return "[\(k)] \(found[k]), not \(expected[k])"
    }
    return nil
  }
}
