// RANDOM: uniform numbers by counter.

#if NETC_TYPE == 0
typedef u64x8 lane_pairs;
#else
typedef uint64_t lane_pairs __attribute__((ext_vector_type(4)));
#endif

// The two halves of each lane's product with m: even and odd lanes are multiplied apart, in lanes of twice the width.
INLINE void wide_product(VJU x, uint32_t m, VJU *high, VJU *low) {
  const lane_pairs upper = (lane_pairs)0xFFFFFFFF00000000ull, lower = (lane_pairs)0xFFFFFFFFull;
  const lane_pairs even = ((lane_pairs)x & lower) * m, odd = ((lane_pairs)x >> 32) * m;
  *high = (VJU)(even >> 32 | (odd & upper));
  *low = (VJU)((even & lower) | odd << 32);
}

// Philox4x32-10 of sixteen or eight consecutive blocks: word k of block j is in lane j of c[k].
INLINE void philox(VJU c[4], uint32_t k0, uint32_t k1) {
  for (int round = 0; round < 10; round++) {
    VJU a, b, high_a, high_b;
    wide_product(c[0], 0xD2511F53u, &high_a, &a);
    wide_product(c[2], 0xCD9E8D57u, &high_b, &b);
    c[0] = high_b ^ c[1] ^ k0;
    c[2] = high_a ^ c[3] ^ k1;
    c[1] = b;
    c[3] = a;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

// Writes lane j of f[k] at 4 j + k.
INLINE void store_interleaved(REAL *y, const V f[4]) {
#if NETC_TYPE == 0
#define LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#define LOW_PAIRS 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23
#define HIGH_PAIRS 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31
#else
#define LOW 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH 4, 12, 5, 13, 6, 14, 7, 15
#define LOW_PAIRS 0, 1, 8, 9, 2, 3, 10, 11
#define HIGH_PAIRS 4, 5, 12, 13, 6, 7, 14, 15
#endif
  const V a = __builtin_shufflevector(f[0], f[1], LOW), b = __builtin_shufflevector(f[2], f[3], LOW);
  const V c = __builtin_shufflevector(f[0], f[1], HIGH), d = __builtin_shufflevector(f[2], f[3], HIGH);
  store(y, __builtin_shufflevector(a, b, LOW_PAIRS));
  store(y + LANES, __builtin_shufflevector(a, b, HIGH_PAIRS));
  store(y + 2 * LANES, __builtin_shufflevector(c, d, LOW_PAIRS));
  store(y + 3 * LANES, __builtin_shufflevector(c, d, HIGH_PAIRS));
#undef LOW
#undef HIGH
#undef LOW_PAIRS
#undef HIGH_PAIRS
}

// Elements are drawn in groups of LANES blocks of four words; each takes the upper 24 bits of its word.
static void netc_random(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  REAL *y = operand(t, i, 0);
  uint64_t offset = i->n > 1 ? (uint64_t)(int64_t) * (const int32_t *)operand(t, i, 1) : 0;
  uint64_t key = ((uint64_t)(uint32_t)w[2] << 32 | (uint32_t)w[1]) ^ (t->context->seed * 0x9E3779B97F4A7C15ull);
  uint64_t step = (uint64_t)t->context->step;
  span s = part_of(w[0], part, i->parts);
  uint64_t at = offset + (uint64_t)s.from, end = offset + (uint64_t)s.to;
  while (at < end) {
    uint64_t block = at / 4;
    VJU c[4];
    const VJU low = (VJU)(uint32_t)block;
    c[0] = low + CONVERT(LANE_NUMBERS, VJU);
    // The high word is one more where the low one has passed its end.
    c[1] = (VJU)(uint32_t)(block >> 32) - (VJU)(c[0] < low);
    c[2] = (VJU)(uint32_t)step, c[3] = (VJU)(uint32_t)(step >> 32);
    philox(c, (uint32_t)key, (uint32_t)(key >> 32));
    if (at == block * 4 && at + 4 * LANES <= end) {
      V f[4];
      for (int k = 0; k < 4; k++) f[k] = CONVERT((VJ)(c[k] >> 8), V) * (REAL)0x1p-24;
      store_interleaved(y + (at - offset), f);
      at += 4 * LANES;
      continue;
    }
    uint64_t stop = block * 4 + 4 * LANES < end ? block * 4 + 4 * LANES : end;
    for (; at < stop; at++) {
      uint32_t word = c[at % 4][at / 4 - block];
      y[at - offset] = (REAL)(word >> 8) * (REAL)0x1p-24;
    }
  }
}
