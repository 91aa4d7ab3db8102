package import NetcCore

extension DataRequest {
  /// Finds what is wrong without opening a file: reader, options, inputs named like options.
  /// - Throws: DataError with the range in the program.
  package func check() throws(DataError) {
    try checkReader(self)
  }

  /// Reads the rows asked for.
  /// - Parameter directory: the folder a relative path starts from, that of the program; empty for
  ///   the current one.
  /// - Throws: DataError, with the request's range when it has no nearer one.
  package func load(
    relativeTo directory: String = "", precision: Precision = .single
  ) throws(DataError) -> Dataset {
    try check()
    var path = path ?? ""
    if !path.isEmpty, !path.hasPrefix("/"), !directory.isEmpty {
      path = directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
    }
    do {
      return try findReader(self).read(self, path: path, precision: precision)
    } catch {
      var placed = error
      placed.range = error.range ?? range
      throw placed
    }
  }
}

private func checkReader(_ request: DataRequest) throws(DataError) {
  let reader = try findReader(request)
  if reader.readsFile, request.path == nil {
    throw DataError(
      "`\(reader.name)` needs a path", help: "write \(reader.name)(\"file\", …)",
      range: request.range)
  }
  if !reader.readsFile, request.path != nil {
    throw DataError("`\(reader.name)` reads no file", range: request.pathRange ?? request.range)
  }
  for binding in request.bindings where reader.options.contains(where: { $0.name == binding.input })
  {
    throw DataError(
      "an input named `\(binding.input)` cannot be fed by `\(reader.name)`, which has an option"
        + " of that name",
      help: "rename the input", range: binding.range ?? request.range)
  }
  for option in request.options {
    try check(option, of: reader, inputs: request.bindings.map(\.input))
  }
}

private func findReader(_ request: DataRequest) throws(DataError) -> any DataReader.Type {
  if let reader = dataReaders.first(where: { $0.name == request.reader }) { return reader }
  let names = dataReaders.map { $0.name }
  let help = suggestion(for: request.reader, among: names).map { "did you mean `\($0)`?" }
  throw DataError(
    "there is no reader `\(request.reader)`",
    help: help ?? "readers are " + names.map { "`\($0)`" }.joined(separator: ", "),
    range: request.range)
}

private func check(
  _ option: DataOption, of reader: any DataReader.Type, inputs: [String]
) throws(DataError) {
  let names = reader.options.map(\.name)
  guard let rule = reader.options.first(where: { $0.name == option.name }) else {
    let help = suggestion(for: option.name, among: inputs + names).map { "did you mean `\($0)`?" }
    throw DataError(
      "`\(option.name)` is neither an input nor an option of `\(reader.name)`",
      help: help ?? "options are " + names.map { "`\($0)`" }.joined(separator: ", "),
      range: option.range)
  }
  guard rule.kind.admits(option.value) else {
    throw DataError("`\(option.name)` takes \(rule.kind.rawValue)", range: option.range)
  }
}

extension DataOptionRule.Kind {
  fileprivate func admits(_ value: DataValue) -> Bool {
    switch (self, value) {
    case (.bool, .bool), (.string, .string), (.number, .number): true
    case (.strings, .string): true
    case (.strings, .list(let values)):
      values.allSatisfy { if case .string = $0 { true } else { false } }
    default: false
    }
  }
}
