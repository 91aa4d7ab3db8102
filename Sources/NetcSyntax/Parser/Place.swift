/// What a statement stands in, which decides whether it belongs there.
struct Place: Hashable, Sendable {
  /// The body around it.
  enum Body: String, Hashable, Sendable {
    case file
    case layer
    case function = "fn"
    case rule
    case gradient
  }

  /// The body around it.
  var body: Body
  /// Whether an `if` or `for` stands between it and the body.
  var isNested = false
  /// Whether a scan stands between it and the body.
  var isInScan = false
  /// Whether the block around it is a scan's own.
  var isScanBody = false

  /// The top level of the file.
  static let top = Place(body: .file)

  /// Inside an `if` or a `for` here.
  var nested: Place {
    var place = self
    place.isNested = true
    place.isScanBody = false
    return place
  }

  /// Inside a scan here.
  var scan: Place {
    var place = self
    place.isInScan = true
    place.isScanBody = true
    return place
  }

  /// In words, as in "found in a layer".
  var description: String {
    if isInScan { return isScanBody ? "in a scan" : "in a block inside a scan" }
    switch body {
    case .file: return isNested ? "in a block" : "at the top level"
    case .layer: return "in a layer"
    case .function: return "in a fn"
    case .rule: return "in a rule"
    case .gradient: return "in a gradient"
    }
  }
}
