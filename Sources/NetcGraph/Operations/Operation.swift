package import NetcCore

/// A primitive operation: one file under `Operations/`, one line in `OperationCatalogue`.
///
/// Elementwise operations take operands of one shape; broadcasting is explicit
/// (`broadcast_in_dim`).
package protocol Operation: Sendable {
  /// The name in dumps and in `.net`; StableHLO's where it has the operation.
  var name: String { get }
  /// The name `.net` calls it by, where it is shorter than `name` (`exp`, `sin`, `broadcast`).
  var netName: String { get }
  /// One sentence: what it computes, with shapes.
  var summary: String { get }
  /// The operands' names in order; the last may stand for several when `takesManyOperands`.
  var operandNames: [String] { get }
  /// Whether any number of operands is taken (`concatenate`, `composite`).
  var takesManyOperands: Bool { get }
  /// The attributes in the order `.net` and dumps print them.
  var attributeNames: [String] { get }
  /// What attributes left out in `.net` stand for.
  var attributeDefaults: Attributes { get }
  /// The StableHLO operation it is emitted as, or how it is expressed there.
  var stableHLO: String { get }
  /// What the derivative is.
  var differentiability: Differentiability { get }
  /// How the result bends with the operands; `.opaque()` unless said.
  var curvature: CurvatureRule { get }

  /// Whether a rank-0 call on constants and `step` alone is computed in double outside the tensor
  /// program: constants, dimensions, `step` and the elementwise operations.
  var isHostable: Bool { get }

  /// The types of the results.
  /// - Throws: when operands or attributes do not fit, in words fit for a user's eyes.
  func resultTypes(
    _ operands: [TensorType], _ attributes: Attributes
  ) throws(OperationTypeError) -> [TensorType]

  /// What is wrong with a call that `resultTypes` accepted once its symbols have these sizes; nil
  /// when nothing is.
  func bindingProblem(
    _ operands: [TensorType], _ attributes: Attributes, _ bindings: DimBindings
  ) -> String?

  /// The adjoints of the operands from those of the results, written in operations; nil where none
  /// flows.
  func gradient(_ call: PrimalCall, _ b: inout GraphBuilder) -> [ValueID?]

  /// The reference semantics: naive, exact in order, generic over the number type.
  func evaluate<S: ReferenceScalar>(_ call: EvaluationCall<S>) -> [ReferenceTensor<S>]

  /// `evaluate` in single precision: a requirement of its own, so that the compiler specialises the
  /// loops.
  func evaluateSingle(_ call: EvaluationCall<Float>) -> [ReferenceTensor<Float>]
  /// `evaluate` in double precision: a requirement of its own, so that the compiler specialises the
  /// loops.
  func evaluateDouble(_ call: EvaluationCall<Double>) -> [ReferenceTensor<Double>]

  /// Small calls that tests differentiate, evaluate, print and compile.
  var samples: [OperationSample] { get }
}

extension Operation {
  package var takesManyOperands: Bool { false }
  package var curvature: CurvatureRule { .opaque() }
  package var attributeNames: [String] { [] }
  package var attributeDefaults: Attributes { .none }
  package var netName: String { name }
  package func bindingProblem(
    _ operands: [TensorType], _ attributes: Attributes, _ bindings: DimBindings
  ) -> String? { nil }
  package var isHostable: Bool { false }
  package func evaluateSingle(_ call: EvaluationCall<Float>) -> [ReferenceTensor<Float>] {
    evaluate(call)
  }
  package func evaluateDouble(_ call: EvaluationCall<Double>) -> [ReferenceTensor<Double>] {
    evaluate(call)
  }
}

/// What the derivative of an operation is.
package enum Differentiability: Sendable {
  /// `gradient` gives the operands' adjoints.
  case rule
  /// Zero almost everywhere (`floor`, `sign`, comparisons, `argmax`): nothing flows.
  case zero
  /// No operand is a real number or there are no operands.
  case source
}

/// Operands or attributes that an operation's type rule refuses.
package struct OperationTypeError: Error, Hashable, Sendable {
  /// What was found and expected: lower case, no full stop.
  package let message: String
  /// The operand at fault, if it is one.
  package let operand: Int?

  /// A refusal in these words.
  package init(_ message: String, operand: Int? = nil) {
    self.message = message
    self.operand = operand
  }
}

/// A node of the forward graph as its gradient rule sees it.
package struct PrimalCall: Sendable {
  /// Its operands, in order.
  package let operands: [ValueID]
  /// Its results, in order.
  package let results: [ValueID]
  /// Its compile-time arguments.
  package let attributes: Attributes
  /// The adjoint of each result; nil where nothing flows back.
  package let adjoints: [ValueID?]
  /// Which operands' adjoints are asked for; the others may be nil.
  package let wanted: [Bool]

  /// A node of these parts.
  package init(
    operands: [ValueID], results: [ValueID], attributes: Attributes, adjoints: [ValueID?],
    wanted: [Bool]
  ) {
    self.operands = operands
    self.results = results
    self.attributes = attributes
    self.adjoints = adjoints
    self.wanted = wanted
  }

  /// The first operand.
  package var x: ValueID { operands[0] }
  /// The first result.
  package var y: ValueID { results[0] }
  /// The adjoint of the only result; a rule is called only when one flows.
  package var d: ValueID {
    guard let adjoint = adjoints[0] else {
      internalError("gradient rule called without an adjoint")
    }
    return adjoint
  }
}

/// A small call of an operation with numbers, used by contract tests.
package struct OperationSample: Sendable {
  /// The operands' numbers, in order.
  package let operands: [Tensor]
  /// Its compile-time arguments.
  package let attributes: Attributes

  /// Real operands as doubles; the samples keep away from kinks.
  package init(_ operands: [Tensor], _ attributes: Attributes = .none) {
    self.operands = operands
    self.attributes = attributes
  }
}
