package import NetcCore

/// `text("book.txt", tokens: window(64), next: shifted(1))`: windows of the characters of a text,
/// plain or gzip.
///
/// A row is a place of the text: `window(n)` takes the n characters from there, `shifted(k)` as
/// many from k places on. Each character is a class; classes are numbered by code point. Rows
/// overlap and are cut when they are fed.
package enum TextReader: DataReader {
  package static let name = "text"
  package static let summary = "windows of the characters of a text, plain or gzip"
  package static let source = DataSource.path
  package static let options: [DataOptionRule] = []

  /// Reads the text and numbers its characters.
  ///
  /// The vocabulary is that of the names the inputs' classes have; without names, the characters of
  /// the text before the part held out.
  /// - Throws: DataError for what is no UTF-8, a text shorter than a window, a vocabulary of
  ///   another size than the inputs' classes, a character outside it.
  /// - Complexity: O(bytes of the file); memory for one or four bytes a character.
  package static func read(
    _ request: DataRequest, path: String, precision: Precision
  ) throws(DataError) -> Dataset {
    let windows = try TextWindows(request)
    let bytes = try ByteStream(path: path).readAll()
    let text = try Characters(bytes, path: path)
    let vocabulary = try Vocabulary(request, text, path: path)
    let span = windows.span
    guard text.count >= span else {
      throw DataError(
        "the text has \(text.count) character\(text.count == 1 ? "" : "s"), a row takes \(span)",
        path: path, help: "use a longer text or a shorter window", range: request.range)
    }
    guard text.count < Int(Int32.max) else {
      throw DataError("more than \(Int32.max) characters", path: path)
    }
    let storage = try vocabulary.classes(of: text, path: path)
    let rowCount = text.count - span + 1
    let columns = windows.entries.map { entry in
      DataColumn(
        name: entry.binding.input, rowShape: entry.rowShape, storage: storage, offset: entry.shift,
        stride: 1, classNames: vocabulary.names)
    }
    return Dataset(
      rowCount: rowCount, columns: columns, dimensions: windows.sizes,
      windows: Dataset.Windows(length: text.count, advance: windows.length, span: span))
  }
}
