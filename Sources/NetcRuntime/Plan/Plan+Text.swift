import CNetc
import NetcCore

extension Plan {
  /// The instructions, one a line: number, name, parts, operands with addresses, cost, value, place in the program.
  package func scheduleText(_ location: (SourceRange) -> String? = { _ in nil }) -> String {
    var lines: [String] = []
    if scalars.slotCount > 0 { lines.append("host scalars: \(scalars.slotCount) slots") }
    for (index, instruction) in code.enumerated() {
      lines.append(line(index, instruction, location))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The arena: sizes, the peak with what is alive there, each persistent tensor's place.
  package func memoryText() -> String {
    var lines = [
      "persistent: \(memory.persistent) bytes", "temporaries: \(memory.temporaries) bytes",
      "constants: \(memory.constants) bytes", "arena: \(memory.total) bytes",
      "peak of live temporaries: \(memory.peakLive) bytes = \(memory.peakFormula) at instruction "
        + "\(memory.peakInstruction)",
    ]
    for value in memory.peakValues {
      lines.append("  \(value.bytes) bytes: \(value.name) \(value.shape)")
    }
    for entry in layout.entries {
      lines.append("\(entry.offset): \(entry.name) \(entry.element.rawValue)\(entry.shape)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(
    _ index: Int, _ instruction: netc_instr, _ location: (SourceRange) -> String?
  ) -> String {
    let opcode = netc_opcode_name(Int32(instruction.op)).map { String(cString: $0) } ?? "?"
    var parts = ["\(index)", opcode]
    if instruction.parts > 1 { parts.append("x\(instruction.parts)") }
    parts.append(operands(instruction))
    if instruction.flags & UInt8(NETC_STATE) != 0 { parts.append("state") }
    if instruction.flags & UInt8(NETC_SYNC) != 0 { parts.append("sync") }
    let site = Int(instruction.site)
    if instruction.op != UInt16(NETC_END), site < sites.count {
      if let name = sites[site].name { parts.append("; " + name) }
      if let range = sites[site].origin.range, let text = location(range) { parts.append("; " + text) }
    }
    return parts.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func operands(_ instruction: netc_instr) -> String {
    let registers = withUnsafeBytes(of: instruction.reg) { Array($0) }
    let offsets = withUnsafeBytes(of: instruction.off) { Array($0.bindMemory(to: UInt32.self)) }
    return (0..<Int(instruction.n)).map { k in
      let letter = ["p", "t", "c"]
      let name = registers[k] < 3 ? letter[Int(registers[k])] : "r\(registers[k])"
      return "\(name)[\(4 * Int(offsets[k]))]"
    }.joined(separator: ", ")
  }
}
