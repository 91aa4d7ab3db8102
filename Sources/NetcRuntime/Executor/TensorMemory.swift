import NetcCore

/// Copies tensors to and from the memory of a plan.
enum TensorMemory {
  /// Writes the numbers one after another, as the precision stores them.
  static func write(_ tensor: Tensor, to memory: UnsafeMutableRawPointer, _ precision: Precision) {
    switch (tensor.storage, precision) {
    case (.float(let values), .single): store(values, memory) { $0 }
    case (.float(let values), .double): store(values, memory) { Double($0) }
    case (.double(let values), .single): store(values, memory) { Float($0) }
    case (.double(let values), .double): store(values, memory) { $0 }
    case (.int(let values), _): store(values, memory) { $0 }
    case (.bool(let values), _): store(values, memory) { UInt8($0 ? 1 : 0) }
    }
  }

  /// The tensor whose numbers lie one after another.
  static func read(
    _ memory: UnsafeRawPointer, _ element: ElementType, _ shape: [Int], _ precision: Precision
  ) -> Tensor {
    let count = elementCount(shape) ?? 0
    let storage: Tensor.Storage =
      switch (element, precision) {
      case (.float, .single): .float(load(memory, count))
      case (.float, .double): .double(load(memory, count))
      case (.int, _): .int(load(memory, count))
      case (.bool, _): .bool((load(memory, count) as [UInt8]).map { $0 != 0 })
      }
    guard let tensor = Tensor(shape: shape, storage) else {
      internalError("executor: \(count) numbers for the shape \(shape)")
    }
    return tensor
  }

  private static func store<T, U: BitwiseCopyable>(
    _ values: [T], _ memory: UnsafeMutableRawPointer, _ convert: (T) -> U
  ) {
    for (k, value) in values.enumerated() {
      memory.storeBytes(of: convert(value), toByteOffset: k * MemoryLayout<U>.stride, as: U.self)
    }
  }

  private static func load<T: BitwiseCopyable>(_ memory: UnsafeRawPointer, _ count: Int) -> [T] {
    Array(UnsafeBufferPointer(start: memory.assumingMemoryBound(to: T.self), count: count))
  }
}
