import CNetc
import NetcCore
import NetcGraph
import NetcRuntime
import Testing

@Suite struct InstructionContractTests {
  /// Every split in release builds; in debug builds one split and only of the best set.
  #if DEBUG
    private static let splits = [(parts: 5, threads: 3)]
    private static let splitSets = machineSets.suffix(1)
  #else
    private static let splits = [(parts: 2, threads: 2), (parts: 5, threads: 3)]
    private static let splitSets = machineSets[...]
  #endif

  @Test(arguments: InstructionCatalogue.defined.indices)
  func kernelsComputeTheirDefinitions(place: Int) {
    check(InstructionCatalogue.defined[place])
  }

  private func check<I: DefinedInstruction>(_ type: I.Type) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for (place, sample) in I.samples.enumerated() {
      for precision in Precision.allCases {
        let label = "\(I.name) sample \(place), \(precision)"
        check(InstructionTrial(sample, precision), label, &hash)
      }
    }
    // Debug and release builds, and all machines with FMA, give these bits.
    if machineSets.count > 1 { #expect(hash == Self.fingerprints[I.name], "\(I.name): \(hash)") }
  }

  private func check<I: DefinedInstruction>(
    _ trial: InstructionTrial<I>, _ label: String, _ hash: inout UInt64
  ) {
    let expected = trial.expected()
    var best: [[UInt8]] = []
    for isa in machineSets {
      let rig = trial.run(isa: isa, parts: 1, threads: 1)
      #expect(rig.guardsHold, "writes outside: \(label), set \(isa), \(trial.sample)")
      let outputs = (0..<trial.sample.outputs).map { rig[$0] }
      for (output, values) in outputs.enumerated() {
        let difference = trial.difference(values, expected[output], output)
        #expect(difference == nil, "\(label), set \(isa): \(difference ?? ""), \(trial.sample)")
      }
      let bits = (0..<outputs.count).map { rig.bytes($0) }
      let same = isa < 2 || bits == best
      #expect(same, "AVX2 and AVX-512 differ: \(label), \(trial.sample)")
      best = bits
      if isa == 1 { combine(outputs, into: &hash) }
      for split in Self.splits where Self.splitSets.contains(isa) {
        let other = trial.run(isa: isa, parts: split.parts, threads: split.threads)
        let equal = (0..<outputs.count).allSatisfy { other.bytes($0) == bits[$0] }
        #expect(
          equal && other.guardsHold, "\(split) changes bits: \(label), set \(isa), \(trial.sample)")
      }
    }
  }

  /// FNV-1a over the numbers' bits; every NaN counts as one.
  private func combine(_ outputs: [[Double]], into hash: inout UInt64) {
    for value in outputs.joined() {
      hash = (hash ^ (value.isNaN ? 1 : value.bitPattern)) &* 0x0000_0100_0000_01B3
    }
  }

  private static let fingerprints: [String: UInt64] = [
    "map": 4_143_301_237_513_398_030, "reduce": 9_227_638_068_067_012_069,
    "gemm": 2_844_616_841_531_036_639, "pack": 938_051_602_857_286_693,
    "copy": 5_098_996_992_680_899_197,
    "fill": 4_261_006_933_463_086_357, "gather": 17_004_580_939_324_987_981,
    "scatter_add": 6_084_662_661_508_781_109, "argmax": 2_283_246_629_024_082_597,
    "cumsum": 5_949_807_588_661_516_965, "softmax": 5_579_937_366_838_742_284,
    "softmax_adjoint": 11_060_011_833_045_085_492,
    "adam": 3_887_491_745_345_532_713,
    "cross_entropy": 14_676_940_575_196_640_772,
    "image_columns": 11_092_225_386_758_070_325, "window_sum": 15_950_039_161_204_098_533,
    "window_argmax": 16_877_948_447_475_615_205, "convolution": 7_680_459_218_243_130_054,
    "pack_kernel": 13_944_501_498_635_457_829, "kernel_adjoint": 1_650_475_192_548_350_869,
    "unpack_kernel": 11_167_549_627_706_710_565, "max_pool": 12_342_526_649_491_543_621,
    "max_pool_adjoint": 929_579_252_858_930_949, "depthwise": 5_042_976_257_329_848_997,
    "depthwise_kernel_adjoint": 16_832_468_247_020_575_605,
    "norm": 16_626_934_657_139_710_048, "norm_adjoint": 1_694_554_330_544_047_099,
  ]

  @Test func namesAreUniqueAndDescribed() {
    let names =
      InstructionCatalogue.defined.map { $0.name } + InstructionCatalogue.others.map { $0.name }
    #expect(Set(names).count == names.count)
    let summaries =
      InstructionCatalogue.defined.map { $0.summary }
      + InstructionCatalogue.others.map { $0.summary }
    #expect(summaries.allSatisfy { $0.count > 10 })
  }

  @Test func everyOpcodeHasAKernelOrIsTheHosts() {
    let host = [NETC_END, NETC_LOOP, NETC_ENDLOOP, NETC_SCALAR].map { Int($0) }
    for isa in machineSets {
      for type in [0, 1] as [Int32] {
        guard let table = netc_table(Int32(isa), type) else {
          Issue.record("no table for set \(isa), type \(type)")
          continue
        }
        for opcode in 0..<Int(NETC_OPCODE_COUNT) {
          #expect((table[opcode] == nil) == host.contains(opcode), "opcode \(opcode)")
        }
      }
    }
  }

  @Test func microOperationsPairWithC() {
    #expect(MicroOperation.allCases.count == Int(NETC_MICRO_COUNT))
  }
}

/// One sample's data: random inputs, the definition's results, runs in any split.
struct InstructionTrial<I: DefinedInstruction> {
  static var slots: [Double] { [0.75, 2, -1.5] }

  let sample: I
  let precision: Precision
  private let logical: [ReferenceTensor<Double>]
  private let old: ReferenceTensor<Double>?

  init(_ sample: I, _ precision: Precision) {
    self.sample = sample
    self.precision = precision
    var numbers = SeededNumbers(7)
    let views = sample.operands
    var tensors: [ReferenceTensor<Double>] = []
    for view in views.dropFirst(sample.outputs) {
      let memory = (0..<view.memorySize).map { _ in view.random(&numbers) }
      tensors.append(view.tensor(view.offsets.map { memory[$0] }))
    }
    logical = tensors
    let output = views[0]
    old =
      sample.readsOutput
      ? output.tensor(output.offsets.map { _ in numbers.next(-2, 2) }) : nil
  }

  /// The outputs by the definition, in double.
  func expected() -> [[Double]] {
    var b = GraphBuilder()
    var arguments: [ReferenceTensor<Double>] = logical
    if let old { arguments.append(old) }
    var views = Array(sample.operands.dropFirst(sample.outputs))
    if old != nil { views.append(sample.operands[0]) }
    let values = views.enumerated().map { k, view in
      b.argument(k, TensorType(view.type, Shape(sizes: view.shape)))
    }
    let results = sample.definition(&b, values, slots: Self.slots)
    let all = ReferenceInterpreter<Double>(context: EvaluationContext())
      .evaluateAll(b.graph, arguments: arguments)
    return results.map { all[$0.index].tensor.doubles }
  }

  func run(isa: Int, parts: Int, threads: Int) -> KernelRig {
    let rig = rig()
    run(code(parts: parts), on: rig, isa: isa, threads: threads)
    return rig
  }

  /// Memory with the inputs, and the old output where it matters.
  func rig() -> KernelRig {
    let views = sample.operands
    let rig = KernelRig(precision, operands: views.map { ($0.type, $0.memorySize) })
    for (k, view) in views.enumerated() {
      var memory = [Double](repeating: 0, count: view.memorySize)
      let tensor = k >= sample.outputs ? logical[k - sample.outputs] : k == 0 ? old : nil
      if let tensor {
        for (offset, value) in zip(view.offsets, tensor.tensor.doubles) { memory[offset] = value }
      }
      rig[k] = memory
    }
    return rig
  }

  /// The instruction in parts; a product in parts by rows, columns and batches or by rows alone.
  func code(parts: Int, byRows: Bool = false) -> InstructionCode {
    var code = sample.code(precision)
    if (Int(NETC_GEMM)...Int(NETC_GEMV)).contains(Int(code.opcode)) {
      code.words[22...24] =
        byRows
        ? [Int32(parts), 1, 1]
        : [Int32(parts > 2 ? 2 : 1), Int32(parts > 1 ? 2 : 1), Int32(parts > 4 ? 2 : 1)]
      code.parts = UInt16(code.words[22] * code.words[23] * code.words[24])
    } else {
      code.parts = UInt16(parts)
    }
    return code
  }

  func run(
    _ code: InstructionCode, on rig: KernelRig, isa: Int, threads: Int = 1, only part: Int? = nil
  ) {
    var slots = Self.slots
    slots.withUnsafeMutableBufferPointer { buffer in
      var context = netc_context()
      context.slots = buffer.baseAddress
      rig.run(code, isa: isa, threads: threads, only: part, context: &context)
    }
  }

  /// Where an output first leaves the definition, in words; nil when it nowhere does.
  ///
  /// Partial sums of `terms` random products grow with the root of their number, and so do the
  /// roundings that add up: the tolerance grows in proportion beyond 128 terms.
  func difference(
    _ memory: [Double], _ expected: [Double], _ output: Int, terms: Int = 1
  ) -> String? {
    let view = sample.operands[output]
    let tolerance = (precision == .single ? 2e-5 : 1e-13) * max(1, Double(terms) / 128)
    for (k, offset) in view.offsets.enumerated() {
      let (found, wanted) = (memory[offset], expected[k])
      if found.isNaN && wanted.isNaN || found == wanted { continue }
      let allowed = view.type == .float ? tolerance * max(1, abs(wanted)) : 0
      if !(abs(found - wanted) <= allowed) { return "[\(k)] \(found), not \(wanted)" }
    }
    var untouched = memory.map { $0 != 0 }
    for offset in view.offsets { untouched[offset] = false }
    if let k = untouched.firstIndex(of: true) { return "wrote \(memory[k]) at \(k)" }
    return nil
  }
}

extension OperandView {
  /// The place of every logical element, row-major.
  var offsets: [Int] {
    var result = [start]
    for (size, stride) in zip(shape, strides) {
      result = result.flatMap { base in (0..<size).map { base + $0 * stride } }
    }
    return result
  }

  /// A number of the view's type; ints reach a little beyond the small axes they index.
  func random(_ numbers: inout SeededNumbers) -> Double {
    switch type {
    case .float: numbers.next(-2, 2)
    case .int: numbers.next(-2, 8).rounded(.down)
    case .bool: numbers.next(0, 2).rounded(.down)
    }
  }

  func tensor(_ values: [Double]) -> ReferenceTensor<Double> {
    switch type {
    case .float: ReferenceTensor(shape, .float(values))
    case .int: ReferenceTensor(shape, .int(values.map { Int32($0) }))
    case .bool: ReferenceTensor(shape, .bool(values.map { $0 != 0 }))
    }
  }
}
