// Packing of blocks for matrix products, with transposes in registers where a panel runs across memory.

// Interleaves the halves of two vectors; log2(LANES) rounds of it over LANES vectors transpose them.
#if NETC_TYPE == 0
#define INTERLEAVE_LOW(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define INTERLEAVE_HIGH(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define TRANSPOSE_ROUNDS 4
#else
#define INTERLEAVE_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define INTERLEAVE_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define TRANSPOSE_ROUNDS 3
#endif

INLINE void transpose(V x[LANES]) {
  V y[LANES];
  _Pragma("clang loop unroll(full)") for (int round = 0; round < TRANSPOSE_ROUNDS; round++) {
    _Pragma("clang loop unroll(full)") for (int j = 0; j < LANES / 2; j++) {
      y[2 * j] = INTERLEAVE_LOW(x[j], x[j + LANES / 2]);
      y[2 * j + 1] = INTERLEAVE_HIGH(x[j], x[j + LANES / 2]);
    }
    _Pragma("clang loop unroll(full)") for (int j = 0; j < LANES; j++) x[j] = y[j];
  }
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
      for (long j = 0; j < LANES; j++) x[j] = g * LANES + j < height ? load(from + (g * LANES + j) * row + p) : (V)0;
      transpose(x);
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
    } else {
      for (long p = 0; p < k; p++) {
        for (long j = 0; j < rows; j++) y[p * rows + j] = x[j * row + p * column];
      }
    }
  }
}

// One panel of GEMM_NR columns of B as [k][GEMM_NR]; missing columns are 0.
static void pack_column_panel(REAL *to, const REAL *from, long row, long column, long k, long columns) {
  if (column == 1 && columns == GEMM_NR) {
    for (long p = 0; p < k; p++) {
      for (int v = 0; v < GEMM_NV; v++) store(to + p * GEMM_NR + v * LANES, load(from + p * row + v * LANES));
    }
    return;
  }
  if (row == 1) {
    for (int v = 0; v < GEMM_NV; v++) {
      long count = columns - v * LANES;
      count = count < 0 ? 0 : count < LANES ? count : LANES;
      REAL *part = to + v * LANES;
      long p = 0;
      for (; p + LANES <= k; p += LANES) {
        V x[LANES];
        for (long j = 0; j < LANES; j++) x[j] = j < count ? load(from + (v * LANES + j) * column + p) : (V)0;
        transpose(x);
        for (long j = 0; j < LANES; j++) store(part + (p + j) * GEMM_NR, x[j]);
      }
      for (; p < k; p++) {
        for (long j = 0; j < LANES; j++) {
          part[p * GEMM_NR + j] = j < count ? from[(v * LANES + j) * column + p] : (REAL)0;
        }
      }
    }
    return;
  }
  for (long p = 0; p < k; p++) {
    for (long j = 0; j < GEMM_NR; j++) to[p * GEMM_NR + j] = j < columns ? from[p * row + j * column] : (REAL)0;
  }
}

// Columns of B in panels as [panel][k][GEMM_NR].
static void pack_columns(REAL *to, const REAL *from, long row, long column, long k, long n) {
  for (long j = 0; j < n; j += GEMM_NR) {
    pack_column_panel(to + j * k, from + j * column, row, column, k, n - j < GEMM_NR ? n - j : GEMM_NR);
  }
}
