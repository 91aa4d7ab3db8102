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

  /// The columns as given: their numbers are shared, never copied.
  let columns: [Column]
  let permutation: UnsafeMutablePointer<Int32>
  private let rows: [Int32]
  private var drawnEpoch: Int?

  /// - Parameter rows: the rows used, ascending; nil for all.
  /// - Parameter examples: how many rows there are when there are no columns.
  package init(
    columns given: [Column], rows: [Int32]? = nil, batch: Int, order: Order = .sequential,
    dropsLast: Bool = false, whole: [String: Tensor] = [:], examples: Int = 0
  ) throws(ExecutorError) {
    let available = given.map(\.rowCount).min() ?? examples
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
    columns = given
    permutation = .allocate(capacity: max(1, rowCount))
    prepare()
  }

  deinit { permutation.deallocate() }

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

  /// The names of the inputs with columns.
  var names: [String] { columns.map(\.name) }

  /// The numbers of some rows of a column, one row after another.
  package func tensor(_ name: String, rows: [Int32]) -> Tensor? {
    guard let column = columns.first(where: { $0.name == name }) else { return nil }
    func gather<C: RandomAccessCollection>(_ values: C) -> [C.Element] where C.Index == Int {
      rows.flatMap { row in
        let start = column.offset + Int(row) * column.stride
        return values[start..<start + column.rowSize]
      }
    }
    let storage: Tensor.Storage =
      switch column.storage {
      case .floats(let values): .float(gather(values))
      case .doubles(let values): .double(gather(values))
      case .ints(let values): .int(gather(values))
      case .bytes(let values, scale: 1): .int(gather(values).map { Int32($0) })
      case .bytes(let values, let scale): .double(gather(values).map { Double($0) * scale })
      case .mapped(let file):
        withExtendedLifetime(file) {
          file.kind == .float ? .float(gather(file.floats)) : .int(gather(file.ints))
        }
      }
    return Tensor(shape: [rows.count, column.rowSize], storage)
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
      permutation.update(from: rows, count: rows.count)
      let order = UnsafeMutableBufferPointer(start: permutation, count: rows.count)
      shuffle(order, Philox(seed: seed, site: "shuffle"), step: UInt64(epoch))
    case .sequential:
      permutation.update(from: rows, count: rows.count)
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
}
