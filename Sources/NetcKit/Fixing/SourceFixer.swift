import NetcCore
import NetcData
import NetcSyntax

/// Mends programs by the fix-its of their diagnostics.
public struct SourceFixer: Sendable {
  /// A fix-it that was applied, with the place it had when it was.
  public struct Applied: Hashable, Sendable {
    /// `line:column` in the text at that moment.
    public let line, column: Int
    /// The diagnostic's code and message.
    public let code, message: String
  }

  /// What became of a program.
  public struct Outcome: Sendable {
    /// The text with the fix-its applied.
    public let text: String
    /// What was applied, in order.
    public let applied: [Applied]
    /// The mended text's compilation: what is left to say.
    public let left: Compilation
  }

  private let options: CompilerOptions

  /// How often fix-its are asked for again, since one may bring to light another.
  private static let mostRounds = 8

  /// A fixer that compiles with these settings.
  public init(options: CompilerOptions = CompilerOptions()) { self.options = options }

  /// Applies the fix-its of a program, again while new ones appear.
  ///
  /// Of those that touch the same text the first is taken; one whose result would have more syntax
  /// errors than before is not.
  /// - Complexity: O(diagnostics · n) in the bytes of the text.
  public func fix(_ text: String, name: String = "<string>", directory: String = "") -> Outcome {
    var text = text
    var seen: Set<String> = [text]
    var applied: [Applied] = []
    var compilation = Compiler(options: options).compile(text, name: name, directory: directory)
    for _ in 0..<Self.mostRounds {
      let (next, round) = mended(text, compilation)
      if round.isEmpty || !seen.insert(next).inserted { break }
      let mended = Compiler(options: options).compile(next, name: name, directory: directory)
      // What only drew warnings must not become wrong.
      if mended.hasErrors, !compilation.hasErrors { break }
      text = next
      applied += round
      compilation = mended
    }
    return Outcome(text: text, applied: applied, left: compilation)
  }

  /// Mends a file, in place when `writes`.
  /// - Returns: its text before, and what became of it.
  /// - Throws: `NetcError.file` when it cannot be read or written.
  public func fix(
    fileAt path: String, writes: Bool
  ) throws(NetcError) -> (before: String, outcome: Outcome) {
    guard let bytes = contents(ofFile: path),
      let text = String(validating: bytes, as: UTF8.self)
    else { throw .file(path: path, reason: "cannot be read as UTF-8 text") }
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let outcome = fix(text, name: path, directory: folder.joined(separator: "/"))
    if writes, outcome.text != text {
      do { try writeAtomically(Array(outcome.text.utf8), to: path) } catch {
        throw .file(path: path, reason: error.message)
      }
    }
    return (text, outcome)
  }

  /// The text after the fix-its of one compilation that do not touch each other.
  private func mended(
    _ text: String, _ compilation: Compilation
  ) -> (text: String, applied: [Applied]) {
    let bytes = Array(text.utf8)
    let errors = Self.syntaxErrors(text)
    var accepted: [Diagnostic.Fix] = []
    var applied: [Applied] = []
    for diagnostic in compilation.diagnostics where !diagnostic.fixes.isEmpty {
      let fixes = diagnostic.fixes
      guard fixes.allSatisfy({ $0.range.file.rawValue == 0 && Int($0.range.end) <= bytes.count }),
        !Self.touch(fixes, accepted),
        Self.syntaxErrors(Self.replaced(bytes, fixes)) <= errors
      else { continue }
      accepted += fixes
      let place = compilation.sources[fixes[0].range.file].position(of: fixes[0].range.start)
      applied.append(
        Applied(
          line: place.line, column: place.column, code: diagnostic.code,
          message: diagnostic.message))
    }
    return (Self.replaced(bytes, accepted), applied)
  }

  private static func touch(_ fixes: [Diagnostic.Fix], _ others: [Diagnostic.Fix]) -> Bool {
    fixes.contains { fix in
      others.contains { $0.range.start <= fix.range.end && fix.range.start <= $0.range.end }
    }
  }

  private static func replaced(_ bytes: [UInt8], _ fixes: [Diagnostic.Fix]) -> String {
    var bytes = bytes
    for fix in fixes.sorted(by: { $0.range.start > $1.range.start }) {
      bytes.replaceSubrange(Int(fix.range.start)..<Int(fix.range.end), with: fix.replacement.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func syntaxErrors(_ text: String) -> Int {
    var sources = SourceMap()
    let file = sources.add(name: "", text: text)
    return parse(file, in: sources).diagnostics.filter { $0.severity == .error }.count
  }
}
