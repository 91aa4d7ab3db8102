import NetcCore
import Testing

@Suite struct PhiloxTests {
  /// `kat_vectors` of Random123 1.14: philox4x32, 10 rounds.
  @Test(arguments: [
    (
      SIMD4<UInt32>(0, 0, 0, 0), SIMD2<UInt32>(0, 0),
      SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    ),
    (
      SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
      SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
      SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
      SIMD2<UInt32>(0xa409_3822, 0x299f_31d0),
      SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
  ])
  func `Random123's known answers hold`(
    counter: SIMD4<UInt32>, key: SIMD2<UInt32>, words: SIMD4<UInt32>
  ) {
    #expect(Philox(key: key).words(counter) == words)
  }

  @Test(arguments: [0, 5, 1 << 30, 1 << 32])
  func `sixteen words at once are those one by one`(group: UInt64) {
    let generator = Philox(seed: 9, site: "shuffle")
    let step: UInt64 = 3 << 33 | 5
    withUnsafeTemporaryAllocation(of: SIMD4<UInt32>.self, capacity: 4) { words in
      generator.write(group: group, step: step, to: words)
      for place in 0..<16 {
        let word: UInt32 = words[place % 4][place / 4]
        #expect(word == generator.word(element: 16 * group + UInt64(place), step: step))
      }
    }
  }

  @Test func `FNV-1a gives its published hashes`() {
    #expect(Philox.hash("") == 0xcbf2_9ce4_8422_2325)
    #expect(Philox.hash("a") == 0xaf63_dc4c_8601_ec8c)
    #expect(Philox.hash("foobar") == 0x8594_4171_f739_67e8)
  }

  @Test func `key and counter follow the documented convention`() {
    let generator = Philox(seed: 7, site: "dropout_1")
    let mixed = Philox.hash("dropout_1") ^ (7 &* 0x9E37_79B9_7F4A_7C15)
    #expect(generator.key == SIMD2(UInt32(truncatingIfNeeded: mixed), UInt32(mixed >> 32)))
    let block = generator.words(SIMD4(2, 0, 5, 1))
    #expect(generator.word(element: 11, step: 0x1_0000_0005) == block[3])
    #expect(generator.words(block: 1 << 32 | 3, step: 0) == generator.words(SIMD4(3, 1, 0, 0)))
  }

  @Test func `uniform numbers lie in the half-open unit interval on their grid`() {
    #expect(Philox.uniform(0) == 0)
    #expect(Philox.uniform(.max) == 1 - 0x1p-24)
    #expect(Philox.uniform(0x100) == 0x1p-24)
    let numbers = Philox(seed: 1, site: "test").uniforms(count: 100_000, step: 3)
    let mean = numbers.reduce(0) { $0 + Double($1) } / 1e5
    #expect(abs(mean - 0.5) < 0.004)
    #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
  }

  @Test(arguments: [0, 1, 3, 4, 9])
  func `a stream may be entered anywhere`(offset: Int) {
    let generator = Philox(seed: 2, site: "x")
    let whole = generator.uniforms(count: 30, step: 1)
    let part = generator.uniforms(count: 11, step: 1, offset: UInt64(offset))
    #expect(part == Array(whole[offset..<offset + 11]))
  }
}
