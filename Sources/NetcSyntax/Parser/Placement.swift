/// Where each kind of statement belongs.
enum Placement: Sendable {
  /// The file itself, not a block in it.
  case top
  /// The file, or an `if` or `for` of it.
  case file
  /// The file or a layer.
  case fileOrLayer
  /// The file, a layer or a rule.
  case fileLayerOrRule
  /// Every body.
  case anywhere
  /// A body that gives something back.
  case body
  /// The end of a scan's body.
  case scan

  /// Whether a statement that belongs here may stand there.
  func allows(_ place: Place) -> Bool {
    switch self {
    case .top: place == .top
    case .file: place.body == .file && !place.isInScan
    case .fileOrLayer: (place.body == .file || place.body == .layer) && !place.isInScan
    case .fileLayerOrRule:
      place.body != .function && place.body != .gradient && !place.isInScan
    case .anywhere: true
    case .body: place.body != .file && !place.isInScan
    case .scan: place.isScanBody
    }
  }

  /// Where it belongs, in words.
  var description: String {
    switch self {
    case .top, .file: "at the top level"
    case .fileOrLayer: "at the top level or in a layer"
    case .fileLayerOrRule: "at the top level, in a layer or in a rule"
    case .anywhere: "everywhere"
    case .body: "in the body of a fn, layer, rule or gradient"
    case .scan: "at the end of a scan's body"
    }
  }
}
