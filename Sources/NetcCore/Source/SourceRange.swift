/// The number of a file within one `SourceMap`.
public struct SourceID: Hashable, Sendable {
  /// Position in `SourceMap.files`.
  public let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }
}

/// A half-open range of UTF-8 byte offsets in one file.
public struct SourceRange: Hashable, Sendable {
  /// The file the offsets count in.
  public let file: SourceID
  /// Offset of the first byte.
  public let start: UInt32
  /// Offset after the last byte; equal to `start` for an empty range.
  public let end: UInt32

  /// The range `start..<end` of `file`; an `end` before `start` gives an empty range.
  public init(file: SourceID, start: UInt32, end: UInt32) {
    self.file = file
    self.start = start
    self.end = max(start, end)
  }

  /// The smallest range that covers both; `other` must lie in the same file, else `self` is
  /// returned.
  public func joined(with other: SourceRange) -> SourceRange {
    guard file == other.file else { return self }
    return SourceRange(file: file, start: min(start, other.start), end: max(end, other.end))
  }
}
