import Foundation
import NetcCore
import NetcKit
import Testing

/// Examples with a token deleted, doubled by another's, or swapped with its neighbour: whatever they say, the compiler
/// answers, and soon.
@Suite struct MutantTests {
  #if DEBUG
    private static let mutantsOfExample = 15
    private static let longestSeconds = 10.0
  #else
    private static let mutantsOfExample = 1200
    private static let longestSeconds = 1.0
  #endif

  @Test func `there are enough mutants`() {
    let least = Self.mutantsOfExample == 15 ? 250 : 20_000
    #expect(ShippedProgram.examples.count * Self.mutantsOfExample >= least)
  }

  @Test(arguments: ShippedProgram.examples)
  func `no mutant crashes or hangs the compiler`(program: ShippedProgram) throws {
    var generator = SplitMix(state: UInt64(program.text.utf8.count))
    let tokens = Tokens(program.text)
    let folder = try TemporaryFolder()
    for number in 0..<Self.mutantsOfExample {
      let mutant = tokens.mutant(number, of: Self.mutantsOfExample, &generator)
      // Stands on the disk while it is compiled, so that a crash leaves its cause.
      _ = try folder.write(mutant, to: "\(program.name.replacing("/", with: "_"))")
      let start = Self.processorSeconds
      let compilation = Compiler().compile(mutant, name: program.name, directory: program.directory)
      let elapsed = Self.processorSeconds - start
      #expect(elapsed < Self.longestSeconds, "mutant \(number):\n\(mutant)")
      #expect((compilation.model == nil) == compilation.hasErrors)
      _ = compilation.renderedDiagnostics()
    }
  }

  /// Seconds this thread has computed: what other work of the machine does not lengthen.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// The text cut into words, numbers, strings, symbols and what lies between.
private struct Tokens {
  private var pieces: [String] = []
  /// The places of the pieces that are no space or comment.
  private var places: [Int] = []

  init(_ text: String) {
    let pattern = /\/\/[^\n]*|"[^"\n]*"|[\p{L}_][\p{L}\p{N}_]*|[0-9]+(\.[0-9]+)?(e-?[0-9]+)?|\s+|\|>|->|\.\.\.|\.\.<|[=!<>]=|./
    for match in text.matches(of: pattern) {
      let piece = String(match.output.0)
      if !piece.hasPrefix("//"), piece.contains(where: { !$0.isWhitespace }) { places.append(pieces.count) }
      pieces.append(piece)
    }
  }

  /// Words that no example has but that the language knows or nearly knows.
  private static let foreign = [
    "scan", "yield", "update", "state", "var", "gradient", "total", "grad", "stop_gradient", "training", "step",
    "none", "inf", "nan", "class", "dims", "fn", "for", "in", "every", "minimize", "freeze", "0", "-1", "1e308",
    "9223372036854775807", "99999999999999999999", "0.5", "\"\"", "\"*\"", "...", "..<", "^", "@", "not", "{", "}",
    "(", ")", "[", "]", "input", "param", "layer", "rule", "return", "import", "else", "then", "random_normal",
    "reshape", "transpose", "concat", "split", "pad", "gather", "one_hot", "cumsum", "argmax", "group_sum", "batch",
    "⊙", "ᵀ", "'", "\\", "\u{0}", "≤", ";", "/*", "//", "#",
  ]

  /// The mutant of a number: first deletions and swaps at every place in turn, then insertions anywhere.
  func mutant(_ number: Int, of count: Int, _ generator: inout SplitMix) -> String {
    var copy = pieces
    let kind = number % 3
    let place = number / 3 < places.count && count > places.count
      ? number / 3 : generator.next(below: places.count)
    switch kind {
    case 0: copy[places[place]] = ""
    case 1: copy.swapAt(places[place], places[(place + 1) % places.count])
    default:
      let fromHere = generator.next(below: 2) == 0
      let word =
        fromHere
        ? pieces[places[generator.next(below: places.count)]]
        : Self.foreign[generator.next(below: Self.foreign.count)]
      copy[places[place]] = generator.next(below: 2) == 0 ? word : copy[places[place]] + " " + word + " "
    }
    return copy.joined()
  }
}

/// Seeded numbers: SplitMix64.
private struct SplitMix {
  var state: UInt64

  mutating func next(below limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(max(1, limit)))
  }
}
