#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A number type of the reference interpreter, with the C library's functions.
package protocol ReferenceScalar: BinaryFloatingPoint, Sendable {
  /// e^x.
  static func exp(_ x: Self) -> Self
  /// e^x - 1, exact near 0.
  static func expm1(_ x: Self) -> Self
  /// The natural logarithm.
  static func log(_ x: Self) -> Self
  /// log(1 + x), exact near 0.
  static func log1p(_ x: Self) -> Self
  /// The sine, in radians.
  static func sin(_ x: Self) -> Self
  /// The cosine, in radians.
  static func cos(_ x: Self) -> Self
  /// The hyperbolic tangent.
  static func tanh(_ x: Self) -> Self
  /// The error function.
  static func erf(_ x: Self) -> Self
  /// x^y.
  static func pow(_ x: Self, _ y: Self) -> Self
  /// What x/y rounded towards 0 leaves.
  static func fmod(_ x: Self, _ y: Self) -> Self
  /// Calls the operation's evaluation compiled for this very type.
  static func evaluate(
    _ operation: any Operation, _ call: EvaluationCall<Self>
  ) -> [ReferenceTensor<Self>]
}

extension Float: ReferenceScalar {
  package static func exp(_ x: Float) -> Float { expf(x) }
  package static func expm1(_ x: Float) -> Float { expm1f(x) }
  package static func log(_ x: Float) -> Float { logf(x) }
  package static func log1p(_ x: Float) -> Float { log1pf(x) }
  package static func sin(_ x: Float) -> Float { sinf(x) }
  package static func cos(_ x: Float) -> Float { cosf(x) }
  package static func tanh(_ x: Float) -> Float { tanhf(x) }
  package static func erf(_ x: Float) -> Float { erff(x) }
  package static func pow(_ x: Float, _ y: Float) -> Float { powf(x, y) }
  package static func fmod(_ x: Float, _ y: Float) -> Float { fmodf(x, y) }
  package static func evaluate(
    _ operation: any Operation, _ call: EvaluationCall<Float>
  ) -> [ReferenceTensor<Float>] { operation.evaluateSingle(call) }
}

extension Double: ReferenceScalar {
  #if canImport(Glibc)
    package static func exp(_ x: Double) -> Double { Glibc.exp(x) }
    package static func expm1(_ x: Double) -> Double { Glibc.expm1(x) }
    package static func log(_ x: Double) -> Double { Glibc.log(x) }
    package static func log1p(_ x: Double) -> Double { Glibc.log1p(x) }
    package static func sin(_ x: Double) -> Double { Glibc.sin(x) }
    package static func cos(_ x: Double) -> Double { Glibc.cos(x) }
    package static func tanh(_ x: Double) -> Double { Glibc.tanh(x) }
    package static func erf(_ x: Double) -> Double { Glibc.erf(x) }
    package static func pow(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
    package static func fmod(_ x: Double, _ y: Double) -> Double { Glibc.fmod(x, y) }
  #else
    package static func exp(_ x: Double) -> Double { Darwin.exp(x) }
    package static func expm1(_ x: Double) -> Double { Darwin.expm1(x) }
    package static func log(_ x: Double) -> Double { Darwin.log(x) }
    package static func log1p(_ x: Double) -> Double { Darwin.log1p(x) }
    package static func sin(_ x: Double) -> Double { Darwin.sin(x) }
    package static func cos(_ x: Double) -> Double { Darwin.cos(x) }
    package static func tanh(_ x: Double) -> Double { Darwin.tanh(x) }
    package static func erf(_ x: Double) -> Double { Darwin.erf(x) }
    package static func pow(_ x: Double, _ y: Double) -> Double { Darwin.pow(x, y) }
    package static func fmod(_ x: Double, _ y: Double) -> Double { Darwin.fmod(x, y) }
  #endif
  package static func evaluate(
    _ operation: any Operation, _ call: EvaluationCall<Double>
  ) -> [ReferenceTensor<Double>] { operation.evaluateDouble(call) }
}
