import NetcCore

/// Whole numbers for a property test, the same in every run.
struct SeededNumbers {
  private let generator: Philox
  private var element: UInt64 = 0

  init(seed: UInt64) { generator = Philox(seed: seed, site: "tests") }

  /// A number in `0 ..< bound`.
  mutating func below(_ bound: Int) -> Int {
    element += 1
    return Int(UInt64(generator.word(element: element, step: 0)) * UInt64(bound) >> 32)
  }
}
