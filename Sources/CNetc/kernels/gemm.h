// GEMM, GEMM_SMALL and GEMV: C = alpha A B + beta C + bias. The words are described in cnetc.h.
#include "gemm_tile.h"
#include "gemm_pack.h"

// Rows of A and columns of B that are packed at a time.
#define GEMM_MC 168
#define GEMM_NC (sizeof(REAL) == 4 ? 2048 : 1024)

typedef struct matrix {
  const REAL *at;
  long row, column;
} matrix;

// One product of the batch, restricted to a part's rows and columns.
typedef struct product {
  long m, n, k;
  matrix a, b;
  REAL *c;
  const REAL *bias;
  gemm_target target;
  char *scratch;
} product;

// Blocks of both matrices packed into panels, for products that leave the caches.
static void gemm_packed(const product *p) {
  REAL *pack_a = (REAL *)p->scratch, *pack_b = pack_a + (GEMM_MC + GEMM_MR) * GEMM_KC + 2 * LANES;
  gemm_target g = p->target;
  for (long j = 0; j < p->n; j += (long)GEMM_NC) {
    const long nc = p->n - j < (long)GEMM_NC ? p->n - j : (long)GEMM_NC;
    for (long k = 0; k == 0 || k < p->k; k += GEMM_KC) {
      const long kc = p->k - k < GEMM_KC ? p->k - k : GEMM_KC;
      g.first = k == 0;
      pack_columns(pack_b, p->b.at + k * p->b.row + j * p->b.column, p->b.row, p->b.column, kc, nc);
      for (long i = 0; i < p->m; i += GEMM_MC) {
        const long mc = p->m - i < GEMM_MC ? p->m - i : GEMM_MC;
        const long panels = (mc + GEMM_MR - 1) / GEMM_MR, height = (mc + panels - 1) / panels;
        pack_rows(pack_a, p->a.at + i * p->a.row + k * p->a.column, p->a.row, p->a.column, mc, kc, height);
        for (long jj = 0; jj < nc; jj += GEMM_NR) {
          const long columns = nc - jj < GEMM_NR ? nc - jj : GEMM_NR;
          g.bias = p->bias ? p->bias + j + jj : 0;
          for (long ii = 0; ii < mc; ii += height) {
            const long rows = mc - ii < height ? mc - ii : height;
            tile_packed[rows](kc, pack_a + ii * kc, pack_b + jj * kc, p->c + (i + ii) * g.row + j + jj, &g, columns);
          }
        }
      }
    }
  }
}

// Matrices read in place, but for panels of B whose columns do not lie side by side.
static void gemm_plain(const product *p) {
  REAL *pack_b = (REAL *)p->scratch;
  gemm_target g = p->target;
  for (long j = 0; j < p->n; j += GEMM_NR) {
    const long columns = p->n - j < GEMM_NR ? p->n - j : GEMM_NR;
    g.bias = p->bias ? p->bias + j : 0;
    for (long k = 0; k == 0 || k < p->k; k += GEMM_KC) {
      const long kc = p->k - k < GEMM_KC ? p->k - k : GEMM_KC;
      g.first = k == 0;
      const REAL *b = p->b.at + k * p->b.row + j * p->b.column;
      long row = p->b.row;
      // Without masks a short panel is cheaper to read when it is filled up.
      const int packed = p->b.column != 1 || (NETC_ISA < 2 && columns % LANES != 0 && p->m > 1);
      if (packed) {
        pack_columns(pack_b, b, p->b.row, p->b.column, kc, columns);
        b = pack_b, row = GEMM_NR;
      }
      const REAL *a = p->a.at + k * p->a.column;
      for (long i = 0; i < p->m; i += GEMM_SMALL_MR) {
        const long rows = p->m - i < GEMM_SMALL_MR ? p->m - i : GEMM_SMALL_MR;
        tile_plain[rows](kc, a + i * p->a.row, p->a.row, p->a.column, b, row, p->c + i * g.row + j, &g, columns, packed);
      }
    }
  }
}

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
      *to = gemv_result(p, sums[q], reads ? *to : 0, p->bias ? p->bias[(j + q) * bias_stride] : 0);
    }
  }
}

#if NETC_ISA == 2
#define GEMV_NV 16
#else
#define GEMV_NV 4
#endif

// nv vectors of y, whole but for the last one's `tail`: sums over rows of b in blocks of k, as the tiles do.
INLINE void gemv_stripe(int nv, const product *p, const REAL *x, const REAL *b, long row, REAL *c, const REAL *bias,
                        long tail) {
  gemm_target g = p->target;
  g.bias = bias;
  for (long k = 0; k == 0 || k < p->k; k += GEMM_KC) {
    const long end = p->k - k < GEMM_KC ? p->k : k + GEMM_KC;
    V acc[GEMV_NV];
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) acc[v] = (V)0;
    for (long q = k; q < end; q++) {
      const V factor = (V)x[q];
      const REAL *from = b + q * row;
      _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) {
        V y = nv > 1 || tail == LANES ? load(from + v * LANES) : load_part(from, tail);
        acc[v] = FMA(factor, y, acc[v]);
      }
    }
    g.first = k == 0;
    for (int v = 0; v < nv; v++) {
      const int part = nv == 1 && tail < LANES;
      V old = (V)0, add = (V)0;
      if (tile_reads(&g)) old = part ? load_part(c, tail) : load(c + v * LANES);
      if (bias) add = part ? load_part(bias, tail) : load(bias + v * LANES);
      V y = FMA((V)g.alpha, acc[v], tile_base(&g, old, add));
      if (part) {
        store_part(c, y, tail);
      } else {
        store(c + v * LANES, y);
      }
    }
  }
}

// y[j] over columns j of b that lie side by side, as c's elements do.
static void gemv_rows(const product *p, const REAL *x, matrix b, long n, long bias_stride) {
  REAL same[LANES];
  for (int j = 0; j < LANES; j++) same[j] = p->bias ? p->bias[0] : 0;
  long j = 0;
  while (j < n) {
    const long left = n - j;
    const REAL *bias = !p->bias ? 0 : bias_stride ? p->bias + j : same;
    if (left >= GEMV_NV * LANES && (bias_stride || !bias)) {
      gemv_stripe(GEMV_NV, p, x, b.at + j, b.row, p->c + j, bias, LANES);
      j += GEMV_NV * LANES;
    } else if (left >= 4 * LANES && (bias_stride || !bias)) {
      gemv_stripe(4, p, x, b.at + j, b.row, p->c + j, bias, LANES);
      j += 4 * LANES;
    } else {
      gemv_stripe(1, p, x, b.at + j, b.row, p->c + j, bias, left < LANES ? left : LANES);
      j += LANES;
    }
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

static void gemm_vector(const product *p) {
  const int row = p->m == 1 && !(p->n == 1 && p->a.column != 1);
  const REAL *x = row ? dense_vector(p, p->a.at, p->a.column) : dense_vector(p, p->b.at, p->b.row);
  matrix b = row ? p->b : (matrix){p->a.at, p->a.column, p->a.row};
  const long n = row ? p->n : p->m, c_stride = row ? 1 : p->target.row;
  if (p->k <= 1) b.row = 1;
  if (x && b.row == 1) {
    gemv_dots(p, x, b, n, c_stride, row);
  } else if (x && b.column == 1 && c_stride == 1) {
    gemv_rows(p, x, b, n, row);
  } else {
    gemm_plain(p);
  }
}

// Walks the batches of a part and hands each product, cut to the part's rows and columns, to `run`.
INLINE void gemm_run(netc_thread *t, const netc_instr *i, unsigned part, void (*run)(const product *)) {
  const int32_t *w = words(t, i);
  const unsigned row_parts = (unsigned)w[22], column_parts = (unsigned)w[23], batch_parts = (unsigned)w[24];
  const unsigned grid = row_parts * column_parts;
  const long m = w[0], n = w[1], units = (m + 7) / 8, blocks = (n + 31) / 32;
  span rows = part_of(units, part % grid / column_parts, row_parts);
  span columns = part_of(blocks, part % column_parts, column_parts);
  span batches = part_of((long)w[8] * w[9], part / grid, batch_parts);
  const long r0 = rows.from * 8, r1 = rows.to * 8 < m ? rows.to * 8 : m;
  const long c0 = columns.from * 32, c1 = columns.to * 32 < n ? columns.to * 32 : n;
  if (r0 >= r1 || c0 >= c1) return;
  product p = {r1 - r0, c1 - c0, w[2], {0, w[3], w[4]}, {0, w[5], w[6]}, 0, 0, {0}, t->scratch};
  p.target = (gemm_target){(REAL)word_factor(t, w + 16), (REAL)word_factor(t, w + 19), w[7], 1, 0};
  REAL *c = operand(t, i, 0);
  const REAL *a = operand(t, i, 1), *b = operand(t, i, 2);
  p.bias = i->n > 3 ? (const REAL *)operand(t, i, 3) + c0 : 0;
  p.target.bias = p.bias;
  for (long q = batches.from; q < batches.to; q++) {
    const long q0 = q / w[9], q1 = q % w[9];
    p.a.at = a + q0 * w[10] + q1 * w[11] + r0 * p.a.row;
    p.b.at = b + q0 * w[12] + q1 * w[13] + c0 * p.b.column;
    p.c = c + q0 * w[14] + q1 * w[15] + r0 * (long)w[7] + c0;
    run(&p);
  }
}

static void netc_gemm(netc_thread *t, const netc_instr *i, unsigned part) { gemm_run(t, i, part, gemm_packed); }

static void netc_gemm_small(netc_thread *t, const netc_instr *i, unsigned part) { gemm_run(t, i, part, gemm_plain); }

static void netc_gemv(netc_thread *t, const netc_instr *i, unsigned part) { gemm_run(t, i, part, gemm_vector); }
