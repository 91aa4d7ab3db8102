/// What a `data` statement asks for once its expressions are evaluated: which reader, where, which
/// inputs.
///
/// `data d = csv("iris.csv", x: columns(0..<4), y: column("species"), standardize: true)` becomes
/// reader `csv`, path `iris.csv`, bindings for the labels that name inputs (`x`, `y`), options for
/// all others (`standardize`). The reader itself checks option names and values, so a request may
/// hold mistakes.
package struct DataRequest: Hashable, Sendable {
  /// The name the statement declares.
  package var name: String
  /// The reader called, as `csv`.
  package var reader: String
  /// The path as written; nil for a reader of rows in the program.
  package var path: String?
  /// Further files of a list of paths, read after the first.
  package var morePaths: [String] = []
  /// What feeds each input, in the statement's order.
  package var bindings: [DataBinding]
  /// The other labelled arguments, in the statement's order.
  package var options: [DataOption]
  /// The reader's call in the program.
  package var range: SourceRange?
  /// The path in the program.
  package var pathRange: SourceRange?
  /// The share at the end of a sequence that is held out; what is learnt from data lies before it.
  package var heldOut = 0.0

  /// A request of these parts.
  package init(
    name: String, reader: String, path: String? = nil, bindings: [DataBinding],
    options: [DataOption] = [], range: SourceRange? = nil, pathRange: SourceRange? = nil
  ) {
    self.name = name
    self.reader = reader
    self.path = path
    self.bindings = bindings
    self.options = options
    self.range = range
    self.pathRange = pathRange
  }

  /// The option of this name; the first when it is repeated.
  package func option(_ name: String) -> DataOption? { options.first { $0.name == name } }

  /// Whether a binding is standardised: by its own word, else by the request's for float
  /// `columns(…)`, and for float arrays and pixels whose rows have axes.
  package func standardizes(_ binding: DataBinding) -> Bool {
    if let own = binding.standardize { return own }
    guard option("standardize")?.value == .bool(true), binding.element == .float else {
      return false
    }
    switch binding.selector {
    case .columns: return true
    case .named, .pixels: return binding.rowShape.rank > 0
    default: return false
    }
  }
}

/// What feeds one input.
package struct DataBinding: Hashable, Sendable {
  /// What an input holds.
  package enum Element: Hashable, Sendable {
    case float
    case int
    case bool
    /// Whole numbers in `0 ..< count`, or `ignore` for a missing label; strings are mapped by
    /// `names`.
    case classes(count: Int, ignore: Int? = nil, names: [String]? = nil)
  }

  /// The input's name.
  package var input: String
  /// What the input holds.
  package var element: Element
  /// The input's shape without the batch dimension; a symbolic dimension takes the size found in
  /// the data.
  package var rowShape: Shape
  /// Which columns, or which rows written in the program.
  package var selector: DataSelector
  /// The binding's own `standardize:`, nil when it has none.
  package var standardize: Bool?
  /// The labelled argument in the program.
  package var range: SourceRange?

  /// A binding of these parts.
  package init(
    input: String, element: Element, rowShape: Shape, selector: DataSelector,
    standardize: Bool? = nil, range: SourceRange? = nil
  ) {
    self.input = input
    self.element = element
    self.rowShape = rowShape
    self.selector = selector
    self.standardize = standardize
    self.range = range
  }
}

/// Where an input's numbers stand.
package enum DataSelector: Hashable, Sendable {
  /// `column("digit")`, `column(4)`: one column.
  case column(DataColumnReference)
  /// `columns("x0", "x1")`, `columns(0..<64)`: several, side by side.
  case columns([DataColumnReference])
  /// `window(64)`: as many characters of a text, from a row's place on.
  case window(Int)
  /// `shifted(1)`: a window that starts so many places later.
  case shifted(Int)
  /// `mask()`: 1 where a padded sequence has a row, else 0.
  case mask
  /// `class_weight(y)`: for each label of the input `y` what brings all classes to equal weight.
  case classWeight(String)
  /// `pixels()`: the pixels of an image.
  case pixels
  /// `folder()`: the name of the folder that an image lies in.
  case folder
  /// `"images.gz"`, `"features"`: a file of the input's own, or an array within the reader's file.
  case named(String)
  /// Values written in the program: a list with one entry a row.
  case values(DataValue)
}

/// How a program names columns of a file.
package enum DataColumnReference: Hashable, Sendable {
  /// By the header's word.
  case name(String)
  /// By position, from 0.
  case index(Int)
  /// The positions `lower ..< upper`.
  case range(lower: Int, upper: Int)
}

/// A labelled argument of a reader that names no input, as `header: false`.
package struct DataOption: Hashable, Sendable {
  /// The label.
  package var name: String
  /// The evaluated argument.
  package var value: DataValue
  /// The argument in the program.
  package var range: SourceRange?

  /// An option.
  package init(_ name: String, _ value: DataValue, range: SourceRange? = nil) {
    self.name = name
    self.value = value
    self.range = range
  }
}

/// A value a program hands to a reader.
package indirect enum DataValue: Hashable, Sendable {
  case number(Double)
  case string(String)
  case bool(Bool)
  case list([DataValue])
}
