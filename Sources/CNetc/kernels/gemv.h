// Matrix-vector products: the matrix streams past the vector.
#include "gemm_product.h"

// One result of a matrix-vector product from its sum.
INLINE REAL gemv_result(const product *p, REAL sum, REAL old, REAL bias) {
  const gemm_target *g = &p->target;
  V base = tile_base(g, (V)old, (V)bias);
  V y = FMA((V)g->alpha, (V)sum, base);
  return y[0];
}

// Four sums of products along adjacent elements; blocks of KC elements are added in double.
INLINE void dot_four(const REAL *x, const REAL *b, long column, long k, long count, REAL *sums) {
  double total[4] = {0};
  for (long from = 0; from < k; from += GEMM_KC) {
    const long to = k - from < GEMM_KC ? k : from + GEMM_KC;
    V acc[4] = {(V)0, (V)0, (V)0, (V)0};
    long p = from;
    for (; p + LANES <= to; p += LANES) {
      V v = load(x + p);
      for (long q = 0; q < count; q++) acc[q] = FMA(v, load(b + q * column + p), acc[q]);
    }
    if (p < to) {
      V v = load_part(x + p, to - p);
      for (long q = 0; q < count; q++) acc[q] = FMA(v, load_part(b + q * column + p, to - p), acc[q]);
    }
    for (long q = 0; q < count; q++) total[q] += (double)fold_sum(acc[q]);
  }
  for (long q = 0; q < count; q++) sums[q] = (REAL)total[q];
}

// y[j] over columns j of b, which run along memory; c's elements lie c_stride apart and take bias[j * bias_stride].
static void gemv_dots(const product *p, const REAL *x, matrix b, long n, long c_stride, long bias_stride) {
  const int reads = tile_reads(&p->target);
  for (long j = 0; j < n; j += 4) {
    const long count = n - j < 4 ? n - j : 4;
    REAL sums[4];
    if (count == 4) {
      dot_four(x, b.at + j * b.column, b.column, p->k, 4, sums);
    } else {
      dot_four(x, b.at + j * b.column, b.column, p->k, count, sums);
    }
    for (long q = 0; q < count; q++) {
      REAL *to = p->c + (j + q) * c_stride;
      *to = gemv_result(p, sums[q], reads ? *tile_old(&p->target, to) : 0, p->bias ? p->bias[(j + q) * bias_stride] : 0);
    }
  }
}

#if NETC_ISA == 2
#define GEMV_NV 16
#define GEMV_PANEL_NV (64 / LANES)
#else
#define GEMV_NV 4
#define GEMV_PANEL_NV 4
#endif

// How many rows ahead of its use a part of one is asked for; odd, since rows an even number apart often share a place
// in the nearest cache.
#define GEMV_AHEAD 3

// The same distance in panels, in elements: their rows are a stream, whose end is the next panel's beginning.
#define GEMV_PANEL_AHEAD ((long)(2048 / sizeof(REAL)))

// Where the part of a row `GEMV_AHEAD` rows after q lies; behind the last row the next stripe begins.
INLINE const REAL *gemv_ahead(const REAL *b, long row, long q, long k, long width) {
  q += GEMV_AHEAD;
  return q < k ? b + q * row : b + (q - k) * row + width;
}

// nv vectors of y, whole but for the last one's `tail`: sums over rows of b in blocks of k, as the tiles do.
INLINE void gemv_stripe(int nv, int in_panel, const product *p, const REAL *x, const REAL *b, long row, REAL *c,
                        const REAL *bias, long tail) {
  gemm_target g = p->target;
  g.bias = bias;
  for (long k = 0; k == 0 || k < p->k; k += GEMM_KC) {
    const long end = p->k - k < GEMM_KC ? p->k : k + GEMM_KC;
    V acc[GEMV_NV];
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) acc[v] = (V)0;
    for (long q = k; q < end; q++) {
      const V factor = (V)x[q];
      const REAL *from = b + q * row;
      if (nv == (in_panel ? GEMV_PANEL_NV : GEMV_NV)) {
        // Rows far apart are no stream to the processor, and it is late with those that are.
        const REAL *next = in_panel ? from + GEMV_PANEL_AHEAD : gemv_ahead(b, row, q, p->k, nv * LANES);
        _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) {
          __builtin_prefetch(next + v * LANES);
          acc[v] = FMA(factor, load(from + v * LANES), acc[v]);
        }
      } else {
        _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) {
          V y = v < nv - 1 || tail == LANES ? load(from + v * LANES) : load_part(from + v * LANES, tail);
          acc[v] = FMA(factor, y, acc[v]);
        }
      }
    }
    g.first = k == 0;
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) {
      const int part = v == nv - 1 && tail < LANES;
      REAL *to = c + v * LANES;
      V old = (V)0, add = (V)0;
      if (tile_reads(&g)) old = part ? load_part(tile_old(&g, to), tail) : load(tile_old(&g, to));
      if (bias) add = part ? load_part(bias + v * LANES, tail) : load(bias + v * LANES);
      V y = FMA((V)g.alpha, acc[v], tile_base(&g, old, add));
      if (part) {
        store_part(to, y, tail);
      } else {
        store(to, y);
      }
    }
  }
}

// A part of y of at most `left` elements, `most` vectors at first; returns how many it computes.
INLINE long gemv_step(int most, int in_panel, const product *p, const REAL *x, const REAL *b, long row, REAL *c,
                      const REAL *bias, int is_whole, long left) {
  if (left >= most * LANES && is_whole) {
    gemv_stripe(most, in_panel, p, x, b, row, c, bias, LANES);
    return most * LANES;
  }
  if (left >= 4 * LANES && is_whole) {
    gemv_stripe(4, in_panel, p, x, b, row, c, bias, LANES);
    return 4 * LANES;
  }
  if (left > LANES && is_whole) {
    gemv_stripe(2, in_panel, p, x, b, row, c, bias, left < 2 * LANES ? left - LANES : LANES);
    return 2 * LANES;
  }
  gemv_stripe(1, in_panel, p, x, b, row, c, bias, left < LANES ? left : LANES);
  return LANES;
}

// A single vector of y: four sums over rows of b, each of every fourth row, which wait for one another less.
static void gemv_narrow(const product *p, const REAL *x, const REAL *b, long row, long n, const REAL *bias) {
  gemm_target g = p->target;
  g.bias = bias;
  V acc[4] = {(V)0, (V)0, (V)0, (V)0};
  long q = 0;
  for (; q + 4 <= p->k; q += 4) {
    _Pragma("clang loop unroll(full)") for (int j = 0; j < 4; j++) {
      acc[j] = FMA((V)x[q + j], load_part(b + (q + j) * row, n), acc[j]);
    }
  }
  for (; q < p->k; q++) acc[0] = FMA((V)x[q], load_part(b + q * row, n), acc[0]);
  const V old = tile_reads(&g) ? load_part(tile_old(&g, p->c), n) : (V)0, add = bias ? load_part(bias, n) : (V)0;
  const V sum = (acc[0] + acc[1]) + (acc[2] + acc[3]);
  store_part(p->c, FMA((V)g.alpha, sum, tile_base(&g, old, add)), n);
}

// y[j] over columns j of b that lie side by side, as c's elements do.
static void gemv_rows(const product *p, const REAL *x, matrix b, long n, long bias_stride) {
  REAL same[LANES];
  for (int j = 0; j < LANES; j++) same[j] = p->bias ? p->bias[0] : 0;
  if (p->is_narrow) {
    gemv_narrow(p, x, b.at, b.row, n, !p->bias ? 0 : bias_stride ? p->bias : same);
    return;
  }
  for (long j = 0; j < n;) {
    const REAL *bias = !p->bias ? 0 : bias_stride ? p->bias + j : same;
    j += gemv_step(GEMV_NV, 0, p, x, b.at + j, b.row, p->c + j, bias, bias_stride || !bias, n - j);
  }
}

// The same where b is packed.
static void gemv_panels(const product *p, const REAL *x) {
  for (long j = 0; j < p->n;) {
    const long in_panel = p->width - (p->first + j) % p->width, left = p->n - j < in_panel ? p->n - j : in_panel;
    j += gemv_step(GEMV_PANEL_NV, 1, p, x, panel_column(p, j), p->width, p->c + j, p->bias ? p->bias + j : 0, 1, left);
  }
}

// The vector's elements side by side, copied to scratch where they are not; null when scratch is too short.
static const REAL *dense_vector(const product *p, const REAL *x, long stride) {
  if (stride == 1 || p->k <= 1) return x;
  if (p->k * (long)sizeof(REAL) > NETC_SCRATCH_BYTES / 2) return 0;
  REAL *copy = (REAL *)p->scratch;
  for (long k = 0; k < p->k; k++) copy[k] = x[k * stride];
  return copy;
}
