// What products do to finished parts of C while they are near, in the vector functions of MAP: NETC_EPILOGUES.

// Works on `rows` rows of C, x, and of a matrix y that lies alike, where it reads one.
typedef void (*epilogue_fn)(REAL *c, const REAL *factors, long row, long rows, long columns);

#define EPILOGUE(name, reads, e)                                                                              \
  static void epilogue_##name(REAL *c, const REAL *factors, long row, long rows, long columns) {              \
    for (long r = 0; r < rows; r++, c += row, factors += reads ? row : 0) {                                   \
      long j = 0;                                                                                             \
      for (; j + LANES <= columns; j += LANES) {                                                              \
        V x = load(c + j), y = reads ? load(factors + j) : x;                                                 \
        (void)y;                                                                                              \
        store(c + j, e);                                                                                      \
      }                                                                                                       \
      if (j < columns) {                                                                                      \
        const long m = columns - j;                                                                           \
        V x = load_part(c + j, m), y = reads ? load_part(factors + j, m) : x;                                 \
        (void)y;                                                                                              \
        store_part(c + j, e, m);                                                                              \
      }                                                                                                       \
    }                                                                                                         \
  }

EPILOGUE(RECTIFY, 0, x <= (V)0 ? (V)0 : x)
EPILOGUE(TANH, 0, v_tanh(x))
EPILOGUE(LOGISTIC, 0, v_logistic(x))
EPILOGUE(GATE, 1, y <= (V)0 ? (V)0 : x)
EPILOGUE(TANH_FACTOR, 1, FMA(-y, y, (V)1) * x)

static const epilogue_fn epilogues[] = {
    0,
#define EPILOGUE_ENTRY(name) epilogue_##name,
    NETC_EPILOGUES(EPILOGUE_ENTRY)
#undef EPILOGUE_ENTRY
};
