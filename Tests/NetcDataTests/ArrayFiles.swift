import NetcCore
import NetcData

/// The bytes of an IDX file.
func idx(code: UInt8, shape: [Int], _ numbers: [UInt8]) -> [UInt8] {
  [0, 0, code, UInt8(shape.count)]
    + shape.flatMap { size in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) }
    } + numbers
}

/// The big-endian bytes of whole numbers or bit patterns.
func bigEndian<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] {
  values.flatMap { value in withUnsafeBytes(of: value.bigEndian) { Array($0) } }
}

/// The little-endian bytes of whole numbers or bit patterns.
func littleEndian<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] {
  values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
}

extension DataBinding {
  /// An input bound to a path or to the name of an array.
  static func named(
    _ input: String, _ name: String, _ element: Element = .float, _ shape: Shape = []
  ) -> DataBinding {
    DataBinding(input: input, element: element, rowShape: shape, selector: .named(name))
  }
}
