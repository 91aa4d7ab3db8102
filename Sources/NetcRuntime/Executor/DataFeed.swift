import CNetc
package import NetcCore

/// Columns of examples in memory and the order in which steps take their rows.
package final class DataFeed {
  /// The rows that feed one input, row-major; row `r` starts at `offset + r * stride`.
  package struct Column: Sendable {
    /// The numbers, by how they are stored.
    package enum Storage: Sendable {
      case floats([Float])
      case doubles([Double])
      case ints([Int32])
      /// Bytes whose value is `byte * scale`.
      case bytes([UInt8], scale: Double)
      /// Numbers that stay in their file.
      case mapped(MappedNumbers)
    }

    /// The input it feeds.
    package let name: String
    /// The shape of one row.
    package let rowShape: [Int]
    package let storage: Storage
    /// Where the first row starts.
    package let offset: Int
    /// Numbers from one row's start to the next one's; windows overlap.
    package let stride: Int

    /// A column of these parts; without a stride, rows follow one another.
    package init(
      name: String, rowShape: [Int], storage: Storage, offset: Int = 0, stride: Int? = nil
    ) {
      self.name = name
      self.rowShape = rowShape
      self.storage = storage
      self.offset = max(0, offset)
      self.stride = max(1, stride ?? rowShape.reduce(1, *))
    }

    /// How many numbers a row has.
    var rowSize: Int { rowShape.reduce(1, *) }

    /// How many rows there are.
    var rowCount: Int {
      let last = storage.count - offset - rowSize
      return last < 0 ? 0 : last / stride + 1
    }
  }

  /// The order of rows within an epoch.
  package enum Order: Hashable, Sendable {
    case sequential
    /// The order of epoch e is drawn at site `shuffle`, step e.
    case shuffled(seed: UInt64)
    /// An epoch takes whole batches of rows drawn from the first `count`, with repetition, at site
    /// `windows`, step e; the feed's own rows only say how many make an epoch.
    case drawn(seed: UInt64, count: Int)
  }

  /// Examples of an epoch, before the last batch is dropped.
  package let rowCount: Int
  /// Examples a step takes.
  package let batch: Int
  package let order: Order
  /// Whether a last, smaller batch is left out.
  package let dropsLast: Bool
  /// Tensors fed whole at each step, by input.
  package let whole: [String: Tensor]
  /// Epochs begun before the present one.
  package private(set) var epoch = 0
  /// Examples of the present epoch already taken.
  package internal(set) var position = 0

  let names: [String]
  let rowSizes: [Int]
  let columns: UnsafeMutablePointer<netc_column>
  let permutation: UnsafeMutablePointer<Int32>
  private let rows: [Int32]
  private var blocks: [UnsafeMutableRawPointer] = []
  private var files: [MappedNumbers] = []
  private var drawnEpoch: Int?

  /// - Parameter rows: the rows used, ascending; nil for all.
  /// - Parameter examples: how many rows there are when there are no columns.
  package init(
    columns given: [Column], rows: [Int32]? = nil, batch: Int, order: Order = .sequential,
    dropsLast: Bool = false, whole: [String: Tensor] = [:], examples: Int = 0
  ) throws(ExecutorError) {
    let counts = given.map(\.rowCount)
    let available = counts.min() ?? examples
    self.rows = rows ?? (0..<available).map { Int32(truncatingIfNeeded: $0) }
    guard self.rows.allSatisfy({ $0 >= 0 && Int($0) < available }), available < Int(Int32.max)
    else {
      throw ExecutorError("rows beyond the data's \(available)")
    }
    // No feed has as many rows, so a larger batch takes the same.
    self.batch = min(max(1, batch), Int(Int32.max))
    if case .drawn(_, let count) = order {
      guard count > 0, count <= available else { throw ExecutorError("no rows to draw from") }
      rowCount = max(1, self.rows.count / self.batch) * self.batch
    } else {
      rowCount = self.rows.count
    }
    self.order = order
    self.dropsLast = dropsLast
    self.whole = whole
    names = given.map(\.name)
    rowSizes = given.map(\.rowSize)
    columns = .allocate(capacity: max(1, given.count))
    permutation = .allocate(capacity: max(1, rowCount))
    for (k, column) in given.enumerated() {
      let (block, kind) = own(column.storage)
      columns[k] = netc_column(
        data: block, rows: Int64(counts[k]), width: Int64(rowSizes[k]),
        offset: Int64(column.offset), stride: Int64(column.stride), scale: column.storage.scale,
        kind: kind)
    }
    prepare()
  }

  deinit {
    for block in blocks { block.deallocate() }
    columns.deallocate()
    permutation.deallocate()
  }

  /// The numbers in memory that lives as long as the feed, with the kind kernels know them by.
  private func own(_ storage: Column.Storage) -> (UnsafeMutableRawPointer, Int32) {
    if case .mapped(let file) = storage {
      files.append(file)
      return (file.base, file.kind == .float ? Int32(NETC_COLUMN_F32) : Int32(NETC_COLUMN_I32))
    }
    let (block, kind) = storage.copied()
    blocks.append(block)
    return (block, kind)
  }

  /// Examples an epoch's steps take.
  package var epochCount: Int { dropsLast ? rowCount / batch * batch : rowCount }

  /// Steps of an epoch.
  package var stepsPerEpoch: Int { (epochCount + batch - 1) / batch }

  /// Goes to a place, to resume a run there.
  package func seek(epoch: Int, position: Int) {
    self.epoch = max(0, epoch)
    self.position = max(0, min(position, epochCount))
    prepare()
  }

  /// The rows the next step takes: fewer than a batch only at the end of an epoch.
  package var nextRows: [Int32] {
    let count = min(batch, epochCount - position)
    return (0..<max(0, count)).map { permutation[position + $0] }
  }

  /// The numbers of some rows of a column, one row after another.
  package func tensor(_ name: String, rows: [Int32]) -> Tensor? {
    guard let place = names.firstIndex(of: name) else { return nil }
    let column = columns[place]
    let width = rowSizes[place]
    guard let data = column.data else { return nil }
    func gather<T: BitwiseCopyable>(_ type: T.Type) -> [T] {
      rows.flatMap { row in
        let start = Int(column.offset) + Int(row) * Int(column.stride)
        return (start..<start + width).map { place in
          data.load(fromByteOffset: place * MemoryLayout<T>.stride, as: T.self)
        }
      }
    }
    let storage: Tensor.Storage =
      switch column.kind {
      case Int32(NETC_COLUMN_F32): .float(gather(Float.self))
      case Int32(NETC_COLUMN_F64): .double(gather(Double.self))
      case Int32(NETC_COLUMN_U8) where column.scale == 1:
        .int(gather(UInt8.self).map { Int32($0) })
      case Int32(NETC_COLUMN_U8):
        .double(gather(UInt8.self).map { Double($0) * column.scale })
      default: .int(gather(Int32.self))
      }
    return Tensor(shape: [rows.count, width], storage)
  }

  /// Starts the next epoch when this one is used up.
  func advanceIfNeeded() {
    guard position >= epochCount, epochCount > 0 else { return }
    epoch += 1
    position = 0
    prepare()
  }

  /// Puts the rows of the present epoch in order.
  private func prepare() {
    guard drawnEpoch != epoch else { return }
    drawnEpoch = epoch
    switch order {
    case .drawn(let seed, let count):
      let generator = Philox(seed: seed, site: "windows")
      for place in 0..<rowCount {
        let word = generator.word(element: UInt64(place), step: UInt64(epoch))
        permutation[place] = Int32(truncatingIfNeeded: (UInt64(word) &* UInt64(count)) >> 32)
      }
    case .shuffled(let seed):
      var drawn = rows
      shuffle(&drawn, Philox(seed: seed, site: "shuffle"), step: UInt64(epoch))
      for (k, row) in drawn.enumerated() { permutation[k] = row }
    case .sequential:
      for (k, row) in rows.enumerated() { permutation[k] = row }
    }
  }
}

extension DataFeed.Column.Storage {
  var count: Int {
    switch self {
    case .floats(let values): values.count
    case .doubles(let values): values.count
    case .ints(let values): values.count
    case .bytes(let values, _): values.count
    case .mapped(let file): file.count
    }
  }

  /// The numbers in memory of their own, with the kind kernels know them by.
  fileprivate func copied() -> (UnsafeMutableRawPointer, Int32) {
    switch self {
    case .floats(let values): (DataFeed.copy(values), Int32(NETC_COLUMN_F32))
    case .doubles(let values): (DataFeed.copy(values), Int32(NETC_COLUMN_F64))
    case .ints(let values): (DataFeed.copy(values), Int32(NETC_COLUMN_I32))
    case .bytes(let values, _): (DataFeed.copy(values), Int32(NETC_COLUMN_U8))
    case .mapped(let file):
      internalError("feed: \(file.count) mapped numbers are not copied")
    }
  }

  /// What a byte is multiplied by.
  var scale: Double { if case .bytes(_, let scale) = self { scale } else { 1 } }
}

extension DataFeed {
  fileprivate static func copy<T: BitwiseCopyable>(_ values: [T]) -> UnsafeMutableRawPointer {
    let bytes = max(1, values.count) * MemoryLayout<T>.stride
    let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    values.withUnsafeBytes { source in
      if let base = source.baseAddress { block.copyMemory(from: base, byteCount: source.count) }
    }
    return block
  }
}
