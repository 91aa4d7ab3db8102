// A few columns of products as sums along the rows of A, whose vectors are full where the columns would not fill them.
#include "gemm_product.h"

// Two vectors of which each holds some columns' sums: the same sums in half as many lanes, the second's behind.
#if NETC_TYPE == 0
#define HALVES_LOW(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
#define HALVES_HIGH(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)
#else
#define HALVES_LOW(a, b) __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13)
#define HALVES_HIGH(a, b) __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15)
#endif

// The sum of the lanes of each of `count` vectors.
INLINE V lane_sums(int count, const V *from) {
  V x[LANES];
  _Pragma("clang loop unroll(full)") for (int j = 0; j < LANES; j++) x[j] = j < count ? from[j] : (V)0;
  _Pragma("clang loop unroll(full)") for (int j = 0; j < LANES / 2; j++) {
    x[j] = 2 * j < count ? INTERLEAVE_LOW(x[2 * j], x[2 * j + 1]) + INTERLEAVE_HIGH(x[2 * j], x[2 * j + 1]) : (V)0;
  }
#if NETC_TYPE == 0
  _Pragma("clang loop unroll(full)") for (int j = 0; j < LANES / 4; j++) {
    x[j] = 4 * j < count ? PAIRS_LOW(x[2 * j], x[2 * j + 1]) + PAIRS_HIGH(x[2 * j], x[2 * j + 1]) : (V)0;
  }
#endif
  V low = HALVES_LOW(x[0], x[1]) + HALVES_HIGH(x[0], x[1]);
  V high = 2 * QUARTER < count ? HALVES_LOW(x[2], x[3]) + HALVES_HIGH(x[2], x[3]) : (V)0;
  return HALVES_LOW(low, high) + HALVES_HIGH(low, high);
}

// The narrowest and widest such parts of C behind its last whole panel, and the least depth and fewest rows for which
// sums over lanes and turned columns of B cost less than lanes without columns.
#define DEPTH_FEWEST 5
#define DEPTH_MOST 12
#define DEPTH_LEAST 64
#define DEPTH_ROWS 17
// The deepest block: the columns of B stay in the nearest cache.
#define DEPTH_BLOCK (2 * GEMM_KC)

// Columns of one pass over two rows of A, as registers allow.
#define DEPTH_STEP(width) (NETC_ISA == 2 ? (width) : 2)

INLINE void depth_step(int step, const REAL *const *rows, const REAL *b, long pitch, long p, long lanes,
                       V acc[2][DEPTH_MOST]) {
  V x[2];
  _Pragma("clang loop unroll(full)") for (int r = 0; r < 2; r++) {
    x[r] = lanes == LANES ? load(rows[r] + p) : load_part(rows[r] + p, lanes);
  }
  _Pragma("clang loop unroll(full)") for (int q = 0; q < step; q++) {
    V y = load(b + q * pitch + p);
    _Pragma("clang loop unroll(full)") for (int r = 0; r < 2; r++) acc[r][q] = FMA(x[r], y, acc[r][q]);
  }
}

// The sums over lanes of two rows with `step` columns of B, filled up with zeros, `pitch` apart.
INLINE void depth_sums(int step, long k, const REAL *const *rows, const REAL *b, long pitch, V *first, V *second) {
  V acc[2][DEPTH_MOST];
  _Pragma("clang loop unroll(full)") for (int q = 0; q < step; q++) acc[0][q] = acc[1][q] = (V)0;
  long p = 0;
  for (; p + LANES <= k; p += LANES) depth_step(step, rows, b, pitch, p, LANES, acc);
  if (p < k) depth_step(step, rows, b, pitch, p, k - p, acc);
  _Pragma("clang loop unroll(full)") for (int q = 0; q < step; q++) first[q] = acc[0][q], second[q] = acc[1][q];
}

// A row of C from its columns' vectors.
INLINE void depth_row(int width, const V *sums, REAL *c, long columns, const gemm_target *g) {
  _Pragma("clang loop unroll(full)") for (int q = 0; q < width; q += LANES) {
    const long count = columns - q;
    if (count <= 0) break;
    V x = lane_sums(width - q < LANES ? width - q : LANES, sums + q), base = (V)0;
    if (tile_reads(g)) {
      const REAL *old = tile_old(g, c + q);
      base = (V)(g->first ? g->beta : (REAL)1) * (count < LANES ? load_part(old, count) : load(old));
    }
    if (g->first && g->bias) base += count < LANES ? load_part(g->bias + q, count) : load(g->bias + q);
    x = FMA((V)g->alpha, x, base);
    if (count < LANES) {
      store_part(c + q, x, count);
    } else {
      store(c + q, x);
    }
  }
}

// Rows k ..< k + depth of the last columns of B as [column][pitch], DEPTH_MOST of them; what stands in those that B has
// not is not used.
static void depth_turn(const product *p, long j, long k, long depth, REAL *to, long pitch) {
  const long columns = p->n - j;
  const long row = p->panel ? p->width : p->b.row, column = p->panel ? 1 : p->b.column;
  const REAL *from = (p->panel ? panel_column(p, j) : p->b.at + j * column) + k * row;
  if (column != 1) {
    for (long q = 0; q < columns; q++) {
      for (long r = 0; r < depth; r++) to[q * pitch + r] = from[r * row + q * column];
      for (long r = depth; r < pitch; r++) to[q * pitch + r] = 0;
    }
    return;
  }
  // Rows are read beyond their last column, in whole vectors, where other ones follow.
  const long last = (depth - 1) * row + columns - (DEPTH_MOST + LANES - 1) / LANES * LANES;
  for (long r = 0; r < depth; r += LANES, from += LANES * row) {
    _Pragma("clang loop unroll(full)") for (int q = 0; q < DEPTH_MOST; q += LANES) {
      V x[LANES];
      if ((r + LANES - 1) * row <= last) {
        transpose_rows(from + q, row, x);
      } else {
        const long count = columns - q < 0 ? 0 : columns - q < LANES ? columns - q : LANES;
        transpose_some(from + q, row, depth - r < LANES ? depth - r : LANES, count, x);
      }
      const int stored = DEPTH_MOST - q < LANES ? DEPTH_MOST - q : LANES;
      _Pragma("clang loop unroll(full)") for (int v = 0; v < stored; v++) store(to + (q + v) * pitch + r, x[v]);
    }
  }
}

// The last columns, `width` of them or one less.
INLINE void gemm_depth(int width, const product *p, long j) {
  const long columns = p->n - j, blocks = (p->k + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
  const long most = ((p->k + blocks - 1) / blocks + LANES - 1) / LANES * LANES;
  // Not a multiple of what the caches repeat after.
  const long pitch = most + LANES;
  const int step = DEPTH_STEP(width);
  REAL *b = (REAL *)p->scratch;
  gemm_target g = p->target;
  g.bias = p->bias ? p->bias + j : 0;
  for (long k = 0; k < p->k; k += most) {
    const long depth = p->k - k < most ? p->k - k : most;
    g.first = k == 0;
    depth_turn(p, j, k, depth, b, pitch);
    for (long i = 0; i < p->m; i += 2) {
      const REAL *first = p->a.at + i * p->a.row + k, *rows[2] = {first, i + 1 < p->m ? first + p->a.row : first};
      REAL *c = p->c + i * g.row + j;
      V sums[2][DEPTH_MOST];
      for (int q = 0; q < width; q += step) {
        depth_sums(step, depth, rows, b + q * pitch, pitch, sums[0] + q, sums[1] + q);
      }
      depth_row(width, sums[0], c, columns, &g);
      if (i + 1 < p->m) depth_row(width, sums[1], c + g.row, columns, &g);
    }
  }
}

// Computes the last columns along the depth where that pays, in every set and part alike. Returns whether it did.
static int gemm_deep(const product *p, long j) {
  const long columns = p->n - j;
  if (columns < DEPTH_FEWEST || columns > DEPTH_MOST) return 0;
  if (p->a.column != 1 || p->k < DEPTH_LEAST || p->rows < DEPTH_ROWS) return 0;
  if (columns <= 6) {
    gemm_depth(6, p, j);
  } else if (columns <= 8) {
    gemm_depth(8, p, j);
  } else if (columns <= 10) {
    gemm_depth(10, p, j);
  } else {
    gemm_depth(12, p, j);
  }
  return 1;
}
