import CNetc
import NetcCore
import NetcGraph

/// What a product does to each element of its result x, perhaps with factors y that lie alike;
/// some make a second result.
package enum ProductEpilogue: Int, CaseIterable, Sendable {
  /// 0 where x <= 0, else x.
  case rectify
  case tanh
  case logistic
  /// 0 where y <= 0, else x: the adjoint of a rectifier from its result.
  case gate
  /// (1 - y y) x: the adjoint of tanh from its result.
  case tanhFactor
  /// Activations, by themselves and with their derivative, which the adjoint multiplies.
  case gelu, geluSlope, silu, siluSlope
  /// Hendrycks and Gimpel's approximation of gelu ("Gaussian error linear units", 2016).
  case geluLogistic, geluLogisticSlope

  /// Its number in `NETC_EPILOGUES`, from 1.
  var number: Int32 { Int32(rawValue) + 1 }

  package var readsFactors: Bool { self == .gate || self == .tanhFactor }

  /// How many results it makes.
  package var results: Int { formulas.count }

  /// Estimated time of an element.
  var nanoseconds: Double {
    switch self {
    case .rectify, .gate, .tanhFactor: 0.05
    case .tanh: MicroOperation.realTanh.nanoseconds
    case .gelu, .geluSlope: 0.4
    default: MicroOperation.realLogistic.nanoseconds
    }
  }

  /// An epilogue and which output of a program each of its results is.
  struct Match {
    let epilogue: ProductEpilogue
    let outputs: [Int]
  }

  /// The epilogue that does to its input `input` what a program does, if any; its factors are then
  /// the other input.
  /// - Complexity: O(steps).
  static func match(_ program: MapInstruction, input: Int) -> Match? {
    guard program.outputs <= 2, program.tails.isEmpty, program.inputs <= 2,
      program.steps.count <= 24, program.places[0].type == .float,
      program.places.allSatisfy({ $0 == program.places[0] }),
      let found = Formula.results(of: program, first: input)
    else { return nil }
    for epilogue in allCases where epilogue.readsFactors == (program.inputs == 2) {
      for outputs in program.outputs == 1 ? [[0]] : [[0, 1], [1, 0]]
      where epilogue.results == outputs.count
        && zip(epilogue.formulas, outputs).allSatisfy({ $0.isSame(as: found[$1]) })
      {
        return Match(epilogue: epilogue, outputs: outputs)
      }
    }
    return nil
  }

  /// What its results are of x, input 0, and y.
  var formulas: [Formula] { ProductEpilogue.all[rawValue] }

  private static let all: [[Formula]] = allCases.map { epilogue in
    let (x, y) = (Formula.input(0), Formula.input(1))
    switch epilogue {
    case .rectify: return [.value(.realRectify, [x])]
    case .tanh: return [.value(.realTanh, [x])]
    case .logistic: return [.value(.realLogistic, [x])]
    case .gate: return [.value(.realGate, [y, x])]
    case .tanhFactor: return [.value(.realNegateMultiplyAdd, [y, y, .number(1)]) * x]
    case .gelu: return [normal(x)[0]]
    case .geluSlope: return normal(x)
    case .silu: return [gated(x, x)[0]]
    case .siluSlope: return gated(x, x)
    case .geluLogistic: return [gated(x, x * .number(1.702))[0]]
    case .geluLogisticSlope: return gated(x, x * .number(1.702))
    }
  }

  /// x F(x) with the normal distribution function F, and its derivative.
  private static func normal(_ x: Formula) -> [Formula] {
    let twice = Formula.value(.realNormal, [x])
    let bell = Formula.value(.realExp, [x * .number(-0.5) * x])
    let density = bell / .number((2 * Double.pi).squareRoot())
    return [x * .number(0.5) * twice, .multiplyAdd(twice, .number(0.5), x * density)]
  }

  /// x s, where s is the logistic function of u, a multiple of x, and its derivative.
  private static func gated(_ x: Formula, _ u: Formula) -> [Formula] {
    let s = Formula.value(.realLogistic, [u])
    return [x * s, .multiplyAdd(u * s, .number(1) - s, s)]
  }
}
