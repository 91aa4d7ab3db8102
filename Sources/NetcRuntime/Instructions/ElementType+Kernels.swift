import CNetc
package import NetcCore

extension ElementType {
  /// How kernels name it: `NETC_REAL`, `NETC_INT32` or `NETC_BOOL`.
  package var kernelKind: Int32 {
    switch self {
    case .float: Int32(NETC_REAL)
    case .int: Int32(NETC_INT32)
    case .bool: Int32(NETC_BOOL)
    }
  }

  /// Bytes of one element in a plan of the given precision.
  package func bytes(in precision: Precision) -> Int {
    switch self {
    case .float: precision == .single ? 4 : 8
    case .int: 4
    case .bool: 1
    }
  }
}

extension Precision {
  /// The type index of `netc_table`.
  package var kernelType: Int32 { self == .single ? 0 : 1 }

  /// The factor on the time of arithmetic on real numbers.
  var slowdown: Double { self == .single ? 1 : 2 }
}
