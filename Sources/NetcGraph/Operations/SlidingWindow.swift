package import NetcCore

/// One axis over which a window slides: `size` elements with `spread - 1` gaps between each two,
/// `low` and `high` places of padding around them, and a window of `window` places `dilation` apart
/// that moves by `stride`.
package struct SlidingWindow<Size> {
  /// How many elements the axis has.
  package var size: Size
  /// The distance between two elements.
  package var spread = 1
  /// Places of padding before them; cuts elements off when negative.
  package var low: Size
  /// Places of padding after them; cuts elements off when negative.
  package var high: Size
  /// How many elements the window has.
  package var window: Size
  /// The distance between two of them.
  package var dilation: Int
  /// How far the window moves.
  package var stride: Int
}

extension SlidingWindow where Size == Dim {
  /// From the first to the last element, gaps included.
  var extent: Dim { Self.extent(size, spread) }

  /// From the first to the last place of the window.
  var reach: Dim { Self.extent(window, dilation) }

  /// How many places the window takes, which is at least one.
  /// - Parameter axis: its number, for messages.
  func places(axis: Int) throws(OperationTypeError) -> Dim {
    for (name, margin) in [("low", low), ("high", high)] {
      if let known = margin.constant, abs(Double(known)) > Double(Int32.max) {
        throw OperationTypeError("`\(name)` is \(known) on axis \(axis), which is out of range")
      }
    }
    if let known = size.constant, known < 1 {
      throw OperationTypeError("axis \(axis) has no elements for a window to slide over")
    }
    if let known = window.constant, known < 1 {
      throw OperationTypeError("the window over axis \(axis) has no places")
    }
    let padded = extent + low + high
    let room = padded - reach
    if let known = room.constant, known < 0 {
      throw OperationTypeError(
        "a window that reaches over \(reach) does not fit into axis \(axis), \(padded) with its "
          + "padding")
    }
    if let known = padded.constant, known > Int32.max {
      throw OperationTypeError("axis \(axis) is \(known) long with its padding, which is too large")
    }
    guard !room.isOverflow, let moves = room.flooredQuotient(by: Dim(stride)) else {
      throw OperationTypeError("the window over axis \(axis) is too large to count")
    }
    return moves + Dim(1)
  }

  /// The same with known sizes; nil when one is unbound or `places` would refuse it.
  package func bound(_ bindings: DimBindings) -> SlidingWindow<Int>? {
    guard let size = size.value(bindings), let window = window.value(bindings),
      let low = low.value(bindings), let high = high.value(bindings)
    else { return nil }
    let known = SlidingWindow(
      size: Dim(size), spread: spread, low: Dim(low), high: Dim(high), window: Dim(window),
      dilation: dilation, stride: stride)
    guard (try? known.places(axis: 0)) != nil else { return nil }
    return SlidingWindow<Int>(
      size: size, spread: spread, low: low, high: high, window: window, dilation: dilation,
      stride: stride)
  }

  private static func extent(_ count: Dim, _ apart: Int) -> Dim {
    (count - Dim(1)) * Dim(apart) + Dim(1)
  }
}

extension SlidingWindow where Size == Int {
  /// The element under each place of the window at each of its positions, position by position; -1
  /// for padding and gaps.
  func elements(positions: Int) -> [Int] {
    (0..<positions).flatMap { position in
      (0..<window).map { place in
        let at = position * stride + place * dilation - low
        return at >= 0 && at % spread == 0 && at / spread < size ? at / spread : -1
      }
    }
  }
}

enum SlidingWindows {
  /// What is wrong with windows once their symbols are bound; nil when nothing is.
  static func problem(_ windows: [SlidingWindow<Dim>], _ bindings: DimBindings) -> String? {
    for window in windows where window.bound(bindings) == nil {
      let found = window.size.value(bindings).map { " = \($0)" } ?? ""
      return "a window that reaches over \(window.reach) does not fit into \(window.size)\(found)"
    }
    return nil
  }

  /// For each position of some windows together, and each place of theirs, the offset of the
  /// element there, by position and then by place, the last axis fastest; -1 where an axis has
  /// padding or a gap.
  static func offsets(
    _ windows: [SlidingWindow<Int>], positions: [Int], strides: [Int]
  ) -> [Int] {
    var result = [0]
    var places = 1
    for (axis, window) in windows.enumerated() {
      let elements = window.elements(positions: positions[axis])
      var next: [Int] = []
      next.reserveCapacity(result.count * elements.count)
      for outer in 0..<result.count / places {
        for position in 0..<positions[axis] {
          for place in 0..<places {
            let base = result[outer * places + place]
            for inner in 0..<window.window {
              let element = elements[position * window.window + inner]
              next.append(base < 0 || element < 0 ? -1 : base + element * strides[axis])
            }
          }
        }
      }
      result = next
      places *= window.window
    }
    return result
  }
}
