import NetcCore
import NetcRuntime
import Testing

/// Each part reads and writes what its instruction says: threads meet according to that.
@Suite struct PartSliceTests {
  private static let parts = 3

  @Test(arguments: InstructionCatalogue.defined.indices)
  func partsKeepToTheirSlices(place: Int) {
    check(InstructionCatalogue.defined[place])
  }

  @Test func mostInstructionsSayWhatTheirPartsTouch() {
    let names = InstructionCatalogue.defined.filter { type in Self.hasSlices(type) }.map { $0.name }
    #expect(names.count >= 9, "\(names)")
  }

  private static func hasSlices<I: DefinedInstruction>(_ type: I.Type) -> Bool {
    I.samples.contains { $0.code(.single).slices != nil }
  }

  private func check<I: DefinedInstruction>(_ type: I.Type) {
    for (place, sample) in I.samples.enumerated() {
      let trial = InstructionTrial(sample, .single)
      let code = trial.code(parts: Self.parts, byRows: true)
      guard let slices = code.slices else { continue }
      for isa in machineSets.suffix(2) {
        let whole = trial.rig()
        trial.run(code, on: whole, isa: isa)
        for part in 0..<Self.parts {
          check(trial, code, slices, part, isa, whole, "\(I.name) sample \(place), part \(part)")
        }
      }
    }
  }

  /// Runs one part where everything else that it should not read is another number.
  private func check<I: DefinedInstruction>(
    _ trial: InstructionTrial<I>, _ code: InstructionCode, _ slices: PartSlices, _ part: Int,
    _ isa: Int, _ whole: KernelRig, _ label: String
  ) {
    let rig = trial.rig()
    func mine(_ operand: Int) -> Range<Int> {
      guard let unit = slices.operands[operand] else { return 0..<0 }
      let size = rig.types[operand].bytes(in: .single)
      let from = slices.units * part / Self.parts * unit.stride
      let to = slices.units * (part + 1) / Self.parts * unit.stride
      let count = rig.sizes[operand]
      let end = from < to ? (unit.start + to - unit.gap) / size : 0
      return min((unit.start + from) / size, count, end)..<min(end, count)
    }
    for operand in rig.types.indices.dropFirst(trial.sample.outputs)
    where slices.operands[operand] != nil {
      var numbers = rig[operand]
      for k in numbers.indices where !mine(operand).contains(k) { numbers[k] = 1 - numbers[k] }
      rig[operand] = numbers
    }
    let before = (0..<trial.sample.outputs).map { rig[$0] }
    trial.run(code, on: rig, isa: isa, only: part)
    for operand in 0..<trial.sample.outputs where slices.operands[operand] != nil {
      let (found, expected) = (rig[operand], whole[operand])
      let wrong = found.indices.first { k in
        let wanted = mine(operand).contains(k) ? expected[k] : before[operand][k]
        return found[k] != wanted && !(found[k].isNaN && wanted.isNaN)
      }
      #expect(wrong == nil, "\(label), set \(isa), operand \(operand): \(trial.sample)")
    }
  }
}
