/// Every builtin: the families, a line each.
enum BuiltinCatalogue {
  /// The builtins; a callable names one by its place in this list.
  static let builtins: [Builtin] =
    ElementwiseBuiltins.all + ExtremumBuiltins.all + ReductionBuiltins.all + ShapeBuiltins.all
    + ArrangementBuiltins.all + IndexBuiltins.all + ProductBuiltins.all + CastBuiltins.all
    + RandomBuiltins.all + WholeBuiltins.all + QuestionBuiltins.all + TrainingBuiltins.all
    + OperationBuiltins.all

  /// The names, in the order of the list.
  static let names = builtins.map(\.name)

  private static let places: [String: Int] = Dictionary(
    builtins.enumerated().map { ($0.element.name, $0.offset) },
    uniquingKeysWith: { first, _ in first })

  /// The place of the builtin of that name.
  static func place(of name: String) -> Int? { places[name] }
}
