// Loads and stores of whole and partial vectors, folding of lanes, operands and parts. Included once per unit.

INLINE V load(const REAL *p) {
  V v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

INLINE void store(REAL *p, V v) { __builtin_memcpy(p, &v, sizeof v); }

INLINE VJ load_int(const int32_t *p) {
  VJ v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

INLINE void store_int(int32_t *p, VJ v) { __builtin_memcpy(p, &v, sizeof v); }

INLINE VB load_bool(const uint8_t *p) {
  VB v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

INLINE void store_bool(uint8_t *p, VB v) { __builtin_memcpy(p, &v, sizeof v); }

// The first n lanes, 0 < n < LANES; the rest is 0.
#if NETC_ISA == 2 && NETC_TYPE == 0
INLINE V load_part(const REAL *p, long n) {
  return (V)__builtin_ia32_loadups512_mask((const float *)p, (V)0, (uint16_t)((1u << n) - 1));
}
INLINE void store_part(REAL *p, V v, long n) {
  __builtin_ia32_storeups512_mask((float *)p, v, (uint16_t)((1u << n) - 1));
}
#elif NETC_ISA == 2
INLINE V load_part(const REAL *p, long n) {
  return (V)__builtin_ia32_loadupd512_mask((const double *)p, (V)0, (uint8_t)((1u << n) - 1));
}
INLINE void store_part(REAL *p, V v, long n) {
  __builtin_ia32_storeupd512_mask((double *)p, v, (uint8_t)((1u << n) - 1));
}
#else
INLINE V load_part(const REAL *p, long n) {
  REAL t[LANES] = {0};
  for (long j = 0; j < n; j++) t[j] = p[j];
  return load(t);
}
INLINE void store_part(REAL *p, V v, long n) {
  REAL t[LANES];
  store(t, v);
  for (long j = 0; j < n; j++) p[j] = t[j];
}
#endif

#if NETC_ISA == 2 && NETC_TYPE == 0
INLINE VJ load_int_part(const int32_t *p, long n) {
  return (VJ)__builtin_ia32_loaddqusi512_mask((const int *)p, (VJ)0, (uint16_t)((1u << n) - 1));
}
INLINE void store_int_part(int32_t *p, VJ v, long n) {
  __builtin_ia32_storedqusi512_mask((int *)p, v, (uint16_t)((1u << n) - 1));
}
#elif NETC_ISA == 2
INLINE VJ load_int_part(const int32_t *p, long n) {
  return (VJ)__builtin_ia32_loaddqusi256_mask((const i32x8 *)p, (VJ)0, (uint8_t)((1u << n) - 1));
}
INLINE void store_int_part(int32_t *p, VJ v, long n) {
  __builtin_ia32_storedqusi256_mask((i32x8 *)p, v, (uint8_t)((1u << n) - 1));
}
#else
INLINE VJ load_int_part(const int32_t *p, long n) {
  int32_t t[LANES] = {0};
  for (long j = 0; j < n; j++) t[j] = p[j];
  return load_int(t);
}

INLINE void store_int_part(int32_t *p, VJ v, long n) {
  int32_t t[LANES];
  store_int(t, v);
  for (long j = 0; j < n; j++) p[j] = t[j];
}
#endif

INLINE VB load_bool_part(const uint8_t *p, long n) {
  uint8_t t[LANES] = {0};
  for (long j = 0; j < n; j++) t[j] = p[j];
  return load_bool(t);
}

INLINE void store_bool_part(uint8_t *p, VB v, long n) {
  uint8_t t[LANES];
  store_bool(t, v);
  for (long j = 0; j < n; j++) p[j] = t[j];
}

// Sum of all lanes by halves: the one order of folding in every set.
INLINE REAL fold_sum(V v) {
#if NETC_TYPE == 0
  f32x8 a = v.lo + v.hi;
  float b0 = a[0] + a[4], b1 = a[1] + a[5], b2 = a[2] + a[6], b3 = a[3] + a[7];
  return (b0 + b2) + (b1 + b3);
#else
  double b0 = v[0] + v[4], b1 = v[1] + v[5], b2 = v[2] + v[6], b3 = v[3] + v[7];
  return (b0 + b2) + (b1 + b3);
#endif
}

// A run of a contiguous sum that is taken in REAL.
#define SUM_RUN (64 * LANES)

// The sum of n adjacent elements.
static double sum_run(const REAL *x, long n) {
  double total = 0;
  for (long i = 0; i < n; i += SUM_RUN) {
    long end = n - i < SUM_RUN ? n - i : SUM_RUN, j = 0;
    V acc = (V)0;
    for (; j + LANES <= end; j += LANES) acc += load(x + i + j);
    if (j < end) acc += load_part(x + i + j, end - j);
    total += (double)fold_sum(acc);
  }
  return total;
}

// The lower or upper halves of two vectors, lane by lane in turn.
#if NETC_TYPE == 0
INLINE V interleave_low(V a, V b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
INLINE V interleave_high(V a, V b) {
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
#else
INLINE V interleave_low(V a, V b) { return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
INLINE V interleave_high(V a, V b) { return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
#endif

// The larger of two, NaN if either is.
INLINE V larger(V a, V b) {
  V m = a > b ? a : b;
  return a != a ? a : m;
}

INLINE V smaller(V a, V b) {
  V m = a < b ? a : b;
  return a != a ? a : m;
}

// The largest lane, NaN if any is, by halves and without branches.
#define LARGER(a, b) ((a) != (a) ? (a) : (a) > (b) ? (a) : (b))

INLINE REAL fold_larger(V v) {
#if NETC_TYPE == 0
  f32x8 a = LARGER(v.lo, v.hi);
  f32x4 b = LARGER(a.lo, a.hi), c = LARGER(b, b.zwxy), d = LARGER(c, c.yxwz);
#else
  f64x4 b = LARGER(v.lo, v.hi), c = LARGER(b, b.zwxy), d = LARGER(c, c.yxwz);
#endif
  return d[0];
}

// Address of operand k.
INLINE void *operand(const netc_thread *t, const netc_instr *i, int k) {
  return t->reg[i->reg[k]] + 4 * (size_t)i->off[k];
}

// A double kept in two words, low first.
INLINE double word_real(const int32_t *w) {
  double v;
  __builtin_memcpy(&v, w, sizeof v);
  return v;
}

// value * slots[slot], or value when the slot is -1; words: value (2), slot.
INLINE double word_factor(const netc_thread *t, const int32_t *w) {
  double v = word_real(w);
  return w[2] < 0 ? v : v * t->context->slots[w[2]];
}

INLINE const int32_t *words(const netc_thread *t, const netc_instr *i) {
  return t->context->pool + i->aux;
}

// The half-open range of units that a part works on.
typedef struct span {
  long from, to;
} span;

INLINE span part_of(long units, unsigned part, unsigned parts) {
  return (span){units * (long)part / (long)parts, units * ((long)part + 1) / (long)parts};
}
