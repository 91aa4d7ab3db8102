/// How `compare` relates its operands; StableHLO's words.
package enum ComparisonDirection: String, Hashable, Sendable, CaseIterable {
  case eq = "EQ"
  case ne = "NE"
  case lt = "LT"
  case le = "LE"
  case gt = "GT"
  case ge = "GE"
}
