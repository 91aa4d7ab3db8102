/// Random numbers by counter: word `e` of a stream is a pure function of seed, site, step and `e`.
///
/// The generator is Philox4x32-10. A stream's conventions, which the C kernel follows too:
/// - key: `mixed = FNV-1a-64(site as UTF-8) ^ (seed &* 0x9E3779B97F4A7C15)`; `k0` its low, `k1` its
///   high half;
/// - counter: (block low, block high, step low, step high), where element `e` takes word `e % 4` of
///   block `e / 4`;
/// - a uniform number in [0, 1) is `Float(word >> 8) * 2^-24`.
/// - Reference: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
package struct Philox: Hashable, Sendable {
  /// The two words of the key.
  package let key: SIMD2<UInt32>

  /// A generator with this key.
  package init(key: SIMD2<UInt32>) { self.key = key }

  /// The generator of a site, a text as `dropout_1` or `shuffle`, under the run's seed.
  package init(seed: UInt64, site: String) {
    let mixed = Philox.hash(site) ^ (seed &* 0x9E37_79B9_7F4A_7C15)
    key = SIMD2(UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
  }

  /// FNV-1a with 64 bits over the UTF-8 of `text`.
  package static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash
  }

  /// The four words at a counter.
  @inlinable
  package func words(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k0 = key.x
    var k1 = key.y
    for _ in 0..<10 {
      let a = UInt64(c.x) &* 0xD251_1F53
      let b = UInt64(c.z) &* 0xCD9E_8D57
      c = SIMD4(
        UInt32(truncatingIfNeeded: b >> 32) ^ c.y ^ k0, UInt32(truncatingIfNeeded: b),
        UInt32(truncatingIfNeeded: a >> 32) ^ c.w ^ k1, UInt32(truncatingIfNeeded: a))
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return c
  }

  /// The four words of elements `4 * block ..< 4 * block + 4` at a step.
  @inlinable
  package func words(block: UInt64, step: UInt64) -> SIMD4<UInt32> {
    words(
      SIMD4(
        UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
        UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: step >> 32)))
  }

  /// Writes the words of elements `16 * group ..< 16 * group + 16` at a step: that of element
  /// `16 * group + 4 * b + k` is number `b` of vector `k`. Four blocks side by side take a quarter
  /// of the time of one after another.
  package func write(
    group: UInt64, step: UInt64, to words: UnsafeMutableBufferPointer<SIMD4<UInt32>>
  ) {
    let block = group &* 4
    var c0 = SIMD4<UInt32>(0, 1, 2, 3) &+ UInt32(truncatingIfNeeded: block)
    var c1 = SIMD4<UInt32>(repeating: UInt32(truncatingIfNeeded: block >> 32))
    var c2 = SIMD4<UInt32>(repeating: UInt32(truncatingIfNeeded: step))
    var c3 = SIMD4<UInt32>(repeating: UInt32(truncatingIfNeeded: step >> 32))
    var k0 = key.x
    var k1 = key.y
    for _ in 0..<10 {
      let a = SIMD4<UInt64>(truncatingIfNeeded: c0) &* 0xD251_1F53
      let b = SIMD4<UInt64>(truncatingIfNeeded: c2) &* 0xCD9E_8D57
      c0 = SIMD4(truncatingIfNeeded: b &>> 32) ^ c1 ^ k0
      c1 = SIMD4(truncatingIfNeeded: b)
      c2 = SIMD4(truncatingIfNeeded: a &>> 32) ^ c3 ^ k1
      c3 = SIMD4(truncatingIfNeeded: a)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    words[0] = c0
    words[1] = c1
    words[2] = c2
    words[3] = c3
  }

  /// The word of one element at a step.
  @inlinable
  package func word(element: UInt64, step: UInt64) -> UInt32 {
    words(block: element / 4, step: step)[Int(element % 4)]
  }

  /// The number in [0, 1) a word stands for, on the grid of 2^-24.
  @inlinable
  package static func uniform(_ word: UInt32) -> Float { Float(word >> 8) * 0x1p-24 }

  /// `count` numbers in [0, 1): elements `offset ..< offset + count` at a step.
  /// - Complexity: O(count); four numbers an evaluation.
  package func uniforms(count: Int, step: UInt64, offset: UInt64 = 0) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(max(0, count))
    var element = offset
    while result.count < count {
      let block = words(block: element / 4, step: step)
      var lane = Int(element % 4)
      while lane < 4, result.count < count {
        result.append(Philox.uniform(block[lane]))
        lane += 1
        element &+= 1
      }
    }
    return result
  }
}
