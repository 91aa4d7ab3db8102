package import NetcCore

/// Typed access for type rules: the attributes come from a user or a file and may be missing or of
/// another kind.
extension Attributes {
  /// The truth value of that name.
  package func checkedBool(_ name: String) throws(OperationTypeError) -> Bool {
    if case .bool(let value)? = self[name] { value } else { throw refused(name, "true or false") }
  }

  /// The whole number of that name.
  package func checkedInt(_ name: String) throws(OperationTypeError) -> Int {
    if case .int(let value)? = self[name] { value } else { throw refused(name, "a whole number") }
  }

  /// The whole numbers of that name.
  package func checkedInts(_ name: String) throws(OperationTypeError) -> [Int] {
    if case .ints(let value)? = self[name] {
      value
    } else {
      throw refused(name, "a list of whole numbers")
    }
  }

  /// The whole numbers of that name, `count` of them, each at least `least`.
  package func checkedInts(
    _ name: String, count: Int, least: Int
  ) throws(OperationTypeError) -> [Int] {
    let values = try checkedInts(name)
    guard values.count == count else {
      throw OperationTypeError(
        "`\(name)` needs \(count) numbers, one for each axis, found \(values.count)")
    }
    for value in values where value < least || value > Int32.max {
      throw OperationTypeError(
        "`\(name)` must lie between \(least) and \(Int32.max), found \(value)")
    }
    return values
  }

  /// The dimension of that name.
  package func checkedDim(_ name: String) throws(OperationTypeError) -> Dim {
    guard case .dim(let value)? = self[name] else { throw refused(name, "a dimension") }
    if value.isOverflow { throw OperationTypeError("`\(name)` is too large") }
    return value
  }

  /// The dimensions of that name, `count` of them.
  package func checkedDims(_ name: String, count: Int) throws(OperationTypeError) -> [Dim] {
    guard case .dims(let values)? = self[name] else { throw refused(name, "a list of dimensions") }
    guard values.count == count else {
      throw OperationTypeError(
        "`\(name)` needs \(count) dimensions, one for each axis, found \(values.count)")
    }
    if values.contains(where: \.isOverflow) { throw OperationTypeError("`\(name)` is too large") }
    return values
  }

  /// The shape of that name: no dimension below 0, no more elements than a whole number can count.
  package func checkedShape(_ name: String = "shape") throws(OperationTypeError) -> Shape {
    guard case .dims(let dims)? = self[name] else { throw refused(name, "a list of dimensions") }
    return try Shape(dims).checked()
  }

  /// The real number of that name.
  package func checkedNumber(_ name: String) throws(OperationTypeError) -> Double {
    if case .number(let value)? = self[name] {
      value.value
    } else {
      throw refused(name, "a number")
    }
  }

  /// The real numbers of that name.
  package func checkedNumbers(_ name: String) throws(OperationTypeError) -> [Double] {
    if case .numbers(let values)? = self[name] {
      values.map(\.value)
    } else {
      throw refused(name, "a list of numbers")
    }
  }

  /// The text of that name.
  package func checkedText(_ name: String) throws(OperationTypeError) -> String {
    if case .text(let value)? = self[name] { value } else { throw refused(name, "a text") }
  }

  /// The element type of that name.
  package func checkedElement(_ name: String = "element") throws(OperationTypeError) -> ElementType
  {
    if case .element(let value)? = self[name] {
      value
    } else {
      throw refused(name, "an element type")
    }
  }

  /// The body of that name.
  package func checkedBody(_ name: String) throws(OperationTypeError) -> GraphBody {
    if case .body(let value)? = self[name] { value } else { throw refused(name, "a body") }
  }

  /// The axis of that name, `0 ..< rank`.
  package func checkedAxis(_ name: String = "axis", rank: Int) throws(OperationTypeError) -> Int {
    let axis = try checkedInt(name)
    try checkAxis(axis, name, rank: rank)
    return axis
  }

  /// The axes of that name, each once and within `0 ..< rank`, in any order.
  package func checkedAxes(_ name: String = "axes", rank: Int) throws(OperationTypeError) -> [Int] {
    let axes = try checkedInts(name)
    for (place, axis) in axes.enumerated() {
      try checkAxis(axis, name, rank: rank)
      if axes[..<place].contains(axis) {
        throw OperationTypeError("`\(name)` names axis \(axis) twice")
      }
    }
    return axes
  }

  /// The axes of that name in increasing order, each within `0 ..< rank`.
  package func checkedSortedAxes(
    _ name: String = "axes", rank: Int
  ) throws(OperationTypeError) -> [Int] {
    let axes = try checkedAxes(name, rank: rank)
    guard axes == axes.sorted() else {
      throw OperationTypeError("`\(name)` must be in increasing order, found \(axes)")
    }
    return axes
  }

  private func checkAxis(_ axis: Int, _ name: String, rank: Int) throws(OperationTypeError) {
    if axis < 0 || axis >= rank {
      throw OperationTypeError("`\(name)` is \(axis), but the tensor has rank \(rank)")
    }
  }

  private func refused(_ name: String, _ expected: String) -> OperationTypeError {
    let found = self[name] == nil ? "is missing" : "has another kind"
    return OperationTypeError("`\(name)` \(found): \(expected) expected")
  }
}

extension Shape {
  /// The shape itself when no dimension is below 0 and the number of elements can be counted, a
  /// dimension of 0 taken as 1: then no product of some of its dimensions overflows.
  package func checked() throws(OperationTypeError) -> Shape {
    var known = 1
    var symbolic = Dim(1)
    var isTooLarge = false
    for dim in dims {
      guard let size = dim.constant else {
        symbolic = symbolic * dim
        continue
      }
      if size < 0 { throw OperationTypeError("the shape \(self) has a dimension below 0") }
      let (product, overflow) = known.multipliedReportingOverflow(by: max(size, 1))
      known = product
      isTooLarge = isTooLarge || overflow
    }
    if isTooLarge || symbolic.overflows(times: known) {
      throw OperationTypeError("the shape \(self) has too many elements to count")
    }
    return self
  }
}
