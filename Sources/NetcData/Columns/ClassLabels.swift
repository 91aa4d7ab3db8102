import NetcCore

/// Turns labels of one input into classes: numbers stay, words are numbered in sorted order or as
/// the program names.
///
/// The first label decides whether a file has numbers or words, unless the program gives names.
struct ClassLabels {
  /// Stands for a missing label until `Order.apply`.
  static let missing = Int32.min

  /// The number of classes.
  let count: Int
  /// The number fed for a missing label.
  let ignore: Int?
  private let declared: [String]?
  private var numberOfName: [String: Int32] = [:]
  /// Words by first appearance.
  private var words: [String] = []
  private var hasNumbers = false

  /// What the collected numbers stand for.
  struct Order {
    /// The name of each class, when they have names.
    let names: [String]?
    /// The class of each collected number; nil when they are classes already.
    let classes: [Int32]?
    /// The number for a missing label.
    let ignore: Int32

    /// The classes of collected numbers.
    func apply(to numbers: [Int32]) -> [Int32] {
      numbers.map { number in
        if number == ClassLabels.missing { return ignore }
        guard let classes else { return number }
        return classes[Int(number)]
      }
    }
  }

  /// Labels of `count` classes; `names` are their names in order, nil when the program gives none.
  init(count: Int, ignore: Int?, names: [String]?) {
    self.count = count
    self.ignore = ignore
    declared = names
    for (index, name) in (names ?? []).enumerated() where numberOfName[name] == nil {
      numberOfName[name] = Int32(truncatingIfNeeded: index)
    }
  }

  /// Whether a label that looks like a number may be a name.
  var takesNames: Bool { declared != nil || !words.isEmpty }

  /// The class of a number.
  /// - Throws: ValueProblem when it is not whole or outside the classes.
  mutating func number(_ value: Double) throws(ValueProblem) -> Int32 {
    guard words.isEmpty else { return try name(numberText(value)) }
    hasNumbers = true
    guard let whole = Int32(exactly: value) else {
      throw ValueProblem(
        message: "`\(numberText(value))` is no class", help: "classes are whole numbers")
    }
    if whole >= 0, Int(whole) < count { return whole }
    if let ignore, Int(whole) == ignore { return ClassLabels.missing }
    let next = Int(whole) == count ? "for labels that start from 1, write class(\(count + 1))" : nil
    throw ValueProblem(
      message: "class \(whole) is outside class(\(count)), which takes 0 to \(count - 1)",
      help: next
        ?? (whole < 0 && ignore == nil
          ? "for labels to leave out, write class(\(count), ignore: \(whole))" : nil))
  }

  /// The class, or the number by first appearance, of a word.
  /// - Throws: ValueProblem when it is not among the names, or one class too many.
  mutating func name(_ word: String) throws(ValueProblem) -> Int32 {
    if let known = numberOfName[word] { return known }
    if let declared {
      if let value = Double(word), value == value.rounded(), !word.contains("x") {
        return try number(value)
      }
      let near = suggestion(for: word, among: declared).map { "did you mean `\($0)`?" }
      throw ValueProblem(
        message: "`\(shown(word))` is none of the classes",
        help: near ?? "classes are \(list(declared))")
    }
    guard !hasNumbers else {
      throw ValueProblem(
        message: "`\(shown(word))` is no class: the labels before it are numbers",
        help: "use numbers or words in every row")
    }
    guard words.count < count else {
      throw ValueProblem(
        message: "`\(shown(word))` is one label too many for class(\(count))",
        help: "labels before it are \(list(words.sorted()))")
    }
    let number = Int32(truncatingIfNeeded: words.count)
    numberOfName[word] = number
    words.append(word)
    return number
  }

  /// The final numbering.
  /// - Throws: ValueProblem when words do not make up all classes.
  func finish() throws(ValueProblem) -> Order {
    let missing = ignore.flatMap { Int32(exactly: $0) } ?? ClassLabels.missing
    if words.isEmpty { return Order(names: declared, classes: nil, ignore: missing) }
    let sorted = words.sorted()
    guard sorted.count == count else {
      let written = sorted.map { "\"\(shown($0))\"" }.prefix(3).joined(separator: ", ")
      throw ValueProblem(
        message:
          "class(\(count)) needs \(count) labels, the data has \(sorted.count): \(list(sorted))",
        help: "write class(\(sorted.count)), or name all: class(\(written), …)")
    }
    var places: [String: Int32] = [:]
    for (place, word) in sorted.enumerated() { places[word] = Int32(truncatingIfNeeded: place) }
    return Order(names: sorted, classes: words.map { places[$0] ?? 0 }, ignore: missing)
  }

  /// Up to eight words in backquotes.
  private func list(_ words: [String]) -> String {
    let first = words.prefix(8).map { "`\(shown($0))`" }.joined(separator: ", ")
    return words.count > 8 ? "\(first) and \(words.count - 8) more" : first
  }
}
