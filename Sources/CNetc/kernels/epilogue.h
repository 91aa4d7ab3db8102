// What products do to finished parts of C while they are near, in the vector functions of MAP: NETC_EPILOGUES.

// Works on `rows` rows of C, x, and of matrices that lie alike: y, where it reads one, and z, where it writes one.
typedef void (*epilogue_fn)(REAL *c, const REAL *factors, REAL *second, long row, long rows, long columns);

#define EPILOGUE(name, reads, writes, e)                                                                      \
  static void epilogue_##name(REAL *c, const REAL *factors, REAL *second, long row, long rows, long columns) { \
    for (long r = 0; r < rows; r++, c += row, factors += reads ? row : 0, second += writes ? row : 0) {       \
      long j = 0;                                                                                             \
      for (; j + LANES <= columns; j += LANES) {                                                              \
        V x = load(c + j), y = reads ? load(factors + j) : x, z = x;                                          \
        (void)y;                                                                                              \
        store(c + j, e);                                                                                      \
        if (writes) store(second + j, z);                                                                     \
      }                                                                                                       \
      if (j < columns) {                                                                                      \
        const long m = columns - j;                                                                           \
        V x = load_part(c + j, m), y = reads ? load_part(factors + j, m) : x, z = x;                          \
        (void)y;                                                                                              \
        store_part(c + j, e, m);                                                                              \
        if (writes) store_part(second + j, z, m);                                                             \
      }                                                                                                       \
    }                                                                                                         \
  }

// An activation by itself, and with its slope as the second result.
#define EPILOGUE_PAIR(name, e) \
  EPILOGUE(name, 0, 0, e)      \
  EPILOGUE(name##_SLOPE, 0, 1, e)

// The operations of the programs that products stand for, in their order: both round alike.

// x F(x) with the normal distribution function F, whose slope is exp(-x²/2) / √(2 π).
INLINE V v_gelu(V x, V *slope) {
  V bell, twice = v_twice_normal(x, &bell), far = x * (bell / (V)2.5066282746310002);
  *slope = FMA(twice, (V)0.5, far);
  return x * (V)0.5 * twice;
}

// x s with s = 1 / (1 + exp(-u)), where u is a multiple of x.
INLINE V v_gated(V x, V u, V *slope) {
  V s = v_logistic(u), rest = (V)1 - s;
  *slope = FMA(u * s, rest, s);
  return x * s;
}

EPILOGUE(RECTIFY, 0, 0, x <= (V)0 ? (V)0 : x)
EPILOGUE(TANH, 0, 0, v_tanh(x))
EPILOGUE(LOGISTIC, 0, 0, v_logistic(x))
EPILOGUE(GATE, 1, 0, y <= (V)0 ? (V)0 : x)
EPILOGUE(TANH_FACTOR, 1, 0, FMA(-y, y, (V)1) * x)
EPILOGUE_PAIR(GELU, v_gelu(x, &z))
EPILOGUE_PAIR(SILU, v_gated(x, x, &z))
EPILOGUE_PAIR(GELU_LOGISTIC, v_gated(x, x * (V)1.702, &z))

static const epilogue_fn epilogues[] = {
    0,
#define EPILOGUE_ENTRY(name) epilogue_##name,
    NETC_EPILOGUES(EPILOGUE_ENTRY)
#undef EPILOGUE_ENTRY
};
