/// The content of a safetensors file: named tensors in order, and text under `__metadata__`.
/// - Reference: huggingface/safetensors, README "Format" and `safetensors/src/tensor.rs`.
package struct Safetensors: Hashable, Sendable {
  /// Free text by key, in order.
  package var metadata: [Metadata]
  /// The tensors in the order of their data.
  package var tensors: [SafetensorsTensor]

  /// A key with its text.
  package struct Metadata: Hashable, Sendable {
    /// The key.
    package let key: String
    /// The text.
    package let text: String

    /// A key with its text.
    package init(_ key: String, _ text: String) {
      self.key = key
      self.text = text
    }
  }

  /// A file's content.
  package init(metadata: [Metadata] = [], tensors: [SafetensorsTensor] = []) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The tensor of a name.
  /// - Complexity: O(tensors).
  package subscript(name: String) -> SafetensorsTensor? { tensors.first { $0.name == name } }

  /// The text of a metadata key.
  package func text(_ key: String) -> String? { metadata.first { $0.key == key }?.text }

  /// Reads a file, plain or gzip.
  /// - Throws: DataError when the file cannot be read or breaks the format.
  package init(contentsOf path: String) throws(DataError) {
    let bytes = try ByteStream(path: path).readAll()
    try self.init(parsing: bytes, path: path)
  }

  /// Writes a file atomically; equal contents give equal bytes.
  /// - Throws: DataError when writing fails or a name repeats.
  package func write(to path: String) throws(DataError) {
    try writeAtomically(try bytes(path: path), to: path)
  }
}
