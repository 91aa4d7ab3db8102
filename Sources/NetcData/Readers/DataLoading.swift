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
    var request = self
    // Weights follow from the labels of the training part.
    request.bindings.removeAll { if case .classWeight = $0.selector { true } else { false } }
    request.morePaths = morePaths.map { resolve($0, in: directory) }
    if try findReader(self).source == .pathPerInput {
      for index in request.bindings.indices {
        guard case .named(let path) = request.bindings[index].selector else { continue }
        request.bindings[index].selector = .named(resolve(path, in: directory))
      }
    }
    let path = resolve(path ?? "", in: directory)
    do {
      return try findReader(self).read(request, path: path, precision: precision)
    } catch {
      var placed = error
      placed.range = error.range ?? range
      throw placed
    }
  }
}

private func resolve(_ path: String, in directory: String) -> String {
  if path.isEmpty || path.hasPrefix("/") || directory.isEmpty { return path }
  return directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
}

extension DataRequest {
  /// The same request for another file.
  /// - Throws: DataError when the reader has no file, or one for each of several inputs.
  package func reading(_ path: String) throws(DataError) -> DataRequest {
    var request = self
    switch try findReader(self).source {
    case .program: throw DataError("`\(reader)` reads no file", range: range)
    case .path, .paths:
      request.path = path
      request.morePaths = []
    case .pathPerInput:
      guard bindings.count == 1 else {
        throw DataError(
          "`\(reader)` reads a file for each of the inputs "
            + bindings.map { "`\($0.input)`" }.joined(separator: ", ") + ", not one for all",
          help: "ask for an output that takes one input", range: range)
      }
      request.bindings[0].selector = .named(path)
    }
    return request
  }

  /// Gives inputs of classes without names those that are known from elsewhere.
  package mutating func name(classes names: [String: [String]]) {
    for index in bindings.indices {
      guard case .classes(let count, let ignore, nil) = bindings[index].element,
        let known = names[bindings[index].input], known.count == count
      else { continue }
      bindings[index].element = .classes(count: count, ignore: ignore, names: known)
    }
  }
}

private func checkReader(_ request: DataRequest) throws(DataError) {
  let reader = try findReader(request)
  switch reader.source {
  case .path where request.path == nil, .paths where request.path == nil:
    throw DataError(
      "`\(reader.name)` needs a path", help: "write \(reader.name)(\"file\", …)",
      range: request.range)
  case .path where !request.morePaths.isEmpty:
    throw DataError(
      "`\(reader.name)` takes one path", range: request.pathRange ?? request.range)
  case .program where request.path != nil:
    throw DataError("`\(reader.name)` reads no file", range: request.pathRange ?? request.range)
  case .pathPerInput where request.path != nil:
    throw DataError(
      "`\(reader.name)` takes a file for each input",
      help: "write \(reader.name)(\(request.bindings.first?.input ?? "INPUT"): \"file\", …)",
      range: request.pathRange ?? request.range)
  default: break
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
