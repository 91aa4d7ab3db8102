import NetcCore
import NetcData
import NetcSemantics

extension CompiledModel {
  /// Checks what the `data` statements ask of their readers, as far as no file is needed: that the
  /// reader exists, its path, its options and their values, and inputs named like options.
  /// - Throws: `NetcError.data` with the place in the program.
  public func checkData() throws(NetcError) {
    for request in model.data {
      do { try request.check() } catch { throw NetcError(error, sources: sources) }
    }
  }
}
