// Wide products of little depth, which write much for what they compute.
#include "gemm_product.h"

// Tiles of few rows and many columns, which need as many registers as others: C is written in runs that are long enough
// and not all at once.
#define SHALLOW_MR 4
#define SHALLOW_MOST 6
#define SHALLOW_NV 4
#define SHALLOW_COLUMNS (SHALLOW_NV * LANES)
// The greatest depths: a panel of B stays in the nearest cache beside the rest, where its rows take each other's place
// and where they do not.
#define SHALLOW_DEPTH 32
#define SHALLOW_DEEPEST 72

INLINE int is_shallow(const product *p, long columns) {
  if (NETC_ISA != 2 || columns < SHALLOW_COLUMNS || p->m < 2 * SHALLOW_MR || p->panel || p->is_far) return 0;
  return p->k <= (far_apart(2 * p->b.row) && p->m < 128 ? SHALLOW_DEPTH : SHALLOW_DEEPEST);
}

// `depth` elements of LANES columns of B, from `from` on as rows of a panel; in whole vectors when `whole`.
INLINE void shallow_turn(int depth, const REAL *from, long column, long k, int whole, REAL *to) {
  V x[LANES];
  if (whole) {
    transpose_rows(from, column, x);
  } else {
    transpose_some(from, column, LANES, k < LANES ? k : LANES, x);
  }
  _Pragma("clang loop unroll(full)") for (int r = 0; r < depth; r++) store(to + r * SHALLOW_COLUMNS, x[r]);
}

// SHALLOW_COLUMNS columns of B from j on as [k][column]; rows up to the next multiple of LANES may be written.
static void shallow_pack(const product *p, long j, REAL *to) {
  const REAL *from = p->b.at + j * p->b.column;
  if (p->b.row != 1) {
    for (long q = 0; q < SHALLOW_COLUMNS; q += GEMM_NR) {
      pack_column_panel(to + q, SHALLOW_COLUMNS, from + q * p->b.column, p->b.row, p->b.column, p->k, GEMM_NR);
    }
    return;
  }
  // Columns are read beyond their end, in whole vectors, where other ones follow.
  const long last = (p->n - 1 - j) * p->b.column + p->k - LANES;
  for (long q = 0; q < SHALLOW_COLUMNS; q += LANES, from += LANES * p->b.column) {
    for (long k = 0; k < p->k; k += LANES) {
      const int whole = (q + LANES - 1) * p->b.column + k <= last;
      REAL *at = to + k * SHALLOW_COLUMNS + q;
      if (p->k - k <= 3 * QUARTER) {
        shallow_turn(3 * QUARTER, from + k, p->b.column, p->k - k, whole, at);
      } else {
        shallow_turn(LANES, from + k, p->b.column, p->k - k, whole, at);
      }
    }
  }
}

INLINE void shallow_store(int mr, REAL *c, const V acc[SHALLOW_MOST][SHALLOW_NV], const gemm_target *g) {
  const V alpha = (V)g->alpha, beta = (V)g->beta;
  const REAL *old = g->beta != (REAL)0 ? tile_old(g, c) : 0;
  _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++, c += g->row) {
    _Pragma("clang loop unroll(full)") for (int v = 0; v < SHALLOW_NV; v++) {
      V base = (V)0;
      if (old) base = beta * load(old + i * g->row + v * LANES);
      if (g->bias) base += load(g->bias + v * LANES);
      store(c + v * LANES, FMA(alpha, acc[i][v], base));
    }
  }
}

INLINE void shallow_sum(int mr, const product *p, const REAL *a, const REAL *b, long row, REAL *c,
                        const gemm_target *g) {
  V acc[SHALLOW_MOST][SHALLOW_NV];
  const long ai = p->a.row, ak = p->a.column;
  _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++) {
    _Pragma("clang loop unroll(full)") for (int v = 0; v < SHALLOW_NV; v++) acc[i][v] = (V)0;
  }
  for (long k = p->k; k > 0; k--, a += ak, b += row) {
    V x[SHALLOW_NV];
    _Pragma("clang loop unroll(full)") for (int v = 0; v < SHALLOW_NV; v++) x[v] = load(b + v * LANES);
    _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++) {
      V y = (V)a[i * ai];
      _Pragma("clang loop unroll(full)") for (int v = 0; v < SHALLOW_NV; v++) acc[i][v] = FMA(y, x[v], acc[i][v]);
    }
  }
  if (g->alpha == (REAL)1 && g->beta == (REAL)0 && !g->bias) {
    _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++, c += g->row) {
      _Pragma("clang loop unroll(full)") for (int v = 0; v < SHALLOW_NV; v++) store(c + v * LANES, acc[i][v]);
    }
  } else {
    shallow_store(mr, c, (const V(*)[SHALLOW_NV])acc, g);
  }
}

#define SHALLOW_TILE(height)                                                                           \
  static void shallow_tile_##height(const product *p, const REAL *a, const REAL *b, long row, REAL *c, \
                                    const gemm_target *g) {                                            \
    shallow_sum(height, p, a, b, row, c, g);                                                           \
  }
SHALLOW_TILE(4)
SHALLOW_TILE(5)
SHALLOW_TILE(6)

typedef void (*shallow_tile_fn)(const product *, const REAL *, const REAL *, long, REAL *, const gemm_target *);
static const shallow_tile_fn shallow_tile[] = {shallow_tile_4, shallow_tile_5, shallow_tile_6};

// SHALLOW_COLUMNS columns of C; sums have the order of all other tiles.
static void gemm_shallow(const product *p, long j) {
  gemm_target g = p->target;
  g.bias = p->bias ? p->bias + j : 0;
  const REAL *b = p->b.at + j * p->b.column;
  long row = p->b.row, tiles = p->m / SHALLOW_MR;
  if (p->b.column != 1 || copies_rows(row, tiles)) {
    REAL *panel = (REAL *)p->scratch;
    shallow_pack(p, j, panel);
    b = panel, row = SHALLOW_COLUMNS;
  }
  // Rows that are over go to the first tiles.
  long over = p->m - SHALLOW_MR * tiles;
  for (long i = 0; i < p->m; tiles--) {
    const long more = over > tiles ? 2 : over > 0, rows = SHALLOW_MR + more;
    over -= more;
    REAL *c = p->c + i * g.row + j;
    shallow_tile[more](p, p->a.at + i * p->a.row, b, row, c, &g);
    product_finish(p, c, rows, SHALLOW_COLUMNS);
    i += rows;
  }
}
