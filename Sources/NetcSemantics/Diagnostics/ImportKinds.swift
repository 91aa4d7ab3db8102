import NetcCore

/// Mistakes in `import` statements.
extension DiagnosticKind {
  static let importMissing = DiagnosticKind(
    "E0525", "imported file that cannot be had",
    page: """
      The path after `import` is relative to the file it stands in, and may not leave the
      folder of the main file unless `--allow-outside` is given.

          import "block.net"                     // E0525: the file is called blocks.net
          import "blocks.net"
      """)

  static let importCycle = DiagnosticKind(
    "E0527", "files that import one another",
    page: """
      A file imports a file that, directly or through others, imports it again. Move what
      both need into a third file that imports neither.
      """)

  static let importContent = DiagnosticKind(
    "E0528", "statement that cannot be imported",
    page: """
      An imported file holds parts: const, fn, layer, rule, gradient, and imports of its own.
      Inputs, parameters, instances, losses, data and `train` belong to one model.

          // blocks.net
          layer block(x: float[batch, n]) { return x |> dense(n) |> relu }
          loss mse(y, z)                         // E0528

      Move shared parts into a file of their own and keep the model in its file.
      """)

  static let importClash = DiagnosticKind(
    "E0529", "imported name that is taken",
    page: """
      Without `as`, the names of an imported file are entered among the file's own, and one of
      them is there already.

          import "blocks.net"
          import "more_blocks.net"               // E0529: both define `block`

      Give one of them a name: `import "more_blocks.net" as more`, then `more.block(…)`.
      """)

  /// The kinds of this file, by code.
  static let ofImports = [importMissing, importCycle, importContent, importClash]
}
