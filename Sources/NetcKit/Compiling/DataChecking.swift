import NetcCore
import NetcData
import NetcSemantics

extension DiagnosticKind {
  /// A data set that its reader does not take.
  static let dataRefused = DiagnosticKind(
    "E0653", "a data set that its reader does not take",
    page: #"""
      The reader of a `data` statement does not exist, has no option of that name, or wants
      its path written otherwise. Found before any file is opened.

          data d = cvs("rows.csv", x: columns(0..<4))           // E0653: there is no `cvs`
          data d = csv("rows.csv", x: columns(0..<4))
      """#)
}

extension Model {
  /// What is wrong with the data statements as far as it is known without opening a file.
  func dataMistakes() -> [Diagnostic] {
    data.compactMap { request in
      do throws(DataError) {
        try request.check()
        return nil
      } catch {
        return Diagnostic(
          .dataRefused, error.message, at: error.range ?? request.range,
          help: error.help.map { [$0] } ?? [])
      }
    }
  }
}
