import NetcCore

/// Mistakes in `scan`.
extension DiagnosticKind {
  /// A carried value of another type.
  static let scanCarried = DiagnosticKind(
    "E0524", "carried value that changes its type",
    page: #"""
      What a scan carries from turn to turn keeps its type and shape: the `var`s and states
      its body rebinds. Give them their final shape before the loop:

          var h = 0                                   // E0524: becomes float[batch, 3]
          var h = zeros(batch, 3)
          scan xt in x along 1 { h = tanh(h + xt) }
      """#)

  /// A header that does not fit.
  static let scanSequence = DiagnosticKind(
    "E0541", "sequence that a scan cannot walk through",
    page: #"""
      A scan walks through tensors along an axis, or through a range:

          scan xt in x along 1 { … }
          scan xt in x, mt in mask along 1 reversed { … }
          scan t in 0..<1000 { … }

      All its sequences have the same length. `along` names the axis of the tensors and is
      left out for a range alone.
      """#)

  /// Something that is no tensor.
  static let scanNotTensor = DiagnosticKind(
    "E0542", "value that a scan cannot carry or yield",
    page: #"""
      Scans run when the program runs, so what they carry and yield are tensors or numbers:
      no lists, texts or functions. Several values are carried in several `var`s and yielded
      with commas: `yield h, c`.
      """#)

  /// Something that cannot stand in a scan.
  static let scanPlace = DiagnosticKind(
    "E0543", "statement that cannot stand in a scan",
    page: #"""
      A scan's body is lowered once and run many times. Parameters, states and instances are
      declared before it; `total` and `group_sum` stand outside it.

          layer cell = gru_cell(128)
          scan xt in x along 1 { h = cell(xt, h) }
      """#)

  /// The kinds of this file, by code.
  static let ofScans = [scanCarried, scanSequence, scanNotTensor, scanPlace]
}
