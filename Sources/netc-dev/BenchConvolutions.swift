import Foundation
import NetcCore
import NetcGraph
import NetcRuntime

/// Times convolutions and their adjoints as a plan computes them, kernels packed on the way: each
/// after its results were checked against naive sums.
enum BenchConvolutions {
  static func run(_ timer: KernelTimer, _ filter: String) throws {
    let shapes = ConvolutionShape.all.filter { filter.isEmpty || $0.name.contains(filter) }
    for shape in shapes { try report(shape, timer) }
  }

  /// The convolution, its adjoint in the input and its adjoint in the kernel.
  private static let results = ["forward", "input", "kernel"]

  private static func report(_ shape: ConvolutionShape, _ timer: KernelTimer) throws {
    let operands = Operands(shape)
    // The pixels of a network's first layer have no adjoint.
    let places = shape.isFirst ? [0, 2] : [0, 1, 2]
    let probes = try places.map { place in
      try PlanProbe(graph(shape, place), operands.tensors, timer.precision, set: timer.set)
    }
    for (probe, place) in zip(probes, places) {
      probe.run()
      guard let result = probe.results.first?.doubles else { continue }
      let error = operands.error(of: result, place)
      guard error <= (timer.precision == .single ? 1e-5 : 1e-13) else {
        print("\(shape.name): \(results[place]) WRONG by \(error)")
        return
      }
    }
    let times = timer.measure(probes.map { probe in { probe.run(times: $0) } })
    let rates = zip(times, places).map { time, place in
      let speed = pad(text(shape.work / time.median / 1e9), 6)
      let peak = pad(text(100 * shape.work / time.peaks / 1e9), 4)
      let share = place > 0 ? pad(text(100 * time.share), 5) + " % of forward" : ""
      return "\(results[place]) \(speed) GFLOP/s,\(peak) % of peak" + share
    }
    let name = shape.name.padding(toLength: 46, withPad: " ", startingAt: 0)
    print(([name] + rates).joined(separator: "  "))
  }

  /// A graph whose one result is the convolution or an adjoint.
  private static func graph(_ shape: ConvolutionShape, _ place: Int) -> Graph {
    var b = GraphBuilder()
    let operands = zip(["x", "kernel", "d"], shape.shapes).map { name, shape in
      b.parameter(name, TensorType(.float, Shape(sizes: shape)))
    }
    let y = b.convolution(operands[0], operands[1], shape.axes)
    let call = PrimalCall(
      operands: [operands[0], operands[1]], results: [y], attributes: shape.axes.attributes,
      adjoints: [operands[2]], wanted: [place == 1, place == 2])
    let adjoints = place > 0 ? OpID.convolution.operation.gradient(call, &b) : []
    b.graph.results = [GraphResult(.output, results[place], adjoints.compactMap { $0 }.first ?? y)]
    return b.graph
  }

  private static func text(_ value: Double) -> String { String(format: "%.0f", value) }

  private static func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

/// Numbers for a convolution and naive sums of them.
private struct Operands {
  let shape: ConvolutionShape
  /// The input, the kernel and the adjoint of the result, in [-1, 1).
  let numbers: [[Float]]

  init(_ shape: ConvolutionShape) {
    self.shape = shape
    let draws = Philox(seed: 1, site: "convolution")
    numbers = shape.shapes.enumerated().map { place, sizes in
      draws.uniforms(count: sizes.reduce(1, *), step: UInt64(place)).map { 2 * $0 - 1 }
    }
  }

  var tensors: [(name: String, tensor: Tensor)] {
    zip(["x", "kernel", "d"], zip(shape.shapes, numbers)).compactMap { name, content in
      Tensor(shape: content.0, .float(content.1)).map { (name, $0) }
    }
  }

  /// The largest distance of some results from naive sums, as a share of the number of terms.
  func error(of result: [Double], _ place: Int) -> Double {
    let terms = [
      shape.channels * shape.kernel * shape.kernel, shape.features * shape.kernel * shape.kernel,
      shape.batch * shape.positions * shape.positions,
    ][place]
    let worst =
      (0..<50).map { sample in
        let at = sample * 15_485_863 % result.count
        let expected = [y, dx, dkernel][place](at)
        return abs(result[at] - expected)
      }.max() ?? 0
    return worst / Double(terms).squareRoot()
  }

  private func x(_ n: Int, _ row: Int, _ column: Int, _ channel: Int) -> Double {
    let size = shape.size
    guard row >= 0, row < size, column >= 0, column < size else { return 0 }
    let at =
      shape.isFirst
      ? ((n * shape.channels + channel) * size + row) * size + column
      : ((n * size + row) * size + column) * shape.channels + channel
    return Double(numbers[0][at])
  }

  private func w(_ feature: Int, _ channel: Int, _ tap: Int) -> Double {
    let taps = shape.kernel * shape.kernel
    return Double(numbers[1][(feature * shape.channels + channel) * taps + tap])
  }

  private func d(_ n: Int, _ row: Int, _ column: Int, _ feature: Int) -> Double {
    let size = shape.positions
    guard row >= 0, row < size, column >= 0, column < size else { return 0 }
    return Double(numbers[2][((n * size + row) * size + column) * shape.features + feature])
  }

  private func y(_ at: Int) -> Double {
    let (size, kernel) = (shape.positions, shape.kernel)
    let pixel = at / shape.features
    let (n, row, column) = (pixel / (size * size), pixel / size % size, pixel % size)
    return (0..<kernel * kernel).reduce(0.0) { sum, tap in
      let q = row * shape.stride + tap / kernel - shape.low
      let p = column * shape.stride + tap % kernel - shape.low
      return (0..<shape.channels).reduce(sum) {
        $0 + x(n, q, p, $1) * w(at % shape.features, $1, tap)
      }
    }
  }

  private func dx(_ at: Int) -> Double {
    let (size, kernel) = (shape.size, shape.kernel)
    let pixel = at / shape.channels
    let (n, row, column) = (pixel / (size * size), pixel / size % size, pixel % size)
    return (0..<kernel * kernel).reduce(0.0) { sum, tap in
      let q = row + shape.low - tap / kernel
      let p = column + shape.low - tap % kernel
      guard q >= 0, p >= 0, q % shape.stride == 0, p % shape.stride == 0 else { return sum }
      return (0..<shape.features).reduce(sum) {
        $0 + d(n, q / shape.stride, p / shape.stride, $1) * w($1, at % shape.channels, tap)
      }
    }
  }

  private func dkernel(_ at: Int) -> Double {
    let kernel = shape.kernel
    let (pair, tap) = (at / (kernel * kernel), at % (kernel * kernel))
    let (feature, channel) = (pair / shape.channels, pair % shape.channels)
    let places = shape.positions * shape.positions
    return (0..<shape.batch * places).reduce(0.0) { sum, place in
      let n = place / places
      let (q, p) = (place % places / shape.positions, place % shape.positions)
      return sum + d(n, q, p, feature)
        * x(
          n, q * shape.stride + tap / kernel - shape.low,
          p * shape.stride + tap % kernel - shape.low, channel)
    }
  }
}
