import NetcCore
import NetcSyntax
import Testing

@Suite("Snippets whose reading is not obvious")
struct SnippetTests {
  /// A text and the tree it gives.
  struct Snippet: CustomTestStringConvertible, Sendable {
    let text: String
    let tree: String
    var testDescription: String { text }

    init(_ text: String, _ tree: String...) {
      self.text = text
      self.tree = tree.joined(separator: "\n") + "\n"
    }
  }

  static let all = [
    Snippet(
      "let a = b\nh, c = cell(x, h, c)", "(let (names a) b)", "(rebind h c (call cell x h c))"),
    Snippet(
      "optimizer sgd(lr: η)\nfor i in 0..<2 { h = f(h) }", "(optimizer (call sgd lr: η))",
      "(for i (..< 0 2) {", "  (rebind h (call f h))", "})"),
    Snippet("optimizer sgd(lr: η)\nfor \"G.*\"", "(optimizer (call sgd lr: η) (for \"G.*\"))"),
    Snippet(
      "optimizer clip(1) |> adam(lr: 1e-3) minimize g every 2 + 3 for \"a\", \"b\"",
      "(optimizer (call clip 1) |> (call adam lr: 1e-3) (minimize g) (for \"a\" \"b\")"
        + " (every (+ 2 3)))"
    ),
    Snippet(
      "optimizer sgd\nminimize = 3\nevery, x = f(y)", "(optimizer sgd)", "(rebind minimize 3)",
      "(rebind every x (call f y))"),
    Snippet("let y = -x^2 @ W", "(let (names y) (@ (- (^ x 2)) W))"),
    Snippet("let y = 2^-n^2", "(let (names y) (^ 2 (- (^ n 2))))"),
    Snippet("let y = 2 * x @ W + b", "(let (names y) (+ (@ (* 2 x) W) b))"),
    Snippet("let y = a - b - c / d / e", "(let (names y) (- (- a b) (/ (/ c d) e)))"),
    Snippet("let y = a + b |> f |> g(1)", "(let (names y) (|> (|> (+ a b) f) (call g 1)))"),
    Snippet("let z = if c then x else y |> g", "(let (names z) (if c x (|> y g)))"),
    Snippet("let z = if a then if b then 1 else 2 else 3", "(let (names z) (if a (if b 1 2) 3))"),
    Snippet(
      "let z = f(x[i:n, ..., :-1, ::2], i: n)",
      "(let (names z) (call f (index x (slice i n _) ... (slice _ (- 1) _) (slice _ _ 2)) i: n))"),
    Snippet("for in in in..<4 { in = in }", "(for in (..< in 4) {", "  (rebind in in)", "})"),
    Snippet("let r = 0..<n - 1", "(let (names r) (..< 0 (- n 1)))"),
    Snippet("let r = 0..<4", "(let (names r) (..< 0 4))"),
    Snippet("let e = scan\nmetric m = e", "(let (names e) scan)", "(metric m e)"),
    Snippet(
      "let a, b = scan xt in x, mt in mask along -1 reversed { h = mt * xt  yield h, xt }",
      "(let (names a b) (scan (in xt x) (in mt mask) (along (- 1)) reversed {",
      "  (rebind h (* mt xt))", "  (yield h xt)", "}))"),
    Snippet("scan t in 0..<1000 { }", "(scan (in t (..< 0 1000)) {})"),
    Snippet("let v = not a == b and c or d", "(let (names v) (or (and (not (== a b)) c) d))"),
    Snippet("let v = not not a", "(let (names v) (not (not a)))"),
    Snippet(
      "loss -mean(D(fake))\nloss loss = loss\noutput output\ntrain(batch: 32)",
      "(loss (- (call mean (call D fake))))", "(loss loss loss)", "(output output)",
      "(train batch: 32)"),
    Snippet(
      "param fc.weight: float[2, 3] = zeros()\nupdate fc.weight = fc.weight - 0.1 * d_fc.weight",
      "(param fc.weight float[2 3] (call zeros))",
      "(update fc.weight (- fc.weight (* 0.1 d_fc.weight)))"),
    Snippet(
      "layer features = conv2d(8, kernel: 5) |> relu |> max_pool2d(2)",
      "(instance features (call conv2d 8 kernel: 5) |> relu |> (call max_pool2d 2))"),
    Snippet(
      "rule r(lr: float) { state state = zeros_like(param)  state = state + grad"
        + "  return lr * state }",
      "(rule r (signature (lr: float)) {", "  (state state (call zeros_like param))",
      "  (rebind state (+ state grad))", "  (return (* lr state))", "})"),
    Snippet(
      "fn conv(x: float[n, c, ...], padding: same or valid or int = valid) -> float[...a], int { }",
      "(fn conv (signature (x: float[n c ...]) (padding: same or valid or int = valid))"
        + " -> float[...a], int {})"),
    Snippet(
      "input y: class(10, ignore: 255)[batch]\ninput s: float[]",
      "(input y (class 10 ignore: 255)[batch])", "(input s float[])"),
    Snippet(
      "layer f(act: fn = relu, shape: dims, mask: float[...] or none = none) { return act }",
      "(layer f (signature (act: fn = relu) (shape: dims) (mask: float[...] or none = none)) {",
      "  (return act)", "})"),
    Snippet(
      "if a { x = 1 } else if b { } else { y = 2 }",
      "(if a {", "  (rebind x 1)", "} b {} else {", "  (rebind y 2)", "})"),
    Snippet(
      "gradient f(x, d_out) { return x * d_out }",
      "(gradient f (parameters x d_out) {", "  (return (* x d_out))", "})"),
    Snippet(
      "import \"a.net\" as a\nconst p = 1, q = [1, [2]]", "(import \"a.net\" as a)",
      "(const (p 1) (q [1 [2]]))"),
    Snippet("freeze \"a.*\", \"b\"", "(freeze \"a.*\" \"b\")"),
    Snippet(
      "data d = csv(\"x\", y: column(\"c\"),)", "(data d (call csv \"x\" y: (call column \"c\")))"),
    Snippet(
      "state.x = 3\ninput, loss = f(x)", "(rebind state.x 3)", "(rebind input loss (call f x))"),
    Snippet("let µ = μ₁ + y′", "(let (names μ) (+ μ₁ y′))"),
    Snippet("let s = \"a\\\"\\u{3B7}\\n\"", "(let (names s) \"a\\\"η\\n\")"),
    Snippet("let x = a.b(c)[0][1]^2", "(let (names x) (^ (index (index (call a.b c) 0) 1) 2))"),
    Snippet(
      "/// one\n/// two\nlet a = 1 /// not this\nlet b = 2", "/// one", "/// two",
      "(let (names a) 1)", "(let (names b) 2)"),
  ]

  @Test("gives this tree", arguments: all)
  func givesTree(_ snippet: Snippet) {
    let reading = Reading(snippet.text)
    #expect(reading.rendered == "")
    #expect(reading.tree == snippet.tree)
  }

  @Test("prints to a text with the same tree", arguments: all)
  func printsAndReads(_ snippet: Snippet) {
    let printed = Reading(sourceText(of: Reading(snippet.text).unit))
    #expect(printed.rendered == "")
    #expect(printed.tree == snippet.tree)
  }

  @Test(
    "is refused with its own help",
    arguments: [
      ("let y = x |> f + 1", "E0206"), ("let y = x |> f [0]", "E0206"),
      ("const width = 4\nconst half = width // 2", "W0201"), ("let y = a < b < c", "E0209"),
      ("let y = f(a: 1, 2)", "E0212"), ("let y = (1, 2)", "E0214"), ("let y = .5", "E0107"),
      ("let y = 1...4", "E0210"), ("let y = x[1..<3]", "E0211"), ("loss = e", "E0215"),
      ("let y = 1 + if c then a else b", "E0207"), ("let y = if c then a", "E0208"),
    ])
  func isRefused(_ text: String, _ code: String) {
    #expect(Reading(text).codes == [code])
  }

  @Test("ranges cover what they are of")
  func rangesCoverText() throws {
    let reading = Reading("/// d\nlet yy: float[2] = (a + b) * f(x, k: 1)  loss l = q")
    let statement = try #require(reading.unit.statements.first)
    #expect(reading.sources.text(statement.range) == "let yy: float[2] = (a + b) * f(x, k: 1)")
    #expect(reading.sources.text(statement.keyword) == "let")
    guard case .let(let binding) = statement.kind else { throw NotALet() }
    #expect(reading.sources.text(binding.value.range) == "(a + b) * f(x, k: 1)")
    #expect(binding.type.map { reading.sources.text($0.range) } == "float[2]")
    guard case .binary(.multiply, let left, let right) = binding.value.kind,
      case .call(_, let arguments) = right.kind
    else { throw NotALet() }
    #expect(reading.sources.text(left.range) == "(a + b)")
    #expect(arguments.map { reading.sources.text($0.range) } == ["x", "k: 1"])
  }

  private struct NotALet: Error {}
}
