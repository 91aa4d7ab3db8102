// The last columns of products where they are few: sums along the rows of A.
#include "gemm_depth.h"

// The largest number of columns behind the last whole panel that are sums along A's rows, where those lie side by side.
#define GEMM_DOTS 4
// The longest rows of such sums: their columns of B are copied to scratch.
#define GEMM_DOTS_DEPTH 65536
#define DOT_SUMS (NETC_ISA == 2 ? 8 : 4)

INLINE void dot_step(int width, const REAL *const *rows, const REAL *b, long pitch, long p, long lanes, V *acc) {
  _Pragma("clang loop unroll(full)") for (int r = 0; r < DOT_SUMS / width; r++) {
    V x = lanes == LANES ? load(rows[r] + p) : load_part(rows[r] + p, lanes);
    _Pragma("clang loop unroll(full)") for (int q = 0; q < width; q++) {
      acc[r * width + q] = FMA(x, load(b + q * pitch), acc[r * width + q]);
    }
  }
}

// DOT_SUMS sums of products, of DOT_SUMS / width rows of A with `width` columns of B, filled up with zeros, `pitch`
// apart; the lanes' sums go to `block`, one vector for each.
INLINE void dot_block(int width, long k, const REAL *const *rows, const REAL *b, long pitch, REAL *block) {
  V acc[DOT_SUMS];
  _Pragma("clang loop unroll(full)") for (int s = 0; s < DOT_SUMS; s++) acc[s] = (V)0;
  long p = 0;
  for (; p + LANES <= k; p += LANES) dot_step(width, rows, b + p, pitch, p, LANES, acc);
  if (p < k) dot_step(width, rows, b + p, pitch, p, k - p, acc);
  _Pragma("clang loop unroll(full)") for (int s = 0; s < DOT_SUMS; s++) store(block + s * LANES, acc[s]);
}

// LANES results from the sums of their lanes, row after row of `width`.
INLINE void dot_results(int width, REAL *c, const REAL *block, long rows, long columns, const gemm_target *g) {
  V x[LANES];
  transpose_rows(block, LANES, x);
  _Pragma("clang loop unroll(full)") for (int step = LANES / 2; step > 0; step /= 2) {
    _Pragma("clang loop unroll(full)") for (int s = 0; s < step; s++) x[s] += x[s + step];
  }
  REAL sums[LANES];
  store(sums, x[0]);
  const int reads = tile_reads(g);
  for (long r = 0; r < rows; r++, c += g->row) {
    for (long q = 0; q < columns; q++) {
      const REAL base = reads ? g->beta * tile_old(g, c)[q] : 0;
      c[q] = FMA(g->alpha, sums[r * width + q], g->bias ? base + g->bias[q] : base);
    }
  }
}

// The last columns, `width` of them or one less.
INLINE void gemm_dots(int width, const product *p, long j) {
  const long columns = p->n - j, pitch = (p->k + LANES - 1) / LANES * LANES;
  REAL *b = (REAL *)p->scratch, block[LANES * LANES];
  gemm_target g = p->target;
  g.bias = p->bias ? p->bias + j : 0;
  const REAL *from = p->panel ? panel_column(p, j) : p->b.at + j * p->b.column;
  const long row = p->panel ? p->width : p->b.row, column = p->panel ? 1 : p->b.column;
  for (long q = 0; q < width; q++) {
    const long count = q < columns ? p->k : 0;
    for (long k = 0; k < count; k++) b[q * pitch + k] = from[k * row + q * column];
    for (long k = count; k < pitch; k++) b[q * pitch + k] = 0;
  }
  for (long i = 0; i < p->m; i += LANES / width) {
    const long rows = p->m - i < LANES / width ? p->m - i : LANES / width;
    for (long from = 0; from < LANES / width; from += DOT_SUMS / width) {
      const REAL *a[DOT_SUMS];
      for (long r = 0; r < DOT_SUMS / width; r++) {
        a[r] = p->a.at + (i + (from + r < rows ? from + r : rows - 1)) * p->a.row;
      }
      dot_block(width, p->k, a, b, pitch, block + from * width * LANES);
    }
    dot_results(width, p->c + i * g.row + j, block, rows, columns, &g);
  }
}

// Computes the columns behind the last whole panel where they are few, in every set alike.
// Returns how many columns are left.
static long gemm_last_columns(const product *p) {
  const long columns = p->n % PRODUCT_COLUMNS, j = p->n - columns;
  if (columns == 0 || p->a.column != 1) return p->n;
  if (!gemm_deep(p, j)) {
    if (columns > GEMM_DOTS || p->k < 2 * LANES || p->k > GEMM_DOTS_DEPTH) return p->n;
    if (columns == 1) {
      gemm_dots(1, p, j);
    } else if (columns == 2) {
      gemm_dots(2, p, j);
    } else {
      gemm_dots(4, p, j);
    }
  }
  product_finish(p, p->c + j, p->m, columns);
  return j;
}
