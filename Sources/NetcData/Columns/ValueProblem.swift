/// What is wrong with one value, before anyone says where it stands.
struct ValueProblem: Error {
  /// What was found and expected.
  let message: String
  /// What to change.
  var help: String?
}
