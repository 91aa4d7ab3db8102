import NetcCore
import NetcData

extension DataBinding {
  /// A float input bound to several columns.
  static func floats(_ input: String, _ range: Range<Int>) -> DataBinding {
    DataBinding(
      input: input, element: .float, rowShape: [Dim(range.count)],
      selector: .columns([.range(lower: range.lowerBound, upper: range.upperBound)]))
  }

  /// An input with a number a row bound to one column.
  static func scalar(
    _ input: String, _ column: DataColumnReference, _ element: Element = .float
  ) -> DataBinding {
    DataBinding(input: input, element: element, rowShape: [], selector: .column(column))
  }
}

extension DataRequest {
  /// A request to the CSV reader.
  static func csv(_ path: String, _ bindings: [DataBinding], _ options: [DataOption] = [])
    -> DataRequest
  {
    DataRequest(name: "d", reader: "csv", path: path, bindings: bindings, options: options)
  }
}

/// The error of a load that has to fail.
func failure(_ request: DataRequest) -> DataError? {
  do throws(DataError) {
    _ = try request.load()
    return nil
  } catch {
    return error
  }
}

/// The numbers of a float column.
func floats(_ column: DataColumn?) -> [Float]? {
  if case .floats(let values)? = column?.storage { values } else { nil }
}

/// The numbers of an integer or class column.
func ints(_ column: DataColumn?) -> [Int32]? {
  if case .ints(let values)? = column?.storage { values } else { nil }
}
