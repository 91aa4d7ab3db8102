import NetcCore
import NetcKit

/// `netc bench model.net`: how fast a model trains or answers on this machine.
enum BenchCommand: Command {
  static let name = "bench"
  static let summary = "measure training steps a second, or the latency of one example"
  static let arguments = "MODEL.net [options]"
  static let discussion = """
    Trains on arrays in memory, batches shuffled and gathered as in `run`: a warm-up, then five
    blocks of at least 0.6 s; the median counts. The arrays are drawn, or those of `--data DIR`:
    manifest.json, X.bin, Y.i32 and params.f32, with the first values of parameters.
    """
  static let examples = [
    (line: "netc bench model.net --threads 1", meaning: "steps a second on one core"),
    (line: "netc bench model.net --mode infer --json", meaning: "microseconds for one example"),
    (line: "netc bench model.net --profile", meaning: "the instructions of a step by their time"),
  ]
  static let data = OptionRule(
    "--data", value: "DIR", "arrays and first values to use (default: drawn ones)")
  static let mode = OptionRule(
    "--mode", value: "train|infer|check|first",
    "steps a second, one example's latency, 20 losses of fixed batches, one step (default train)")
  static let batch = OptionRule(
    "--batch", value: "N", "replace the file's batch size; with `infer`, examples of a call")
  static let blocks = OptionRule("--blocks", value: "N", "how many blocks (default 5)")
  static let steps = OptionRule("--steps", value: "N", "steps of `--mode check` (default 20)")
  static let serve = OptionRule("--serve", "warm up, then measure a block for each line `go`")
  static let profile = OptionRule("--profile", "list the instructions of a step by their time")
  static let options: [OptionRule] = [
    data, mode, batch, blocks, steps, serve, profile, .set, .allowOutside, .dim, .threads,
    .memory, .precision, .isa, .json,
  ]

  private enum Mode: String, CaseIterable {
    case train
    case infer
    case check
    case first
  }

  static func run(_ arguments: ParsedArguments, _ terminal: Terminal) throws(CommandFailure)
    -> Int32
  {
    let start = ContinuousClock.now
    var options = BenchmarkOptions()
    options.run = try ModelArguments.runOptions(arguments)
    options.folder = arguments.value(data)
    let chosen = try reading { () throws(UsageError) in
      options.batch = try arguments.whole(batch)
      return try arguments.choice(mode, among: Mode.allCases.map(\.rawValue))
    }
    let model = try ModelArguments.model(arguments, terminal)
    let compiled = seconds(since: start)
    let benchmark = try running { () throws(NetcError) in try Benchmark(model, options: options) }
    let output = Output(benchmark, arguments, terminal, compileSeconds: compiled, start: start)
    switch chosen.flatMap(Mode.init(rawValue:)) ?? .train {
    case .train: try output.train()
    case .infer: try output.infer()
    case .check: try output.check()
    case .first: try output.first()
    }
    return 0
  }

  fileprivate static func seconds(since start: ContinuousClock.Instant) -> Double {
    let elapsed = ContinuousClock.now - start
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
  }
}

/// What a benchmark prints.
private struct Output {
  let benchmark: Benchmark
  let arguments: ParsedArguments
  let terminal: Terminal
  let compileSeconds: Double
  let start: ContinuousClock.Instant
  let threads: Int

  init(
    _ benchmark: Benchmark, _ arguments: ParsedArguments, _ terminal: Terminal,
    compileSeconds: Double, start: ContinuousClock.Instant
  ) {
    self.benchmark = benchmark
    self.arguments = arguments
    self.terminal = terminal
    self.compileSeconds = compileSeconds
    self.start = start
    threads = benchmark.threads
  }

  private var isJSON: Bool { arguments.has(.json) || arguments.has(BenchCommand.serve) }

  private var repeats: Int {
    get throws(CommandFailure) {
      try reading { () throws(UsageError) in try arguments.whole(BenchCommand.blocks) ?? 5 }
    }
  }

  func train() throws(CommandFailure) {
    let first = try running { () throws(NetcError) in try benchmark.warmUp() }
    let toFirst = BenchCommand.seconds(since: start)
    if arguments.has(BenchCommand.serve) {
      return try serve(first) { () throws(CommandFailure) in
        let block = try running { () throws(NetcError) in try benchmark.block() }
        return line(block)
      }
    }
    var found: [Benchmark.Block] = []
    for _ in 0..<(try repeats) {
      found.append(try running { () throws(NetcError) in try benchmark.block() })
    }
    found.sort { $0.stepsPerSecond < $1.stepsPerSecond }
    let median = found[found.count / 2]
    let report = try running { () throws(NetcError) in try benchmark.report() }
    if !isJSON { printTraining(found, report, first: first) }
    if arguments.has(BenchCommand.profile) {
      printProfile(try running { () throws(NetcError) in try benchmark.profile() })
    }
    guard isJSON else { return }
    let speed = report.operations * median.stepsPerSecond
    emit(
      line(median) + [
        .init("gflops", .number(rounded(speed / 1e9))),
        .init("peak_share", .number(rounded(speed / (report.peak * Double(report.threads)), 4))),
        .init("bytes_moved", .integer(Int(report.bytes))),
        .init("arena_bytes", .integer(report.arenaBytes)),
        .init("compile_s", .number(rounded(compileSeconds, 4))),
        .init("first_call_s", .number(rounded(first, 6))),
        .init("ready_s", .number(rounded(toFirst, 4))),
        .init("repeats", .array(found.map { .number(rounded($0.stepsPerSecond)) })),
      ])
  }

  private func printTraining(
    _ blocks: [Benchmark.Block], _ report: BenchmarkReport, first: Double
  ) {
    let median = blocks[blocks.count / 2]
    let rates = blocks.map(\.stepsPerSecond)
    let speed = report.operations * median.stepsPerSecond
    let share = speed / (report.peak * Double(report.threads))
    terminal.print("\(benchmark.model.name): batch \(benchmark.batch), \(count(threads, "thread"))")
    terminal.print(
      "  \(NumberFormat.figure(median.stepsPerSecond)) steps/s (\(NumberFormat.figure(rates.first ?? 0)) to "
        + "\(NumberFormat.figure(rates.last ?? 0)) in \(count(rates.count, "block"))), "
        + "\(NumberFormat.figure(1e6 / median.stepsPerSecond)) µs a step")
    terminal.print(
      "  products: \(NumberFormat.figure(report.operations / 1e6)) MFLOP a step, "
        + "\(NumberFormat.figure(speed / 1e9)) GFLOP/s = \(NumberFormat.fixed(100 * share, 1)) % of the "
        + "measured \(NumberFormat.fixed(report.peak * Double(report.threads) / 1e9, 0))")
    terminal.print(
      "  operands: \(NumberFormat.bytes(Int(report.bytes))) a step, "
        + "\(NumberFormat.figure(report.bytes * median.stepsPerSecond / 1e9)) GB/s; "
        + "arena \(NumberFormat.bytes(report.arenaBytes)); \(count(report.instructions, "instruction"))"
    )
    terminal.print(
      "  compiled in \(NumberFormat.figure(1e3 * compileSeconds)) ms; first step "
        + "\(NumberFormat.figure(1e3 * first)) ms with its plan")
  }

  private func printProfile(_ profile: [InstructionCost]) {
    let total = profile.reduce(0) { $0 + $1.nanoseconds }
    var table = Table([
      "time", "share", "turns", "parts", "speed", "instruction", "value", "source",
    ])
    for one in profile where one.nanoseconds > 0 {
      let speed =
        one.operations > 0
        ? "\(NumberFormat.figure(one.operations / one.nanoseconds)) GFLOP/s"
        : "\(NumberFormat.figure(one.bytes / one.nanoseconds)) GB/s"
      table.add([
        "\(NumberFormat.figure(one.nanoseconds / 1e3)) µs",
        "\(NumberFormat.fixed(100 * one.nanoseconds / total, 1)) %",
        NumberFormat.fixed(one.turns, 0), "\(one.parts)", speed,
        "\(one.place) \(one.instruction)", one.value, one.location,
      ])
    }
    for line in table.lines { terminal.print(line) }
    terminal.print("\(NumberFormat.figure(total / 1e3)) µs a step with the clock read at each")
  }

  func infer() throws(CommandFailure) {
    let inference = try running { () throws(NetcError) in try benchmark.inference() }
    if arguments.has(BenchCommand.serve) {
      return try serve(0) { () throws(CommandFailure) in latency(inference.block()) }
    }
    // Caches are shared with other machines' work: what they give is measured beside each block.
    let bytes = inference.parameterBytes
    var found: [(times: [Double], limit: Double)] = []
    for _ in 0..<(try repeats) {
      found.append((inference.block(), benchmark.readRate(bytes: bytes)))
    }
    found.sort { median($0.times) < median($1.times) }
    let times = found[found.count / 2].times
    let speed = Double(bytes) / median(times)
    let limit = median(found.map(\.limit).sorted())
    let share = median(found.map { Double(bytes) / median($0.times) / $0.limit }.sorted())
    if isJSON {
      emit(
        latency(times) + [
          .init("parameter_bytes", .integer(bytes)),
          .init("gb_per_s", .number(rounded(speed / 1e9))),
          .init("read_share", .number(rounded(share, 4))),
          .init("repeats", .array(found.map { .number(rounded(median($0.times) * 1e6, 2)) })),
        ])
    } else {
      let examples = inference.examples == 1 ? "one example" : "\(inference.examples) examples"
      terminal.print("\(benchmark.model.name): \(examples), \(count(threads, "thread"))")
      terminal.print("  \(NumberFormat.figure(median(times) * 1e6)) µs, median of calls")
      terminal.print(
        "  parameters: \(NumberFormat.bytes(bytes)), \(NumberFormat.figure(speed / 1e9)) GB/s = "
          + "\(NumberFormat.fixed(100 * share, 1)) % of the "
          + "\(NumberFormat.fixed(limit / 1e9, 0)) measured reading as many bytes")
    }
    if arguments.has(BenchCommand.profile) { printProfile(inference.profile()) }
  }

  private func latency(_ times: [Double]) -> [JSONText.Member] {
    [
      .init("latency_us", .number(rounded(median(times) * 1e6, 2))),
      .init("p95_us", .number(rounded(times[times.count * 95 / 100] * 1e6, 2))),
      .init("calls", .integer(times.count)),
    ]
  }

  private func median(_ ascending: [Double]) -> Double { ascending[ascending.count / 2] }

  func check() throws(CommandFailure) {
    let steps = try reading { () throws(UsageError) in
      try arguments.whole(BenchCommand.steps) ?? 20
    }
    let losses = try running { () throws(NetcError) in try benchmark.check(steps: steps) }
    emit([.init("losses", .array(losses.map(JSONText.number)))])
  }

  func first() throws(CommandFailure) {
    let losses = try running { () throws(NetcError) in try benchmark.check(steps: 1) }
    emit([
      .init("loss", .number(losses.first ?? .nan)),
      .init("first_step_s", .number(rounded(BenchCommand.seconds(since: start), 5))),
      .init("compile_s", .number(rounded(compileSeconds, 5))),
      .init("rss_mb", .number(rounded(peakMegabytes))),
    ])
  }

  private func serve(
    _ first: Double, _ block: () throws(CommandFailure) -> [JSONText.Member]
  ) throws(CommandFailure) {
    emit([
      .init("ready", .bool(true)), .init("first_call_s", .number(rounded(first, 6))),
      .init("import_setup_s", .number(rounded(BenchCommand.seconds(since: start), 4))),
    ])
    while readLine() == "go" { emit(try block()) }
  }

  private func line(_ block: Benchmark.Block) -> [JSONText.Member] {
    [
      .init("steps_per_s", .number(rounded(block.stepsPerSecond))),
      .init("steps", .integer(block.count)), .init("loss", .number(block.loss)),
      .init("rss_mb", .number(rounded(peakMegabytes))),
    ]
  }

  private func emit(_ members: [JSONText.Member]) {
    let name = benchmark.model.name.split(separator: "/").last ?? ""
    let workload = name.hasSuffix(".net") ? name.dropLast(4) : name
    let head: [JSONText.Member] = [
      .init("workload", .string(String(workload))), .init("threads", .integer(threads)),
    ]
    terminal.print(JSONText.object(head + members).text)
  }

  private func count(_ number: Int, _ word: String) -> String {
    "\(NumberFormat.grouped(number)) \(word)\(number == 1 ? "" : "s")"
  }

  private func rounded(_ value: Double, _ digits: Int = 3) -> Double {
    guard value.isFinite, abs(value) < 1e12 else { return value }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    return (value * scale).rounded() / scale
  }
}
