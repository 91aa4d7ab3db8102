/// Every pass, for `--dump-after` and its help: a line each.
package enum PassCatalogue {
  /// The passes in the order in which they first run.
  package static let passes: [Pass] = [
    .eliminateDeadCode,
    .inlineBeforeDifferentiation(),
    .canonicalize,
    .foldConstants,
    .stabilize,
    .mergeEqualValues,
    .differentiate,
    .dropIdentities,
    .inlineAfterDifferentiation(),
    .expandPowers,
    .tidyLoops,
    .storeForDerivatives,
    .hoistFromLoops,
    .sinkSums,
    .sinkOutputs,
    .exchangeGathers,
    .simplifyAlgebra,
    .foldTransposes,
    .maskFromResult,
    .splitAxes,
    .channelsLast,
    .keepRowsInLoops,
  ]
}
