import CNetc
package import NetcCore
import NetcGraph

extension Plan {
  /// The instructions, one a line: number, name, parts, the value made with its shape and place,
  /// the source line.
  package func scheduleText(sources: SourceMap) -> String {
    var text = "// batch \(batch), \(code.count) instructions"
    text += isParallel ? "\n" : ", all on one thread\n"
    var touched = Array(repeating: [PlanAccess](), count: code.count)
    for access in accesses where code.indices.contains(access.instruction) {
      if access.continues, let last = touched[access.instruction].indices.last {
        let first = touched[access.instruction][last].bytes.lowerBound
        touched[access.instruction][last].bytes = first..<access.bytes.upperBound
      } else {
        touched[access.instruction].append(access)
      }
    }
    for (number, instruction) in code.enumerated() {
      let site = Int(instruction.site) < sites.count ? sites[Int(instruction.site)] : nil
      var columns = [Self.padded(String(number), 5), Self.padded(site?.instruction ?? "end", 14)]
      columns.append(Self.padded("parts \(instruction.parts)", 9))
      columns.append(Self.padded(Self.places(touched[number]), 34))
      columns.append(site?.name ?? "")
      let origin = site?.origin
      let place = origin?.range.map { sources.line($0) }
      let note = [origin?.rule, place].compactMap { $0 }.joined(separator: ", ")
      let line = columns.joined(separator: " ")
      text += (note.isEmpty ? line : Self.padded(line, 84) + " // " + note) + "\n"
    }
    return text
  }

  /// Where parameters, states and temporaries lie, and what is alive at the peak.
  package func memoryText() -> String {
    var text = "// persistent segment: \(layout.bytes) bytes\n"
    for entry in layout.entries {
      text += Self.padded(String(entry.offset), 10) + Self.padded("\(entry.bytes) bytes", 16)
      text += "\(entry.name): \(entry.element.rawValue)\(entry.shape)\n"
    }
    text += "// temporaries: \(memory.temporaries) bytes; constants: \(memory.constants) bytes\n"
    text += "// peak of live bytes: \(memory.peakLive) at instruction \(memory.peakInstruction)"
    text += " = \(memory.peakFormula)\n"
    for value in memory.peakValues {
      text +=
        Self.padded("", 10) + Self.padded("\(value.bytes) bytes", 16)
        + "\(value.name): \(value.shape)\n"
    }
    return text
  }

  /// The byte ranges an instruction reads and writes, as `p0+256 t64+1024 -> t1088+128`.
  private static func places(_ accesses: [PlanAccess]) -> String {
    func list(_ isWrite: Bool) -> String {
      accesses.filter { $0.isWrite == isWrite }
        .map { access in
          let register = ["p", "t", "c", "k"][min(3, Int(access.register))]
          return "\(register)\(access.bytes.lowerBound)+\(access.bytes.count)"
        }
        .joined(separator: " ")
    }
    return list(false) + " -> " + list(true)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
