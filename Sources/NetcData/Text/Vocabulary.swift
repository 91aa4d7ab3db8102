import NetcCore

/// The characters of a text that are classes, and their numbers.
struct Vocabulary {
  /// The character of each class.
  let names: [String]
  private let numbers: [UInt32: Int32]

  /// The characters that the inputs' classes are named by, or those of the text's training part.
  /// - Throws: DataError when their number is not that of the inputs' classes.
  init(_ request: DataRequest, _ text: Characters, path: String) throws(DataError) {
    let given = request.bindings.lazy.compactMap { binding -> [String]? in
      if case .classes(_, _, let names) = binding.element { names } else { nil }
    }.first
    let codes: [UInt32]
    if let given {
      codes = given.compactMap {
        $0.unicodeScalars.count == 1 ? $0.unicodeScalars.first?.value : nil
      }
      guard codes.count == given.count else {
        throw DataError(
          "the classes of `\(request.bindings[0].input)` are words, `text` reads characters",
          help: "write class(\(given.count))", range: request.bindings[0].range)
      }
    } else {
      codes = text.distinct(before: text.trainingCount(heldOut: request.heldOut))
    }
    names = codes.map { Unicode.Scalar($0).map { String(Character($0)) } ?? "\u{FFFD}" }
    numbers = Dictionary(
      codes.enumerated().map { ($1, Int32(truncatingIfNeeded: $0)) },
      uniquingKeysWith: { a, _ in a })
    for binding in request.bindings {
      guard case .classes(let count, _, _) = binding.element, count != codes.count else { continue }
      throw DataError(
        "input `\(binding.input)` is class(\(count)), the text has \(codes.count) different"
          + " characters" + (request.heldOut > 0 && given == nil ? " in its training part" : ""),
        path: path, help: "write class(\(codes.count))", range: binding.range)
    }
  }

  /// The class of each character of a text.
  /// - Throws: DataError with the place of a character that is none of the classes.
  func classes(of text: Characters, path: String) throws(DataError) -> DataColumn.Storage {
    var bytes: [UInt8] = []
    var ints: [Int32] = []
    let areSmall = names.count <= 256
    if areSmall { bytes.reserveCapacity(text.count) } else { ints.reserveCapacity(text.count) }
    // Most texts are ASCII: a table answers sooner than a dictionary.
    let table = (0..<128).map { numbers[UInt32($0)] ?? -1 }
    for place in 0..<text.count {
      let code = text[place]
      let known = code < 128 ? table[Int(code)] : numbers[code] ?? -1
      guard known >= 0 else {
        let character = Unicode.Scalar(code).map { shown(String(Character($0))) } ?? "?"
        throw DataError(
          "`\(character)` is not among the \(names.count) characters of the training part",
          path: path, line: text.line(of: place),
          help: "take it out, or train on a text that has it")
      }
      if areSmall { bytes.append(UInt8(truncatingIfNeeded: known)) } else { ints.append(known) }
    }
    return areSmall ? .bytes(bytes, scale: 1) : .ints(ints)
  }
}

extension Characters {
  /// The characters before the part held out at the end.
  fileprivate func trainingCount(heldOut share: Double) -> Int {
    Dataset.Windows.trainingLength(of: count, heldOut: share)
  }
}
