package import NetcCore

/// `images("flowers", picture: pixels(), kind: folder(), scale: 1/255)`: PNG, PPM and PGM files,
/// a folder for each class.
package enum ImagesReader: DataReader {
  package static let name = "images"
  package static let summary = "folders of PNG, PPM and PGM images, one for each class"
  package static let source = DataSource.path
  package static let options = [IDXReader.scaleOption, IDXReader.standardizeOption]

  /// Reads every image; folders and files in the order of their names.
  ///
  /// Pixels have the shape `[channels, height, width]` or `[height, width]`; grey for one channel,
  /// red, green and blue for three. All images have one size.
  /// - Throws: DataError with the file that is damaged or of another size.
  package static func read(
    _ request: DataRequest, path: String, precision: Precision
  ) throws(DataError) -> Dataset {
    let scale = try IDXReader.scale(of: request)
    let needsFolders = request.bindings.contains { $0.selector == .folder }
    let files = try ImageFiles(path, needsFolders: needsFolders)
    var pixels = Pixels()
    if let binding = request.bindings.first(where: { $0.selector == .pixels }) {
      for file in files.entries { try pixels.append(file.path, for: binding) }
    }
    var finder = DimensionFinder()
    var columns: [DataColumn] = []
    for binding in request.bindings {
      switch binding.selector {
      case .pixels:
        columns.append(try pixels.column(binding, scale: scale, precision: precision, &finder))
      case .folder: columns.append(try labels(binding, files, path))
      default:
        throw DataError(
          "input `\(binding.input)` takes an image's pixels or its folder",
          help: "write \(binding.input): pixels() or folder()", range: binding.range)
      }
    }
    return Dataset(rowCount: files.entries.count, columns: columns, dimensions: finder.sizes)
  }

  /// The class of each image by its folder.
  private static func labels(
    _ binding: DataBinding, _ files: ImageFiles, _ path: String
  ) throws(DataError) -> DataColumn {
    guard case .classes(let count, _, let given) = binding.element else {
      throw DataError(
        "input `\(binding.input)` takes the folder's name, which is a class",
        help: "declare it as class(\(files.folders.count))[batch]", range: binding.range)
    }
    let names = given ?? files.folders
    guard names.count == count else {
      throw DataError(
        "class(\(count)) needs \(count) folders, there are \(names.count)", path: path,
        help: "write class(\(names.count))", range: binding.range)
    }
    guard binding.rowShape.rank == 0 else {
      throw DataError(
        "input `\(binding.input)` takes \(binding.rowShape) a row, a folder is one class",
        range: binding.range)
    }
    var classes: [Int32] = []
    for file in files.entries {
      guard let place = names.firstIndex(of: file.folder) else {
        let near = suggestion(for: file.folder, among: names).map { "did you mean `\(shown($0))`?" }
        throw DataError(
          "`\(shown(file.folder))` is none of the classes", path: file.path,
          help: near
            ?? "classes are " + names.prefix(8).map { "`\(shown($0))`" }.joined(separator: ", "),
          range: binding.range)
      }
      classes.append(Int32(truncatingIfNeeded: place))
    }
    return DataColumn(
      name: binding.input, rowShape: [], storage: .ints(classes), classNames: names)
  }
}

/// The image files below a folder.
private struct ImageFiles {
  struct Entry {
    let path: String
    let folder: String
  }

  private(set) var entries: [Entry] = []
  private(set) var folders: [String] = []

  init(_ path: String, needsFolders: Bool) throws(DataError) {
    let top = try FolderListing(path)
    folders = top.folders
    if !needsFolders { try add(top.files, of: path, folder: "") }
    for folder in top.folders {
      try add(try FolderListing("\(path)/\(folder)").files, of: "\(path)/\(folder)", folder: folder)
    }
    guard !entries.isEmpty else {
      throw DataError(
        "there are no images in this folder", path: path,
        help: needsFolders
          ? "put PNG, PPM or PGM files into a folder for each class"
          : "PNG, PPM and PGM files are read")
    }
    guard entries.count < Int(Int32.max) else { throw DataError("too many images", path: path) }
  }

  private mutating func add(
    _ files: [String], of path: String, folder: String
  ) throws(DataError) {
    for file in files {
      let ending = file.split(separator: ".").last.map { $0.lowercased() } ?? ""
      if ["jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff"].contains(ending) {
        throw DataError(
          "netc reads PNG, PPM and PGM images", path: "\(path)/\(file)",
          help: "convert it, for example with `mogrify -format png *.\(ending)`")
      }
      guard ["png", "ppm", "pgm"].contains(ending) else { continue }
      entries.append(Entry(path: "\(path)/\(file)", folder: folder))
    }
  }
}

/// The pixels of images of one size, one image after another.
private struct Pixels {
  private var bytes: [UInt8] = []
  private var first: (picture: Picture, path: String, channels: Int)?

  mutating func append(_ path: String, for binding: DataBinding) throws(DataError) {
    let picture = try Picture(contentsOf: path)
    guard let first else {
      let channels = try Pixels.channels(binding, picture, path)
      first = (picture, path, channels)
      bytes += picture.planes(channels: channels)
      return
    }
    guard picture.width == first.picture.width, picture.height == first.picture.height else {
      throw DataError(
        "\(picture.width) × \(picture.height) pixels, the first image has"
          + " \(first.picture.width) × \(first.picture.height)",
        path: path, help: "bring all images to one size", range: binding.range)
    }
    bytes += picture.planes(channels: first.channels)
  }

  /// How many channels the input takes: a third dimension's, else grey.
  private static func channels(
    _ binding: DataBinding, _ picture: Picture, _ path: String
  ) throws(DataError) -> Int {
    guard binding.rowShape.rank == 3 else { return 1 }
    let channels = binding.rowShape[0].constant ?? picture.channels
    guard channels == 1 || channels == 3 else {
      throw DataError(
        "input `\(binding.input)` has \(channels) channels, images have 1 or 3", path: path,
        help: "pixels are [channels, height, width]", range: binding.range)
    }
    return channels
  }

  func column(
    _ binding: DataBinding, scale: Double, precision: Precision, _ finder: inout DimensionFinder
  ) throws(DataError) -> DataColumn {
    guard binding.element == .float else {
      throw DataError(
        "input `\(binding.input)` takes pixels, which are floats", range: binding.range)
    }
    let picture = first?.picture
    let size = [picture?.height ?? 0, picture?.width ?? 0]
    let shape: [Int]
    if binding.rowShape.rank == 1 {
      shape = try finder.rowShape(of: binding, count: size[0] * size[1])
    } else {
      let found = binding.rowShape.rank == 3 ? [first?.channels ?? 1] + size : size
      shape = try finder.rowShape(of: binding, found: found)
    }
    return DataColumn(
      name: binding.input, rowShape: shape, storage: .bytes(bytes, scale: scale))
  }
}
