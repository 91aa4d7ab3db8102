import CNetc
import NetcCore
import NetcRuntime
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The functions of one number against the C library in more precision: the largest error in units
/// of the last place.
@Suite struct ElementaryFunctionTests {
  struct Function: CustomTestStringConvertible, Sendable {
    let operation: MicroOperation
    /// Where errors are measured.
    let range: ClosedRange<Double>
    /// Allowed units of the last place in single and double precision.
    let allowed: (single: Double, double: Double)
    let reference: @Sendable (Float80) -> Float80

    var testDescription: String { "\(operation)" }
  }

  static let functions: [Function] = [
    Function(operation: .realExp, range: -87...88.7, allowed: (1.5, 1.5)) { expl($0) },
    Function(operation: .realExpm1, range: -20...88.7, allowed: (2, 2)) { expm1l($0) },
    Function(operation: .realLog, range: 1e-37...1e37, allowed: (1.5, 1.5)) { logl($0) },
    Function(operation: .realLog, range: 0.5...2, allowed: (1.5, 1.5)) { logl($0) },
    Function(operation: .realLog1p, range: -0.999...3, allowed: (2.5, 2.5)) { log1pl($0) },
    Function(operation: .realTanh, range: -12...12, allowed: (3, 3)) { tanhl($0) },
    Function(operation: .realTanh, range: -0.01...0.01, allowed: (3, 3)) { tanhl($0) },
    Function(operation: .realLogistic, range: -80...40, allowed: (2.5, 2.5)) {
      1 / (1 + expl(-$0))
    },
    Function(operation: .realErf, range: -6...6, allowed: (2.5, 2)) { erfl($0) },
    Function(operation: .realSine, range: -1000...1000, allowed: (1, 1.5)) { sinl($0) },
    Function(operation: .realCosine, range: -1000...1000, allowed: (1, 1.5)) { cosl($0) },
    Function(operation: .realSine, range: -4...4, allowed: (1, 1.5)) { sinl($0) },
  ]

  #if DEBUG
    static let points = 2000
  #else
    static let points = 200_000
  #endif

  @Test(arguments: functions.indices)
  func errorsStayWithinBounds(place: Int) throws {
    let function = Self.functions[place]
    for precision in Precision.allCases {
      var numbers = SeededNumbers(3)
      let inputs = (0..<Self.points).map { k -> Double in
        let low = function.range.lowerBound
        let high = function.range.upperBound
        // Half of the points of a range that spans many magnitudes are spread over them.
        if low > 0, high / low > 1e6, k % 2 == 0 {
          return Double(Float(exp(numbers.next(log(low), log(high)))))
        }
        return numbers.next(low, high)
      }
      let rounded = inputs.map { x in
        precision == .single ? Double(Float(x)) : x * (1 + numbers.next(0, 0x1p-25))
      }
      for isa in machineSets {
        let results = try apply(function.operation, [rounded], precision, isa)
        var worst = (error: 0.0, at: 0.0)
        for (x, y) in zip(rounded, results) {
          let error = units(y, function.reference(Float80(x)), precision)
          if !(error <= worst.error) { worst = (error, x) }
        }
        let allowed = precision == .single ? function.allowed.single : function.allowed.double
        #expect(
          worst.error <= allowed,
          "\(function.operation), \(precision), set \(isa): \(worst.error) units at \(worst.at)")
      }
    }
  }

  @Test func powersStayWithinBounds() throws {
    for precision in Precision.allCases {
      var numbers = SeededNumbers(4)
      let bases = (0..<Self.points).map { _ in exp2(numbers.next(-30, 30)) }
      let limit = precision == .single ? 80.0 : 700.0
      let x = bases.map {
        precision == .single ? Double(Float($0)) : $0 * (1 + numbers.next(0, 0x1p-25))
      }
      let y = x.map { numbers.next(-limit, limit) / max(1, abs(log($0))) }
        .map { precision == .single ? Double(Float($0)) : $0 * (1 + numbers.next(0, 0x1p-25)) }
      for isa in machineSets {
        let results = try apply(.realPower, [x, y], precision, isa)
        var worst = 0.0
        for k in x.indices {
          worst = max(worst, units(results[k], powl(Float80(x[k]), Float80(y[k])), precision))
        }
        #expect(worst <= 1.5, "power, \(precision), set \(isa): \(worst) units")
      }
    }
  }

  @Test func edgesAreThoseOfTheCLibrary() throws {
    let edges: [Double] = [
      0, -0.0, 1, -1, .infinity, -.infinity, .nan, 1e-30, -1e-30, 5, -5, 700, -700, 90, -90, 0.5, 3,
      1e30, -1e30, 16_777_217, -2_000_003,
    ]
    let functions: [(MicroOperation, (Double) -> Double)] = [
      (.realExp, { exp($0) }), (.realExpm1, { expm1($0) }), (.realLog, { log($0) }),
      (.realLog1p, { log1p($0) }), (.realTanh, { tanh($0) }),
      (.realLogistic, { 1 / (1 + exp(-$0)) }), (.realErf, { erf($0) }),
      (.realSine, { sin($0) }), (.realCosine, { cos($0) }),
      (.realSqrt, { $0.squareRoot() }), (.realRsqrt, { 1 / $0.squareRoot() }),
      (.realFloor, { floor($0) }),
    ]
    for precision in Precision.allCases {
      let x = edges.map { precision == .single ? Double(Float($0)) : $0 }
      for isa in machineSets {
        for (operation, reference) in functions {
          let y = try apply(operation, [x], precision, isa)
          for (input, found) in zip(x, y) {
            expectEdge(found, reference(input), precision, "\(operation)(\(input)), set \(isa)")
          }
        }
        for (operation, reference) in [
          (MicroOperation.realPower, { pow($0, $1) }),
          (.realRemainder, { fmod($0, $1) }),
        ] {
          let a = x.flatMap { one in x.map { _ in one } }
          let b = x.flatMap { _ in x }
          let y = try apply(operation, [a, b], precision, isa)
          for k in a.indices {
            expectEdge(
              y[k], reference(a[k], b[k]), precision, "\(operation)(\(a[k]), \(b[k])), set \(isa)")
          }
        }
      }
    }
  }

  @Test func smallestNumbersAreNotLost() throws {
    for isa in machineSets {
      let single = try apply(.realExp, [[-100, -103]], .single, isa)
      #expect(single == [Double(expf(-100)), Double(expf(-103))])
      let tiny = Double(Float.leastNonzeroMagnitude)
      let logarithm = try apply(.realLog, [[tiny]], .single, isa)
      #expect(abs(logarithm[0] - log(tiny)) < 1e-5)
      let double = try apply(.realExp, [[-740]], .double, isa)
      #expect(double == [exp(-740)])
    }
  }

  private func expectEdge(
    _ found: Double, _ wanted: Double, _ precision: Precision, _ label: String
  ) {
    let rounded = precision == .single ? Double(Float(wanted)) : wanted
    if found.isNaN && rounded.isNaN || found == rounded { return }
    let relative = precision == .single ? 1e-6 : 1e-14
    #expect(abs(found - rounded) <= relative * abs(rounded), "\(label): \(found), not \(rounded)")
  }

  private func apply(
    _ operation: MicroOperation, _ x: [[Double]], _ precision: Precision, _ isa: Int
  ) throws -> [Double] {
    var b = MapBuilder(shape: [x[0].count])
    let inputs = x.map { _ in b.input(.float) }
    b.output(b.apply(operation, inputs))
    let map = try b.build()
    let rig = KernelRig(precision, operands: map.operands.map { ($0.type, x[0].count) })
    for (k, values) in x.enumerated() { rig[k + 1] = values }
    var context = netc_context()
    rig.run(map.code(precision), isa: isa, context: &context)
    return rig[0]
  }

  /// The distance of a result from the exact value, in units of the last place of the exact value's
  /// rounding.
  private func units(_ found: Double, _ exact: Float80, _ precision: Precision) -> Double {
    let unit =
      precision == .single
      ? Float80(max(Float(exact).ulp, .leastNormalMagnitude.ulp)) : Float80(Double(exact).ulp)
    return Double(abs(Float80(found) - exact) / unit)
  }
}
