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
  /// Hendrycks and Gimpel's approximations of gelu ("Gaussian error linear units", 2016).
  case geluLogistic, geluLogisticSlope, geluTanh, geluTanhSlope

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
    case .rectify: return [.value(.realRectify, x)]
    case .tanh: return [.value(.realTanh, x)]
    case .logistic: return [.value(.realLogistic, x)]
    case .gate: return [.value(.realGate, y, x)]
    case .tanhFactor: return [x + .number(-1) * x * y * y]
    case .gelu: return [x * normal(x)]
    case .geluSlope:
      let density =
        Formula.number(0.398_942_280_401_432_7)
        * .value(.realExp, .number(-0.5) * x * x)
      return [x * normal(x), normal(x) + x * density]
    case .silu: return [gated(x)[0]]
    case .siluSlope: return gated(x)
    case .geluLogistic: return [gated(.number(1.702) * x)[0]]
    case .geluLogisticSlope: return gated(.number(1.702) * x, slope: .number(1.702))
    case .geluTanh: return [bent(x)[0]]
    case .geluTanhSlope: return bent(x)
    }
  }

  /// The normal distribution function.
  private static func normal(_ x: Formula) -> Formula {
    .number(0.5) + .number(0.5) * .value(.realErf, .number(0.5.squareRoot()) * x)
  }

  /// x s, where s is the logistic function of u, and its derivative by that of u.
  private static func gated(_ u: Formula, slope: Formula = .number(1)) -> [Formula] {
    let (x, s) = (Formula.input(0), Formula.value(.realLogistic, u))
    return [x * s, s + x * slope * (s + .number(-1) * s * s)]
  }

  /// Gelu's approximation x (1 + tanh u) / 2 and its derivative.
  private static func bent(_ x: Formula) -> [Formula] {
    let rate = Formula.number(0.797_884_560_802_865_4)
    let t = Formula.value(.realTanh, rate * (x + .number(0.044715) * x * x * x))
    let slope = rate * (.number(1) + .number(0.134145) * x * x)
    let share = .number(0.5) + .number(0.5) * t
    return [x * share, share + .number(0.5) * x * slope * (.number(1) + .number(-1) * t * t)]
  }
}
