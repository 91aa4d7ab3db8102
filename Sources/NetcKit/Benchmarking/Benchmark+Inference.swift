import NetcCore
import NetcGraph
import NetcRuntime
import NetcSemantics

extension Benchmark {
  /// The outputs for some examples, again and again: numbers copied in, computed, copied out.
  public final class Inference {
    /// How many examples a call takes.
    public let examples: Int
    /// Bytes of the parameters and states, each of which a call reads.
    public let parameterBytes: Int
    private let call: PreparedRun
    private let model: CompiledModel
    private let blockSeconds: Double

    fileprivate init(
      _ call: PreparedRun, _ model: CompiledModel, examples: Int, parameterBytes: Int,
      blockSeconds: Double
    ) {
      self.examples = examples
      self.call = call
      self.model = model
      self.parameterBytes = parameterBytes
      self.blockSeconds = blockSeconds
    }

    /// One call.
    public func run() { call.run() }

    /// Calls until a block's seconds are over.
    /// - Returns: the seconds of each, ascending.
    public func block() -> [Double] {
      var times: [Double] = []
      let all = Stopwatch()
      repeat {
        let watch = Stopwatch()
        call.run()
        times.append(watch.seconds)
      } while all.seconds < blockSeconds
      return times.sorted()
    }

    /// What each instruction of a call takes, longest first.
    public func profile() -> [InstructionCost] {
      let watch = Stopwatch()
      run()
      let calls = max(20, Int(min(blockSeconds / max(watch.seconds, 1e-6), 1e6)))
      return call.profile(calls: calls).map { InstructionCost($0, model) }
        .sorted { $0.nanoseconds > $1.nanoseconds }
    }
  }

  /// Plans the outputs for the first examples of the data, `batch` of the options or one, and warms
  /// up for half a block.
  /// - Throws: `NetcError.unsupported` when the program has no `output`.
  public func inference() throws(NetcError) -> Inference {
    let graph = try model.graph(ofOutputs: [])
    let needed = graph.inputNames
    let rows = Array(data.rows.prefix(max(1, options.batch ?? 1)))
    var inputs: [String: Tensor] = [:]
    for input in model.model.inputs where needed.contains(input.name) {
      let shape = try BenchmarkData.rowShape(input, options.run.dimensions)
      guard let column = data.columns.first(where: { $0.name == input.name }),
        let numbers = column.numbers(rows: rows, as: input.type.element),
        let tensor = Tensor(shape: [rows.count] + shape, numbers)
      else { throw .feed("no data for the input `\(input.name)`") }
      inputs[input.name] = tensor
    }
    let plans = session.plans(ofOne: graph)
    do {
      let call = try PreparedRun(session.executor, plans, batch: rows.count, inputs: inputs)
      let layout = try? PersistentLayout(
        of: [graph], bindings: plans.bindings(batch: rows.count),
        precision: model.options.precision)
      let inference = Inference(
        call, model, examples: rows.count, parameterBytes: layout?.bytes ?? 0,
        blockSeconds: options.blockSeconds)
      let watch = Stopwatch()
      while watch.seconds < options.blockSeconds / 2 { inference.run() }
      return inference
    } catch {
      throw .feed(error.message)
    }
  }
}

extension Benchmark {
  /// Bytes a second that the threads read together from so many bytes, each its own share again and
  /// again: the median of five stretches of a few ms.
  public func readRate(bytes: Int) -> Double {
    let set = min(options.run.instructionSet?.number ?? KernelProbe.bestSet, KernelProbe.bestSet)
    let share = max(bytes / threads, 4096)
    let rounds = max(1, 200_000_000 / share)
    let probes = (0..<threads).map { _ in ReadProbe(bytes: share, set: set) }
    let rates = (0..<5).map { _ in
      let others = probes.dropFirst().map { probe in Beside { probe.rate(rounds) } }
      let own = probes[0].rate(rounds)
      return others.reduce(own) { $0 + $1.value() }
    }
    return rates.sorted()[rates.count / 2]
  }
}

extension ReadProbe {
  /// Bytes a second.
  fileprivate func rate(_ rounds: Int) -> Double {
    let watch = Stopwatch()
    return Double(run(rounds: rounds)) / watch.seconds
  }
}

extension DataFeed.Column {
  /// The numbers of some rows as an element.
  fileprivate func numbers(rows: [Int32], as element: ElementType) -> Tensor.Storage? {
    guard
      let feed = try? DataFeed(columns: [self], rows: rows, batch: 1),
      let numbers = feed.tensor(name, rows: rows)?.doubles
    else { return nil }
    switch element {
    case .float: return .double(numbers)
    case .int: return .int(numbers.map { Int32(clampedFrom: $0) })
    case .bool: return .bool(numbers.map { $0 != 0 })
    }
  }
}
