package import NetcCore
package import NetcGraph

/// What is known of how a value bends.
struct ValueCurvature: Sendable {
  /// A function of another value, element by element.
  struct Form: Hashable, Sendable {
    /// The number of that value.
    var atom: Int
    var pieces: ScalarPieces
  }

  var curvature: Curvature
  var sign: SignRange
  /// That of its logarithm, and of its square root; `.unknown` also where it may be negative.
  var logarithm = Curvature.unknown
  var root = Curvature.unknown
  /// It as a function of an atom.
  var form: Form
  /// For exp(f): f. For log(1 + exp(f)): f.
  var exponent: Form?
  var softTail: Form?
  /// For a truth value: where it holds.
  var regions: (atom: Int, regions: ScalarPieces.Regions)?
  /// What made it unknown.
  var cause: ConvexityCause?

  /// The number it is everywhere.
  var number: Double? { form.pieces.number }
}

/// The operation that convexity was lost at.
package struct ConvexityCause: Hashable, Sendable {
  /// The operation or function as the language writes it.
  package var operation: String
  /// What it was applied to: "an affine value".
  package var operands: String
  /// Where it is.
  package var range: SourceRange?
}

/// What is known of how a loss bends in the parameters.
package struct ConvexityReport: Hashable, Sendable {
  /// The loss's name.
  package var loss: String
  /// How it bends.
  package var curvature: Curvature
  /// For `.unknown`: where it was lost.
  package var cause: ConvexityCause?
}
