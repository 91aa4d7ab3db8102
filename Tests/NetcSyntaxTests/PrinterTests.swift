import NetcCore
import NetcSyntax
import Testing

@Suite("Printing trees")
struct PrinterTests {
  @Test("every tree prints to a text that reads to the same tree")
  func randomTreesRoundTrip() {
    #if DEBUG
      let count: UInt64 = 300
    #else
      let count: UInt64 = 20_000
    #endif
    // The last ones have names in a scan's header that are words there.
    for seed in Array(0..<count) + [2824, 7485, 14275, 17117] {
      var builder = TreeBuilder(seed: seed)
      let tree = builder.expression(depth: 5)
      let text = sourceText(of: tree)
      var sources = SourceMap()
      let file = sources.add(name: "tree.net", text: text)
      let (read, diagnostics) = parseExpression(file, in: sources)
      #expect(read.map { treeText(of: $0) } == treeText(of: tree), "seed \(seed): \(text)")
      #expect(diagnostics.isEmpty, "seed \(seed): \(text)")
    }
  }

  @Test("a long pipeline is broken before each stage")
  func breaksLongPipelines() {
    let stages = (1...9).map { "convolution_number_\($0)(channels)" }
    let text = "let features = image |> " + stages.joined(separator: " |> ") + "\n"
    let printed = sourceText(of: Reading(text).unit)
    let expected = (["let features = image"] + stages.map { "  |> \($0)" }).joined(separator: "\n")
    #expect(printed == expected + "\n")
  }

  @Test("a pipeline in an else branch is printed under its else")
  func indentsElsePipelines() {
    let stages = (1...5).map { "convolution_number_\($0)(channels)" }
    let text = "let skip = if same then x else x |> " + stages.joined(separator: " |> ") + "\n"
    let printed = sourceText(of: Reading(text).unit)
    let lines = ["let skip = if same then x", "  else x"] + stages.map { "    |> \($0)" }
    #expect(printed == lines.joined(separator: "\n") + "\n")
  }

  @Test(
    "a text that is no expression gives none",
    arguments: ["", "1 2", "let a = 1", "(1", "1 +", "a = 3", "\"a"])
  func refusesOtherTexts(_ text: String) {
    var sources = SourceMap()
    let file = sources.add(name: "--set", text: text)
    let (expression, diagnostics) = parseExpression(file, in: sources)
    #expect(expression == nil)
    #expect(diagnostics.count == 1)
  }
}

/// Makes expressions at random from a seed.
private struct TreeBuilder {
  private var random: SplitMix
  private let range = SourceRange(file: SourceMap().unusedID, start: 0, end: 0)

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  mutating func expression(depth: Int) -> Expression {
    Expression(depth <= 0 ? leaf() : kind(depth - 1), range)
  }

  private mutating func kind(_ depth: Int) -> Expression.Kind {
    switch random.next() % 17 {
    case 0: return .negate(expression(depth: depth))
    case 1, 2, 3:
      return .binary(
        pick(BinaryOperator.allCases), expression(depth: depth), expression(depth: depth))
    case 4:
      return .comparison(
        pick(ComparisonOperator.allCases), expression(depth: depth), expression(depth: depth))
    case 5: return .not(expression(depth: depth))
    case 6: return .and(expression(depth: depth), expression(depth: depth))
    case 7: return .or(expression(depth: depth), expression(depth: depth))
    case 8: return .range(from: expression(depth: depth), to: expression(depth: depth))
    case 9, 10:
      return .ifThenElse(
        condition: expression(depth: depth), then: expression(depth: depth),
        otherwise: expression(depth: depth))
    case 11: return .list((0..<count(3)).map { _ in expression(depth: depth) })
    case 12:
      return .index(
        expression(depth: depth), [index(depth)] + (0..<count(2)).map { _ in index(depth) })
    case 13, 14: return .pipe(expression(depth: depth), target(depth))
    case 15: return .call(path(), arguments(depth))
    default: return .scan(scan(depth))
    }
  }

  private mutating func leaf() -> Expression.Kind {
    switch random.next() % 5 {
    case 0: .number(NumberLiteral(text: "12", value: .whole(12)))
    case 1: .number(NumberLiteral(text: "1e-3", value: .real(1e-3)))
    case 2: .string("a \"quoted\"\n\\ \u{202E}text")
    case 3: .bool(random.next() % 2 == 0)
    default: .path(path())
    }
  }

  private mutating func index(_ depth: Int) -> Index {
    switch random.next() % 3 {
    case 0: Index(.rest, range)
    case 1: Index(.at(position(depth)), range)
    default: Index(.slice(from: maybe(depth), to: maybe(depth), step: maybe(depth)), range)
    }
  }

  /// An expression that may stand in an index, which a bare range may not.
  private mutating func position(_ depth: Int) -> Expression {
    let value = expression(depth: depth)
    if case .range = value.kind { return Expression(.negate(value), range) }
    return value
  }

  private mutating func maybe(_ depth: Int) -> Expression? {
    random.next() % 2 == 0 ? position(depth) : nil
  }

  private mutating func target(_ depth: Int) -> Target {
    let arguments = random.next() % 2 == 0 ? arguments(depth) : nil
    return Target(path: path(), arguments: arguments, range: range)
  }

  private mutating func arguments(_ depth: Int) -> [Argument] {
    let plain = (0..<count(2)).map { _ in Argument(value: expression(depth: depth)) }
    let labelled = (0..<count(2)).map { _ in
      Argument(label: name(), value: expression(depth: depth))
    }
    return plain + labelled
  }

  private mutating func scan(_ depth: Int) -> Scan {
    let yielded = Statement(.yield([expression(depth: depth)]), range: range, keyword: range)
    let isReversed = random.next() % 2 == 0
    let axis = random.next() % 2 == 0 ? expression(depth: depth) : nil
    let sequences = (0...count(2)).map { _ in
      Scan.Sequence(name: name(), source: expression(depth: depth))
    }
    return Scan(
      sequences: sequences, axis: axis, reversed: isReversed ? range : nil,
      body: Block(statements: [yielded], range: range))
  }

  private mutating func path() -> Path {
    random.next() % 4 == 0 ? Path(name(), [name()]) : Path(name())
  }

  private mutating func name() -> Name {
    Name(pick(["x", "η₀", "scan", "in", "along", "reversed", "class", "loss", "every"]), range)
  }

  private mutating func count(_ limit: UInt64) -> Int { Int(random.next() % limit) }

  private mutating func pick<T>(_ items: [T]) -> T {
    items[Int(random.next() % UInt64(items.count))]
  }
}

extension SourceMap {
  /// The number a first file gets, for trees that come from no file.
  fileprivate var unusedID: SourceID {
    var copy = self
    return copy.add(name: "", text: "")
  }
}
