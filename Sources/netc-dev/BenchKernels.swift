import Foundation
import NetcCore
import NetcRuntime

/// Times kernels as one thread runs them, after checking their results: `netc-dev bench [--set N]
/// [--double] [NAME]`.
enum BenchKernels {
  private struct Case {
    let name: String
    let instruction: any DefinedInstruction
    /// Floating-point operations, or elements where `perElement`.
    let work: Double
    let perElement: Bool
    /// The largest distance of sampled results from naive ones.
    let check: (KernelProbe) -> Double
  }

  static func run(_ arguments: [String]) throws {
    var set = KernelProbe.bestSet
    var precision = Precision.single
    var filter = ""
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--set": set = rest.popFirst().flatMap { Int($0) } ?? set
      case "--double": precision = .double
      default: filter = argument
      }
    }
    set = min(max(set, 0), KernelProbe.bestSet)
    let timer = KernelTimer(set: set, precision: precision)
    print("set \(set), \(precision.rawValue): \(text(timer.peak(), 1)) GFLOP/s in registers")
    for one in cases where filter.isEmpty || one.name.contains(filter) {
      report(one, KernelProbe(one.instruction, precision, set: set, isAlone: true), timer)
    }
    try BenchConvolutions.run(timer, filter)
  }

  private static func report(
    _ one: Case, _ probe: KernelProbe, _ timer: KernelTimer
  ) {
    probe.run()
    let error = one.check(probe)
    guard error <= (timer.precision == .single ? 1e-3 : 1e-11) else {
      print("\(one.name): WRONG by \(error)")
      return
    }
    let times = timer.measure([{ probe.run(times: $0) }])[0]
    let spread = text(100 * (times.high - times.low) / times.median, 0)
    let speed = one.work / times.median / 1e9
    let share = text(100 * one.work / times.peaks / 1e9, 0)
    let rate =
      one.perElement
      ? "\(text(1 / speed, 3)) ns/element" : "\(text(speed, 1)) GFLOP/s, \(share) % of the peak"
    let time = "\(text(times.median * 1e6, 2)) µs"
    print("\(one.name): \(time), \(rate), spread \(spread) %, parts \(probe.parts)")
  }

  private static func text(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  private static var cases: [Case] {
    products + maps + [
      moved("softmax 128x10", SoftmaxInstruction(rows: 128, n: 10), 1280),
      moved(
        "column sums 128x512",
        ReduceInstruction(axes: ThreeAxes(outer: 1, n: 128, inner: 512), operation: .sum), 65536),
      moved(
        "row sums 128x512",
        ReduceInstruction(axes: ThreeAxes(outer: 128, n: 512, inner: 1), operation: .sum), 65536),
    ]
      + [
        CopyInstruction(
          type: .float, shape: [512, 512], output: .init(strides: [512, 1]),
          input: .init(strides: [1, 512])
        ).map { moved("transpose 512x512", $0, 262_144) }
      ].compactMap { $0 }
  }

  private static func moved(_ name: String, _ instruction: any DefinedInstruction, _ count: Int)
    -> Case
  {
    Case(name: name, instruction: instruction, work: Double(count), perElement: true) { _ in 0 }
  }

  private static var products: [Case] {
    ProductShapes.all.map { workload, shape in
      let gemm = shape.instruction
      return Case(
        name: "\(workload) \(shape.name)", instruction: gemm, work: shape.work, perElement: false
      ) { probe in
        (0..<50).map { sample in
          let (i, j) = (sample * 7919 % shape.m, sample * 104_729 % shape.n)
          let q = sample % shape.batch
          let sum = (0..<shape.k).reduce(0.0) {
            $0 + probe.element(1, q * gemm.a.batch1 + i * gemm.a.row + $1 * gemm.a.column)
              * probe.element(2, q * gemm.b.batch1 + $1 * gemm.b.row + j * gemm.b.column)
          }
          return abs(sum - probe.element(0, q * gemm.c.batch1 + i * shape.n + j))
        }.max() ?? 0
      }
    }
  }

  private static var maps: [Case] {
    [1024, 65536].flatMap { count -> [Case] in
      let unary: [(String, MicroOperation, (Double) -> Double)] = [
        ("exp", .realExp, { exp($0) }), ("tanh", .realTanh, { tanh($0) }),
        ("logistic", .realLogistic, { 1 / (1 + exp(-$0)) }), ("erf", .realErf, { erf($0) }),
        ("log", .realLog, { $0 > 0 ? log($0) : .nan }), ("sin", .realSine, { sin($0) }),
        ("sqrt", .realSqrt, { $0.squareRoot() }),
      ]
      return unary.compactMap { name, operation, naive in
        map("\(name) \(count)", [count], inputs: 1, { naive($0[0]) }) { b, x in
          b.apply(operation, x[0])
        }
      }
        + [
          map("add \(count)", [count], inputs: 2, { $0[0] + $0[1] }) { b, x in
            b.apply(.realAdd, x[0], x[1])
          },
          map("relu \(count)", [count], inputs: 1, { $0[0] <= 0 ? 0 : $0[0] }) { b, x in
            let zero = b.scalar(.float, 0)
            return b.apply(.realSelect, b.apply(.realLessOrEqual, x[0], zero), zero, x[0])
          },
        ].compactMap { $0 }
    }
  }

  private static func map(
    _ name: String, _ shape: [Int], inputs: Int, _ naive: @escaping ([Double]) -> Double,
    _ body: (inout MapBuilder, [MapBuilder.Value]) -> MapBuilder.Value
  ) -> Case? {
    var b = MapBuilder(shape: shape)
    let values = (0..<inputs).map { _ in b.input(.float) }
    b.output(body(&b, values))
    guard let map = try? b.build() else { return nil }
    return Case(name: name, instruction: map, work: Double(map.count), perElement: true) { probe in
      (0..<map.count).map { k in
        let wanted = naive((0..<inputs).map { probe.element($0 + 1, k) })
        let found = probe.element(0, k)
        return found.isNaN && wanted.isNaN ? 0 : abs(found - wanted)
      }.max() ?? 0
    }
  }
}
