// The micro-operations of MAP programs: each works on n elements at d from a, b, c; in place is safe. `start` is the
// position of the first element in the index space.

typedef void (*micro_fn)(void *d, const void *a, const void *b, const void *c, long n, long start);

#define MICRO(name, body, part_body)                                                              \
  static void micro_##name(void *d, const void *a, const void *b, const void *c, long n, long start) { \
    (void)a, (void)b, (void)c, (void)start;                                                       \
    long i = 0;                                                                                   \
    for (; i + LANES <= n; i += LANES) body;                                                      \
    if (i < n) {                                                                                  \
      const long m = n - i;                                                                       \
      part_body;                                                                                  \
    }                                                                                             \
  }

#define R_AT(p) load((const REAL *)(p) + i)
#define I_AT(p) load_int((const int32_t *)(p) + i)
#define B_AT(p) load_bool((const uint8_t *)(p) + i)
#define R_PART(p) load_part((const REAL *)(p) + i, m)
#define I_PART(p) load_int_part((const int32_t *)(p) + i, m)
#define B_PART(p) load_bool_part((const uint8_t *)(p) + i, m)
#define R_TO(v) store((REAL *)d + i, (v))
#define I_TO(v) store_int((int32_t *)d + i, (v))
#define B_TO(v) store_bool((uint8_t *)d + i, (v))
#define R_TO_PART(v) store_part((REAL *)d + i, (v), m)
#define I_TO_PART(v) store_int_part((int32_t *)d + i, (v), m)
#define B_TO_PART(v) store_bool_part((uint8_t *)d + i, (v), m)

// One, two and three operands: Y, A, B, C are R, I or B; e is the result from x, y, z.
#define MICRO1(name, Y, TA, A, e) \
  MICRO(name, { TA x = A##_AT(a); Y##_TO(e); }, { TA x = A##_PART(a); Y##_TO_PART(e); })
#define MICRO2(name, Y, TA, A, e)                                             \
  MICRO(name, { TA x = A##_AT(a); TA y = A##_AT(b); Y##_TO(e); },                \
        { TA x = A##_PART(a); TA y = A##_PART(b); Y##_TO_PART(e); })
#define MICRO_CHOOSE(name, Y, T, mask)                                                          \
  MICRO(name, { VB p = B_AT(a); T y = Y##_AT(b); T z = Y##_AT(c); Y##_TO((mask) ? y : z); },        \
        { VB p = B_PART(a); T y = Y##_PART(b); T z = Y##_PART(c); Y##_TO_PART((mask) ? y : z); })

// Masks of compares, as one byte each.
#define R_MASK(e) CONVERT((VI)(e) & 1, VB)
#define I_MASK(e) CONVERT((VJ)(e) & 1, VB)

MICRO1(RMOVE, R, V, R, x)
MICRO1(IMOVE, I, VJ, I, x)
MICRO1(BMOVE, B, VB, B, x)
MICRO1(RNEG, R, V, R, -x)
MICRO1(RABS, R, V, R, v_abs(x))
MICRO1(RSIGN, R, V, R, v_sign(x))
MICRO1(RFLOOR, R, V, R, __builtin_elementwise_floor(x))
MICRO1(RSQRT, R, V, R, __builtin_elementwise_sqrt(x))
MICRO1(RRSQRT, R, V, R, (V)1 / __builtin_elementwise_sqrt(x))
MICRO1(REXP, R, V, R, v_exp(x))
MICRO1(REXPM1, R, V, R, v_expm1(x))
MICRO1(RLOG, R, V, R, v_log(x))
MICRO1(RLOG1P, R, V, R, v_log1p(x))
MICRO1(RTANH, R, V, R, v_tanh(x))
MICRO1(RLOGISTIC, R, V, R, v_logistic(x))
MICRO1(RERF, R, V, R, v_erf(x))
MICRO1(RNORMAL, R, V, R, v_twice_normal(x, 0))
MICRO1(RSIN, R, V, R, v_sin(x))
MICRO1(RCOS, R, V, R, v_cos(x))
MICRO2(RADD, R, V, R, x + y)
MICRO2(RSUB, R, V, R, x - y)
MICRO2(RMUL, R, V, R, x *y)
MICRO2(RDIV, R, V, R, x / y)
MICRO2(RPOW, R, V, R, v_pow(x, y))
MICRO2(RREM, R, V, R, v_rem(x, y))
MICRO2(RMAX, R, V, R, larger(x, y))
MICRO2(RMIN, R, V, R, smaller(x, y))
MICRO(RFMA, { R_TO(FMA(R_AT(a), R_AT(b), R_AT(c))); }, { R_TO_PART(FMA(R_PART(a), R_PART(b), R_PART(c))); })
MICRO(RFNMA, { R_TO(FMA(-R_AT(a), R_AT(b), R_AT(c))); }, { R_TO_PART(FMA(-R_PART(a), R_PART(b), R_PART(c))); })
MICRO1(RRELU, R, V, R, x <= (V)0 ? (V)0 : x)
MICRO2(RGATE, R, V, R, x <= (V)0 ? (V)0 : y)
MICRO2(REQ, B, V, R, R_MASK(x == y))
MICRO2(RNE, B, V, R, R_MASK(x != y))
MICRO2(RLT, B, V, R, R_MASK(x < y))
MICRO2(RLE, B, V, R, R_MASK(x <= y))
MICRO2(RGT, B, V, R, R_MASK(x > y))
MICRO2(RGE, B, V, R, R_MASK(x >= y))
MICRO1(RISFINITE, B, V, R, R_MASK(v_abs(x) < (V)__builtin_inf()))
MICRO_CHOOSE(RSELECT, R, V, CONVERT(p, VI) != 0)
MICRO1(INEG, I, VJ, I, (VJ)(-(VJU)x))
MICRO1(IABS, I, VJ, I, x < 0 ? (VJ)(-(VJU)x) : x)
MICRO1(ISIGN, I, VJ, I, (x > 0 ? (VJ)1 : (x >> 31)))
MICRO2(IADD, I, VJ, I, (VJ)((VJU)x + (VJU)y))
MICRO2(ISUB, I, VJ, I, (VJ)((VJU)x - (VJU)y))
MICRO2(IMUL, I, VJ, I, (VJ)((VJU)x * (VJU)y))
MICRO2(IMAX, I, VJ, I, x > y ? x : y)
MICRO2(IMIN, I, VJ, I, x < y ? x : y)
MICRO2(IEQ, B, VJ, I, I_MASK(x == y))
MICRO2(INE, B, VJ, I, I_MASK(x != y))
MICRO2(ILT, B, VJ, I, I_MASK(x < y))
MICRO2(ILE, B, VJ, I, I_MASK(x <= y))
MICRO2(IGT, B, VJ, I, I_MASK(x > y))
MICRO2(IGE, B, VJ, I, I_MASK(x >= y))
MICRO_CHOOSE(ISELECT, I, VJ, CONVERT(p, VJ) != 0)
MICRO2(BAND, B, VB, B, x &y)
MICRO2(BOR, B, VB, B, x | y)
MICRO2(BXOR, B, VB, B, x ^ y)
MICRO1(BNOT, B, VB, B, x ^ 1)
MICRO_CHOOSE(BSELECT, B, VB, p != 0)
MICRO1(RTOI, I, V, R, v_to_int(x))
MICRO1(RTOB, B, V, R, R_MASK(x != (V)0))
MICRO1(ITOR, R, VJ, I, CONVERT(x, V))
MICRO1(ITOB, B, VJ, I, I_MASK(x != 0))
MICRO1(BTOR, R, VB, B, CONVERT(x, V))
MICRO1(BTOI, I, VB, B, CONVERT(x, VJ))

// The quotient rounded towards 0; by 0 it is -1, and the least int by -1 stays.
INLINE int32_t int_quotient(int32_t a, int32_t b) {
  if (b == 0) return -1;
  return b == -1 ? (int32_t)(0u - (uint32_t)a) : a / b;
}

static void micro_IDIV(void *d, const void *a, const void *b, const void *c, long n, long start) {
  (void)c, (void)start;
  for (long i = 0; i < n; i++) {
    ((int32_t *)d)[i] = int_quotient(((const int32_t *)a)[i], ((const int32_t *)b)[i]);
  }
}

// The remainder with the dividend's sign; by 0 it is the dividend.
static void micro_IREM(void *d, const void *a, const void *b, const void *c, long n, long start) {
  (void)c, (void)start;
  for (long i = 0; i < n; i++) {
    int32_t x = ((const int32_t *)a)[i], y = ((const int32_t *)b)[i];
    ((int32_t *)d)[i] = y == 0 ? x : y == -1 ? 0 : x % y;
  }
}

// By squaring, wrapping; a negative exponent gives 1 / a^|b| rounded towards 0, and 0 for a = 0.
INLINE int32_t int_power(int32_t a, int32_t b) {
  if (b < 0) return a == 1 ? 1 : a == -1 ? (b & 1 ? -1 : 1) : 0;
  uint32_t result = 1, square = (uint32_t)a;
  for (uint32_t rest = (uint32_t)b; rest != 0; rest >>= 1) {
    if (rest & 1) result *= square;
    square *= square;
  }
  return (int32_t)result;
}

static void micro_IPOW(void *d, const void *a, const void *b, const void *c, long n, long start) {
  (void)c, (void)start;
  for (long i = 0; i < n; i++) {
    ((int32_t *)d)[i] = int_power(((const int32_t *)a)[i], ((const int32_t *)b)[i]);
  }
}

// The index along an axis: position / inner % size, counted up instead of divided.
#define IOTA(name, type)                                                                             \
  static void micro_##name(void *d, const void *a, const void *b, const void *c, long n, long start) { \
    (void)c;                                                                                         \
    long inner = *(const int32_t *)a, size = *(const int32_t *)b;                                    \
    if (inner <= 0 || size <= 0) return;                                                             \
    long low = start % inner, index = start / inner % size;                                          \
    for (long i = 0; i < n; i++) {                                                                   \
      ((type *)d)[i] = (type)index;                                                                  \
      if (++low == inner) {                                                                          \
        low = 0;                                                                                     \
        index = index + 1 == size ? 0 : index + 1;                                                   \
      }                                                                                              \
    }                                                                                                \
  }
IOTA(RIOTA, REAL)
IOTA(IIOTA, int32_t)

static const micro_fn micro_table[] = {
#define MICRO_ENTRY(name) micro_##name,
    NETC_MICRO_OPCODES(MICRO_ENTRY)
#undef MICRO_ENTRY
};
