import NetcCore

/// What is known of the parameters while the program is lowered, in the order of their
/// declarations: that of `Model.parameters`.
struct ParameterTable: Sendable {
  /// One parameter.
  struct Record: Sendable {
    /// Its whole name.
    let name: String
    /// Where it is declared.
    let range: SourceRange
    /// What decided its sizes.
    var sizes: [[SizeSource]] = []
    /// The tensor in the graph under construction; nil before its first application there.
    var value: TensorValue?
    /// The first value in the initial graph.
    var first: TensorValue?
  }

  /// The parameters by their places.
  var records: [Record] = []
  private var places: [String: Int] = [:]

  /// The place of a parameter declared so far.
  func place(of name: String) -> Int? { places[name] }

  /// The tensor of a parameter in the graph under construction.
  func value(_ name: String) -> TensorValue? { places[name].flatMap { records[$0].value } }

  /// The names of those with a tensor in the graph under construction.
  var madeNames: [String] { records.filter { $0.value != nil }.map(\.name) }

  /// Adds a parameter declared at `range`; gives its place.
  mutating func add(_ name: String, _ range: SourceRange) -> Int {
    records.append(Record(name: name, range: range))
    places[name] = records.count - 1
    return records.count - 1
  }

  /// Forgets the tensors: another graph is begun.
  mutating func forgetValues() {
    for place in records.indices { records[place].value = nil }
  }
}
