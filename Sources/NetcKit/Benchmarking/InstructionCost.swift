import NetcGraph
import NetcRuntime

/// What one instruction of a training step costs.
public struct InstructionCost: Hashable, Sendable {
  /// Its number in the schedule.
  public let place: Int
  /// What it is, as `gemm`.
  public let instruction: String
  /// The value it makes, or the rule that derived it; empty when neither is known.
  public let value: String
  /// Where in the program it comes from, as `file:line:column`; empty when from nowhere.
  public let location: String
  /// Into how many parts its work is divided.
  public let parts: Int
  /// How often a step runs it.
  public let turns: Double
  /// Its time in a step, all turns together, waiting for other threads included.
  public let nanoseconds: Double
  /// Floating-point operations of its products in a step.
  public let operations: Double
  /// Bytes of its operands in a step.
  public let bytes: Double

  init(_ profile: InstructionProfile, _ model: CompiledModel) {
    place = profile.place
    instruction = profile.site.instruction
    value = profile.site.name ?? profile.site.origin.rule ?? ""
    location = profile.site.origin.range.map { model.location($0) } ?? ""
    parts = profile.parts
    turns = profile.turns
    nanoseconds = profile.nanoseconds
    operations = profile.operations
    bytes = profile.bytes
  }
}
