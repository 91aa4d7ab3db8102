package import NetcCore

/// A way to read rows, called in a program as `data d = NAME(…)`.
///
/// A new reader is a type in a file of its own and a line in `dataReaders`.
package protocol DataReader: Sendable {
  /// The name a program calls it by.
  static var name: String { get }
  /// What it reads, one line.
  static var summary: String { get }
  /// The labelled arguments it takes besides inputs.
  static var options: [DataOptionRule] { get }
  /// Where it reads from.
  static var source: DataSource { get }

  /// Reads every row.
  /// - Parameter path: the file, resolved; empty unless the source is one path.
  /// - Throws: DataError for whatever is wrong with the file, or with the request in the light of
  ///   the file.
  static func read(
    _ request: DataRequest, path: String, precision: Precision
  ) throws(DataError) -> Dataset
}

/// What a reader reads from.
package enum DataSource: Hashable, Sendable {
  /// The program itself.
  case program
  /// A file or folder, the first argument.
  case path
  /// A file or a list of files, the first argument.
  case paths
  /// A file for each input, its label's string.
  case pathPerInput
}

/// An option of a reader.
package struct DataOptionRule: Hashable, Sendable {
  /// What values an option takes.
  package enum Kind: String, Hashable, Sendable {
    case bool = "true or false"
    case string = "a string"
    case strings = "a list of strings"
    case number = "a number"
  }

  /// The label.
  package let name: String
  /// The values it takes.
  package let kind: Kind
  /// What it does, one line.
  package let summary: String

  /// An option.
  package init(_ name: String, _ kind: Kind, _ summary: String) {
    self.name = name
    self.kind = kind
    self.summary = summary
  }
}

/// Every reader, in the order they are listed to the user.
package let dataReaders: [any DataReader.Type] = [
  CSVReader.self,
  IDXReader.self,
  NPYReader.self,
  NPZReader.self,
  SafetensorsReader.self,
  TextReader.self,
  ImagesReader.self,
  TableReader.self,
]
