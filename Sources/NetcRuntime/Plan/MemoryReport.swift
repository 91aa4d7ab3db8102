package import NetcCore

/// How much memory a plan takes, in bytes.
package struct MemoryReport: Hashable, Sendable {
  /// Parameters and states.
  package var persistent = 0
  /// The arena of temporaries, exactly.
  package var temporaries = 0
  /// Tables of numbers known at compile time.
  package var constants = 0
  /// What is made of parameters when they have changed.
  package var kept = 0
  /// The largest sum of bytes of temporaries alive at once, before alignment and placement.
  package var peakLive = 0
  /// The same sum as a formula in the symbolic dimensions.
  package var peakFormula = Dim(0)
  /// Persistent tensors as a formula.
  package var persistentFormula = Dim(0)
  /// The instruction at which the peak stands.
  package var peakInstruction = 0
  /// The largest values alive there: name (or operation) and bytes, largest first.
  package var peakValues: [PeakValue] = []

  /// A value alive at the peak.
  package struct PeakValue: Hashable, Sendable {
    package let name: String
    package let shape: Shape
    package let bytes: Int
  }

  /// The arena's exact size: everything a run of the plan allocates but scratch space.
  package var total: Int { persistent + temporaries + constants + kept }

  package init() {}
}
