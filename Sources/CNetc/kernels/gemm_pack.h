// Packing of blocks for matrix products, with transposes in registers where a panel runs across memory.

// Zips the halves of two vectors; log2(LANES) rounds of it over LANES vectors transpose them.
#if NETC_TYPE == 0
#define ZIP_LOW(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define ZIP_HIGH(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define TRANSPOSE_ROUNDS 4
#else
#define ZIP_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define ZIP_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define TRANSPOSE_ROUNDS 3
#endif

// Transposes LANES vectors.
INLINE void transpose(V x[LANES]) {
  V y[LANES];
  _Pragma("clang loop unroll(full)") for (int round = 0; round < TRANSPOSE_ROUNDS; round++) {
    _Pragma("clang loop unroll(full)") for (int j = 0; j < LANES / 2; j++) {
      y[2 * j] = ZIP_LOW(x[j], x[j + LANES / 2]);
      y[2 * j + 1] = ZIP_HIGH(x[j], x[j + LANES / 2]);
    }
    _Pragma("clang loop unroll(full)") for (int j = 0; j < LANES; j++) x[j] = y[j];
  }
}

// The halves of a vector are what is loaded: fewer loads than quarters, fewer shuffles than whole rows would need.
// Quarters are 16 bytes, within which shuffles are cheapest.
#define HALF (LANES / 2)
#define QUARTER (LANES / 4)
typedef REAL half __attribute__((ext_vector_type(HALF)));

INLINE half load_half(const REAL *p) {
  half v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

#if NETC_TYPE == 0
#define INTERLEAVE_LOW(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define INTERLEAVE_HIGH(a, b) __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define PAIRS_LOW(a, b) __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define PAIRS_HIGH(a, b) __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define QUARTERS_LOW(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
#define QUARTERS_HIGH(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)
#define JOIN_HALVES(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#else
#define INTERLEAVE_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14)
#define INTERLEAVE_HIGH(a, b) __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15)
#define QUARTERS_LOW(a, b) __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13)
#define QUARTERS_HIGH(a, b) __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15)
#define JOIN_HALVES(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7)
#endif

// Columns from their quarters: those of rows r, QUARTER + r, 2 QUARTER + r and 3 QUARTER + r are in vector r.
INLINE void turn_quarters(const V q[QUARTER], V x[QUARTER]) {
#if NETC_TYPE == 0
  V ab = INTERLEAVE_LOW(q[0], q[1]), cd = INTERLEAVE_LOW(q[2], q[3]);
  V ab2 = INTERLEAVE_HIGH(q[0], q[1]), cd2 = INTERLEAVE_HIGH(q[2], q[3]);
  x[0] = PAIRS_LOW(ab, cd), x[1] = PAIRS_HIGH(ab, cd);
  x[2] = PAIRS_LOW(ab2, cd2), x[3] = PAIRS_HIGH(ab2, cd2);
#else
  x[0] = INTERLEAVE_LOW(q[0], q[1]), x[1] = INTERLEAVE_HIGH(q[0], q[1]);
#endif
}

// The columns of a block of LANES rows of LANES elements in memory, which takes fewer shuffles.
INLINE void transpose_rows(const REAL *from, long row, V x[LANES]) {
  _Pragma("clang loop unroll(full)") for (int j = 0; j < LANES; j += HALF) {
    V low[QUARTER], high[QUARTER];
    _Pragma("clang loop unroll(full)") for (int r = 0; r < QUARTER; r++) {
      const REAL *at = from + r * row + j;
      V a = JOIN_HALVES(load_half(at), load_half(at + QUARTER * row));
      V b = JOIN_HALVES(load_half(at + 2 * QUARTER * row), load_half(at + 3 * QUARTER * row));
      low[r] = QUARTERS_LOW(a, b), high[r] = QUARTERS_HIGH(a, b);
    }
    turn_quarters(low, x + j);
    turn_quarters(high, x + j + QUARTER);
  }
}

// The same of `rows` rows of `count` elements; what is missing is 0.
INLINE void transpose_some(const REAL *from, long row, long rows, long count, V x[LANES]) {
  REAL block[LANES * LANES];
  for (long j = 0; j < LANES; j++) {
    store(block + j * LANES, j >= rows ? (V)0 : count < LANES ? load_part(from + j * row, count) : load(from + j * row));
  }
  transpose_rows(block, LANES, x);
}

// Writes the columns of such a block `width` apart.
INLINE void turn_block(REAL *to, long width, const REAL *from, long row) {
  V x[LANES];
  transpose_rows(from, row, x);
  _Pragma("clang loop unroll(full)") for (long j = 0; j < LANES; j++) store(to + j * width, x[j]);
}

// A panel of `height` rows with adjacent elements, as to[k * height + row]. Stores run over a column's end by up to
// LANES - 1 elements, which later stores take: groups of LANES rows go last to first, columns and panels in order;
// the last panel has slack behind it.
static void pack_panel_transposed(REAL *to, const REAL *from, long row, long height, long k) {
  const long groups = (height + LANES - 1) / LANES;
  long p = 0;
  for (; p + LANES <= k; p += LANES) {
    for (long g = groups - 1; g >= 0; g--) {
      V x[LANES];
      const long rows = height - g * LANES;
      const REAL *at = from + g * LANES * row + p;
      if (rows < LANES) {
        transpose_some(at, row, rows, LANES, x);
      } else {
        transpose_rows(at, row, x);
      }
      for (long j = 0; j < LANES; j++) store(to + (p + j) * height + g * LANES, x[j]);
    }
  }
  for (; p < k; p++) {
    for (long j = 0; j < height; j++) to[p * height + j] = from[j * row + p];
  }
}

// Rows of A in panels of `height` as [panel][k][row]; a shorter last panel keeps its own height.
static void pack_rows(REAL *to, const REAL *from, long row, long column, long m, long k, long height) {
  for (long i = 0; i < m; i += height) {
    const long rows = m - i < height ? m - i : height;
    const REAL *x = from + i * row;
    REAL *y = to + i * k;
    if (column == 1 && rows > 1) {
      pack_panel_transposed(y, x, row, rows, k);
    } else if (row == 1 && rows == LANES) {
      for (long p = 0; p < k; p++) store(y + p * rows, load(x + p * column));
    } else if (NETC_ISA == 2 && row == 1 && rows < LANES) {
      // Stores run over as in `pack_panel_transposed`.
      for (long p = 0; p < k; p++) store(y + p * rows, load_part(x + p * column, rows));
    } else {
      for (long p = 0; p < k; p++) {
        for (long j = 0; j < rows; j++) y[p * rows + j] = x[j * row + p * column];
      }
    }
  }
}

// GEMM_NR columns of B as rows `width` apart; missing columns are 0.
static void pack_column_panel(REAL *to, long width, const REAL *from, long row, long column, long k, long columns) {
  if (column == 1 && columns == GEMM_NR) {
    for (long p = 0; p < k; p++) {
      for (int v = 0; v < GEMM_NV; v++) store(to + p * width + v * LANES, load(from + p * row + v * LANES));
    }
    return;
  }
  if (column == 1) {
    const int whole = (int)(columns / LANES);
    const long tail = columns % LANES;
    for (long p = 0; p < k; p++) {
      REAL *x = to + p * width;
      for (int v = 0; v < GEMM_NV; v++) {
        store(x + v * LANES, v < whole ? load(from + p * row + v * LANES)
                             : v == whole && tail ? load_part(from + p * row + v * LANES, tail) : (V)0);
      }
    }
    return;
  }
  if (row == 1) {
    for (int v = 0; v < GEMM_NV; v++) {
      long count = columns - v * LANES;
      count = count < 0 ? 0 : count < LANES ? count : LANES;
      REAL *part = to + v * LANES;
      const REAL *at = from + v * LANES * column;
      long p = 0;
      for (; count == LANES && p + LANES <= k; p += LANES) turn_block(part + p * width, width, at + p, column);
      for (; p < k; p += LANES) {
        V x[LANES];
        const long left = k - p < LANES ? k - p : LANES;
        transpose_some(at + p, column, count, left, x);
        for (long j = 0; j < left; j++) store(part + (p + j) * width, x[j]);
      }
    }
    return;
  }
  for (long p = 0; p < k; p++) {
    for (long j = 0; j < GEMM_NR; j++) to[p * width + j] = j < columns ? from[p * row + j * column] : (REAL)0;
  }
}

// Columns of B in panels as [panel][k][GEMM_NR].
static void pack_columns(REAL *to, const REAL *from, long row, long column, long k, long n) {
  for (long j = 0; j < n; j += GEMM_NR) {
    pack_column_panel(to + j * k, GEMM_NR, from + j * column, row, column, k, n - j < GEMM_NR ? n - j : GEMM_NR);
  }
}
