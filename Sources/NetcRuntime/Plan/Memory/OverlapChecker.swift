import NetcCore

/// Walks a plan and checks that every range of memory still holds what its reader expects: no two
/// values share bytes while both are needed, and no old parameter is read after its update.
///
/// It knows only which buffer each operand belongs to, not the planner's lifetimes.
package enum OverlapChecker {
  /// A description of the first conflict, or nil.
  /// - Complexity: O(bytes / 64) of all operands.
  package static func firstConflict(in plan: Plan) -> String? {
    var owners = Owners()
    var place = 0
    let accesses = plan.accesses.enumerated().sorted { a, b in
      (a.element.instruction, a.element.isWrite ? 1 : 0, a.offset)
        < (b.element.instruction, b.element.isWrite ? 1 : 0, b.offset)
    }.map(\.element)
    while place < accesses.count {
      let end = accesses[place...].firstIndex { $0.instruction != accesses[place].instruction }
      let group = accesses[place..<(end ?? accesses.count)]
      if let conflict = check(group, &owners, plan) { return conflict }
      place = end ?? accesses.count
    }
    return nil
  }

  /// The buffer that each 64-byte block behind a register holds.
  private struct Owners {
    private var blocks: [UInt8: [Int32]] = [:]

    mutating func set(_ access: PlanAccess) {
      let last = (access.bytes.upperBound + 63) / 64
      var list = blocks[access.register] ?? []
      while list.count < last { list.append(-1) }
      for block in access.bytes.lowerBound / 64..<last {
        list[block] = Int32(truncatingIfNeeded: access.buffer)
      }
      blocks[access.register] = list
    }

    /// The buffer found where another is expected.
    func stranger(_ access: PlanAccess) -> Int? {
      let list = blocks[access.register] ?? []
      let wanted = Int32(truncatingIfNeeded: access.buffer)
      for block in access.bytes.lowerBound / 64..<(access.bytes.upperBound + 63) / 64 {
        let found = block < list.count ? list[block] : -1
        if found != wanted { return Int(found) }
      }
      return nil
    }
  }

  private static func check(
    _ group: ArraySlice<PlanAccess>, _ owners: inout Owners, _ plan: Plan
  ) -> String? {
    let written = Set(group.filter(\.isWrite).map(\.buffer))
    for access in group where !access.isWrite && access.register != 2 {
      if written.contains(access.buffer) { continue }
      if let other = owners.stranger(access) {
        return "instruction \(access.instruction) reads buffer \(access.buffer), found \(other)"
      }
    }
    for write in group where write.isWrite {
      for other in group
      where other.buffer != write.buffer && other.register == write.register
        && other.bytes.overlaps(write.bytes) && (other.isWrite || other.bytes != write.bytes)
      {
        return "instruction \(write.instruction) writes buffer \(write.buffer) over \(other.buffer)"
      }
      owners.set(write)
    }
    return nil
  }
}
