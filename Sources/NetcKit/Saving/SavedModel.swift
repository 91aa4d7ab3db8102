public import NetcCore
import NetcData
import NetcSemantics

/// The numbers of a model as one safetensors file: parameters and states under their names.
///
/// When the parameters kept are not the last ones, the last ones stand beside them under
/// `resume/NAME`, so that training can continue. Metadata: `netc` (the format's number), `seed`,
/// `progress`, `constants`, `classes`.
public struct SavedModel: Hashable, Sendable {
  /// A tensor with its name.
  package struct Entry: Hashable, Sendable {
    package let name: String
    package let tensor: Tensor

    package init(_ name: String, _ tensor: Tensor) {
      self.name = name
      self.tensor = tensor
    }
  }

  /// Parameters and states to predict with, in the model's order.
  package var tensors: [Entry] = []
  /// The last parameters and layer states where they differ from the kept ones.
  package var last: [Entry] = []
  /// The seed of the run.
  public internal(set) var seed: UInt64 = 0
  /// The names of the classes of inputs that have some.
  public internal(set) var classNames: [String: [String]] = [:]
  var progress: SavedProgress?
  var constants: [ModelConstant] = []

  /// The seed of the run that left it; nil for a file that no run left.
  var runSeed: UInt64? { progress == nil ? nil : seed }

  static let format = "1"
  private static let prefix = "resume/"

  package init() {}

  /// The kept tensor of a parameter or state.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }

  /// Writes the file atomically; equal contents give equal bytes.
  /// - Throws: `NetcError.file`; an earlier file is left as it was.
  public func write(to path: String) throws(NetcError) {
    var metadata = [
      Safetensors.Metadata("netc", SavedModel.format), Safetensors.Metadata("seed", String(seed)),
    ]
    if let progress { metadata.append(.init("progress", progress.json.text)) }
    let constants = constants.map { JSONText.Member($0.name, .string($0.text)) }
    metadata.append(.init("constants", JSONText.object(constants).text))
    let classes = classNames.sorted { $0.key < $1.key }.map { entry in
      JSONText.Member(entry.key, .array(entry.value.map(JSONText.string)))
    }
    metadata.append(.init("classes", JSONText.object(classes).text))
    let stored =
      tensors.map { SafetensorsTensor(name: $0.name, $0.tensor) }
      + last.map { SafetensorsTensor(name: SavedModel.prefix + $0.name, $0.tensor) }
    do {
      try Safetensors(metadata: metadata, tensors: stored).write(to: path)
    } catch {
      throw .file(path: path, reason: error.message)
    }
  }

  /// Reads a file that netc wrote, or any safetensors file with the parameters' names.
  /// - Throws: `NetcError.checkpoint`.
  public init(contentsOf path: String) throws(NetcError) {
    let file: Safetensors
    do { file = try Safetensors(contentsOf: path) } catch {
      throw .checkpoint(path: path, reason: error.message)
    }
    for stored in file.tensors {
      guard let tensor = stored.tensor else {
        throw .checkpoint(path: path, reason: "`\(stored.name)` holds integers beyond 32 bits")
      }
      if stored.name.hasPrefix(SavedModel.prefix) {
        last.append(Entry(String(stored.name.dropFirst(SavedModel.prefix.count)), tensor))
      } else {
        tensors.append(Entry(stored.name, tensor))
      }
    }
    seed = file.text("seed").flatMap { UInt64($0) } ?? 0
    progress = file.text("progress").flatMap { SavedProgress(parsing: $0) }
    for member in SavedModel.members(file.text("constants")) {
      guard let text = member.value.string else { continue }
      constants.append(ModelConstant(name: member.name, text: text, isOverridden: false))
    }
    for member in SavedModel.members(file.text("classes")) {
      classNames[member.name] = member.value.elements?.compactMap(\.string)
    }
  }

  /// The members of a JSON object, in order.
  private static func members(_ text: String?) -> [JSONText.Member] {
    text.flatMap(JSONText.init(parsing:))?.members ?? []
  }
}
