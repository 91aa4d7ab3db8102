import Testing

/// Derivatives that are zero whatever the numbers are reported, in loops too.
@Suite struct GradientReachTests {
  private static let start = """
    input x: float[batch, 3]
    param w: float[3] = [1, 2, 3]

    """

  /// Programs with the message they draw.
  private static let refused = [
    ("let s = sum(w)\nlet v = 2 * w\noutput o = grad(s, v)", "does not depend on"),
    (
      "output o = grad(sum(stop_gradient(w) * w[:1]) - sum(w[:1] * stop_gradient(w)) * 0, x)",
      "does not depend on"
    ),
    ("let s = sum(floor(w))\noutput o = grad(s, w)", "only where derivatives are zero"),
    ("let s = sum(stop_gradient(w))\noutput o = grad(s, w)", "only where derivatives are zero"),
    (
      "let s = sum(w * w)\nvar v = w\nscan t in 0..<3 { v = v - grad(s, w) }\noutput v",
      "computed before the loop"
    ),
    (
      "var v = w\nscan t in 0..<3 { let z = v * 2\n let e = sum(w)\n v = v - grad(e, z) }",
      "does not depend on"
    ),
    (
      "var v = w\nscan t in 0..<3 { let z = v\n let e = sum(sign(z))\n v = v - grad(e, z) }",
      "only where derivatives are zero"
    ),
    (
      "var a = 0.0\nvar n = 0.0\nscan t in 0..<3 { a = a + sum(w)\n n = n + 1 }\n"
        + "output o = grad(n, w)",
      "does not depend on"
    ),
    (
      "var a = 0.0\nscan t in 0..<3 { a = a + sum(floor(w)) }\noutput o = grad(a, w)",
      "only where derivatives are zero"
    ),
  ]

  @Test(arguments: refused) func zeroDerivativesAreReported(text: String, message: String) {
    let report = Analyzed(Self.start + text).report
    #expect(report.contains("[E0355]") && report.contains(message), "\(report)")
  }

  /// A derivative that takes several turns to arrive.
  @Test func derivativesThroughTurnsAreFound() {
    let text = """
      var a = sum(w)
      var b = 0.0
      var c = 0.0
      scan t in 0..<3 { c = c + b
        b = b + a }
      output o = grad(c, w)
      """
    #expect(!Analyzed(Self.start + text).report.contains("E0355"))
  }
}
