// GEMM, GEMM_SMALL and GEMV: C = alpha A B + beta D + bias. The words are described in cnetc.h.
#include "gemm_dots.h"
#include "gemm_shallow.h"
#include "gemv.h"

// Rows of A and columns of B that are packed at a time.
#define GEMM_MC 168
#define GEMM_NC (sizeof(REAL) == 4 ? 2048 : 1024)

// The height of tiles, at most `largest`, that leaves the least to the last.
INLINE long even_height(long m, long largest) {
  const long tiles = (m + largest - 1) / largest;
  return tiles ? (m + tiles - 1) / tiles : 1;
}

// Blocks of both matrices packed into panels, for products that leave the caches.
static void gemm_packed(const product *p) {
  REAL *pack_a = (REAL *)p->scratch, *pack_b = pack_a + (GEMM_MC + GEMM_MR) * GEMM_KC + 2 * LANES;
  gemm_target g = p->target;
  const long n = gemm_last_columns(p);
  for (long j = 0; j < n; j += (long)GEMM_NC) {
    const long nc = n - j < (long)GEMM_NC ? n - j : (long)GEMM_NC;
    for (long k = 0; k == 0 || k < p->k; k += GEMM_KC) {
      const long kc = p->k - k < GEMM_KC ? p->k - k : GEMM_KC;
      g.first = k == 0;
      pack_columns(pack_b, p->b.at + k * p->b.row + j * p->b.column, p->b.row, p->b.column, kc, nc);
      for (long i = 0; i < p->m; i += GEMM_MC) {
        const long mc = p->m - i < GEMM_MC ? p->m - i : GEMM_MC;
        const long height = even_height(mc, GEMM_MR);
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
    product_finish(p, p->c + j, p->m, nc);
  }
}

// Rows i ..< i + rows of C from their columns' sums, which lie as [column][GEMM_NR]; `columns` of them, less than LANES.
static void store_turned(const REAL *sums, REAL *c, long rows, long columns, const gemm_target *g) {
  const V alpha = (V)g->alpha, factor = (V)(g->first ? g->beta : (REAL)1);
  const V bias = g->first && g->bias ? load_part(g->bias, columns) : (V)0;
  const int reads = tile_reads(g);
  for (long from = 0; from < rows; from += LANES) {
    V x[LANES];
    transpose_rows(sums + from, GEMM_NR, x);
    const long count = rows - from < LANES ? rows - from : LANES;
    // A masked store holds up the next load beside it: all loads come first.
    for (long j = 0; j < count; j++) {
      V base = reads ? factor * load_part(tile_old(g, c + j * g->row), columns) + bias : bias;
      x[j] = FMA(alpha, x[j], base);
    }
    for (long j = 0; j < count; j++, c += g->row) store_part(c, x[j], columns);
  }
}

// A few columns of C where A's rows lie side by side: their transpose, whose vectors are full.
static void gemm_turned(const product *p, long j, long columns) {
  REAL sums[LANES * GEMM_NR] = {0};
  const gemm_target whole = {.alpha = 1, .row = GEMM_NR, .first = 1};
  gemm_target g = p->target;
  g.bias = p->bias ? p->bias + j : 0;
  const long height = even_height(columns, GEMM_SMALL_MR);
  for (long i = 0; i < p->m; i += GEMM_NR) {
    const long rows = p->m - i < GEMM_NR ? p->m - i : GEMM_NR, tail = rows - (rows - 1) / LANES * LANES;
    const tile_plain_fn *tile = GEMM_NV > 1 && rows > LANES ? tile_plain : tile_narrow;
    for (long k = 0; k == 0 || k < p->k; k += GEMM_KC) {
      const long kc = p->k - k < GEMM_KC ? p->k - k : GEMM_KC;
      const REAL *a = p->a.at + i + k * p->a.column, *b = p->b.at + k * p->b.row + j * p->b.column;
      for (long q = 0; q < columns; q += height) {
        const long count = columns - q < height ? columns - q : height;
        tile[count](kc, b + q * p->b.column, p->b.column, p->b.row, 0, a, p->a.column, sums + q * GEMM_NR, &whole,
                    tail, tail == LANES);
      }
      g.first = k == 0;
      store_turned(sums, p->c + i * g.row + j, rows, columns, &g);
    }
  }
}

// Columns that are fewer than this are computed as rows where that is possible.
#define GEMM_FEW (3 * LANES / 4)

// A block of B that comes after the one at work: `rows` runs of `bytes`, of which each tile asks for some.
typedef struct ahead {
  const char *at;
  long stride, rows, bytes, each;
} ahead;

// Matrices of more bytes than this are not in the nearer caches when their turn comes.
#define GEMM_NEAR 524288

// The block after k of the panel of columns from j on; none when B is near or there is no such block.
INLINE ahead block_ahead(const product *p, long j, long k, long tiles) {
  ahead a = {0};
  if (p->panel || p->k * p->n * (long)sizeof(REAL) <= GEMM_NEAR) return a;
  k += GEMM_KC;
  if (k >= p->k) k = 0, j += GEMM_NR;
  const long columns = p->n - j < GEMM_NR ? p->n - j : GEMM_NR, rows = p->k - k < GEMM_KC ? p->k - k : GEMM_KC;
  if (columns <= 0) return a;
  a.at = (const char *)(p->b.at + k * p->b.row + j * p->b.column);
  if (p->b.column == 1) {
    a.rows = rows, a.stride = p->b.row * (long)sizeof(REAL), a.bytes = columns * (long)sizeof(REAL);
  } else if (p->b.row == 1) {
    a.rows = columns, a.stride = p->b.column * (long)sizeof(REAL), a.bytes = rows * (long)sizeof(REAL);
  }
  a.each = (a.rows + tiles - 1) / tiles;
  return a;
}

INLINE void ask_ahead(ahead *a) {
  const long count = a->rows < a->each ? a->rows : a->each;
  for (long r = 0; r < count; r++, a->at += a->stride) {
    for (long at = 0; at < a->bytes; at += 64) __builtin_prefetch(a->at + at, 0, 2);
  }
  a->rows -= count;
}

// All products' A together of more bytes than this is not in the nearer caches when its turn comes.
#define GEMM_FAR 262144

// How far behind a tile's first element of A, at each k, the next tile's last one lies; its others are near then, as
// rows lie side by side. 0 for none.
INLINE long rows_ahead(const product *p, long i, long rows, long height, long k, long kc) {
  if (!p->is_far) return 0;
  if (i + rows < p->m) return rows + (p->m - i - rows < height ? p->m - i - rows : height) - 1;
  return k + kc < p->k ? kc * p->a.column - i + height - 1 : 0;
}

// Sums of no more products than this are short.
#define GEMM_SHORT 32

// A panel of columns of C, read in place but for one of B's whose columns do not lie side by side or whose rows take
// each other's place.
static void gemm_panel(const product *p, long j, long columns) {
  REAL *pack_b = (REAL *)p->scratch;
  gemm_target g = p->target;
  const long tail = columns - (columns - 1) / LANES * LANES;
  const int wide = GEMM_NV > 1 && columns > LANES;
  const tile_plain_fn *tile = wide ? tile_plain : tile_narrow;
  // A set of the nearest cache holds 8 rows of A in the same place beside the rest; 8 rows side by side are half a line,
  // which counts where sums are short.
  const int few = far_apart(p->a.row) || (p->a.row == 1 && p->k <= GEMM_SHORT);
  const long most = GEMM_SMALL_MR > 8 && few ? 8 : GEMM_SMALL_MR;
  const long height = even_height(p->m, wide ? most : GEMM_NARROW_MR);
  g.bias = p->bias ? p->bias + j : 0;
  // A short panel is cheaper to read again when it is filled up.
  const int short_panel = columns % LANES != 0 && p->m > (NETC_ISA < 2 ? 1 : GEMM_NARROW_MR);
  const int packed = p->panel || p->b.column != 1 || short_panel || copies_rows(p->b.row, p->m / height);
  for (long k = 0; k == 0 || k < p->k; k += GEMM_KC) {
    const long kc = p->k - k < GEMM_KC ? p->k - k : GEMM_KC;
    g.first = k == 0;
    const REAL *b = p->panel ? panel_column(p, j) + k * p->width : p->b.at + k * p->b.row + j * p->b.column;
    long row = p->panel ? p->width : p->b.row;
    if (packed && !p->panel) {
      pack_column_panel(pack_b, GEMM_NR, b, p->b.row, p->b.column, kc, columns);
      b = pack_b, row = GEMM_NR;
    }
    const REAL *a = p->a.at + k * p->a.column;
    const int whole = packed || columns % LANES == 0;
    ahead next = block_ahead(p, j, k, (p->m + height - 1) / height);
    for (long i = 0; i < p->m; i += height) {
      const long rows = p->m - i < height ? p->m - i : height;
      ask_ahead(&next);
      const long ahead = rows_ahead(p, i, rows, height, k, kc);
      tile[rows](kc, a + i * p->a.row, p->a.row, p->a.column, ahead, b, row, p->c + i * g.row + j, &g, tail, whole);
      if (k + kc == p->k) product_finish(p, p->c + i * g.row + j, rows, columns);
    }
  }
}

// Products whose matrices are read in place.
static void gemm_plain(const product *p) {
  const long n = gemm_last_columns(p);
  long j = 0;
  for (; is_shallow(p, n - j); j += SHALLOW_COLUMNS) gemm_shallow(p, j);
  for (; j < n; j += GEMM_NR) {
    const long columns = n - j < GEMM_NR ? n - j : GEMM_NR;
    if (columns <= GEMM_FEW && p->a.row == 1 && !p->panel && p->m > LANES) {
      gemm_turned(p, j, columns);
      product_finish(p, p->c + j, p->m, columns);
    } else {
      gemm_panel(p, j, columns);
    }
  }
}

static void gemm_vector(const product *p) {
  const int row = p->is_row;
  const REAL *x = row ? dense_vector(p, p->a.at, p->a.column) : dense_vector(p, p->b.at, p->b.row);
  const matrix b = row ? p->b : (matrix){p->a.at, p->a.column, p->a.row};
  const long n = row ? p->n : p->m, c_stride = row ? 1 : p->target.row;
  if (p->panel && x && row) {
    gemv_panels(p, x);
    product_finish(p, p->c, p->m, p->n);
  } else if (p->panel) {
    gemm_plain(p);
  } else if (x && b.column == 1 && c_stride == 1 && (b.row != 1 || p->k == 1)) {
    gemv_rows(p, x, b, n, row);
    product_finish(p, p->c, p->m, p->n);
  } else if (x && (b.row == 1 || p->k <= 1)) {
    gemv_dots(p, x, b, n, c_stride, row);
    product_finish(p, p->c, p->m, p->n);
  } else {
    gemm_plain(p);
  }
}

// The rows, columns and products of the batch that a part works on.
typedef struct gemm_share {
  span rows, columns, batches;
} gemm_share;

INLINE gemm_share gemm_share_of(const int32_t *w, unsigned part, unsigned parts) {
  const long m = w[0], n = w[1], batches = (long)w[8] * w[9];
  if (parts == 1) return (gemm_share){{0, m}, {0, n}, {0, batches}};
  const unsigned row_parts = (unsigned)w[22], column_parts = (unsigned)w[23], grid = row_parts * column_parts;
  gemm_share s;
  s.rows = part_of((m + 7) / 8, part % grid / column_parts, row_parts);
  s.rows = (span){s.rows.from * 8, s.rows.to * 8 < m ? s.rows.to * 8 : m};
  s.columns = part_of((n + PRODUCT_COLUMNS - 1) / PRODUCT_COLUMNS, part % column_parts, column_parts);
  const long to = s.columns.to * PRODUCT_COLUMNS;
  s.columns = (span){s.columns.from * PRODUCT_COLUMNS, to < n ? to : n};
  s.batches = part_of(batches, part / grid, (unsigned)w[24]);
  return s;
}

// Walks the batches of a part and hands each product, cut to the part's rows and columns, to `run`.
INLINE void gemm_run(netc_thread *t, const netc_instr *i, unsigned part, void (*run)(const product *)) {
  const int32_t *w = words(t, i);
  const gemm_share s = gemm_share_of(w, part, i->parts);
  if (s.rows.from >= s.rows.to || s.columns.from >= s.columns.to || s.batches.from >= s.batches.to) return;
  product p = {.m = s.rows.to - s.rows.from, .n = s.columns.to - s.columns.from, .k = w[2], .rows = w[0]};
  p.panel = w[28], p.width = w[31], p.first = s.columns.from;
  p.scratch = t->scratch;
  p.is_row = w[0] == 1 && !(w[1] == 1 && w[4] != 1);
  p.is_narrow = (p.is_row ? w[1] : w[0]) <= LANES;
  p.a.row = w[3], p.a.column = w[4], p.b.row = w[5], p.b.column = w[6];
  REAL *c = operand(t, i, 0);
  const REAL *a = operand(t, i, w[25]), *b = operand(t, i, w[25] + 1);
  const REAL *d = w[27] ? operand(t, i, w[27]) : c, *factors = w[30] ? operand(t, i, w[30]) : 0;
  REAL *second = w[25] > 1 ? operand(t, i, 1) : 0;
  p.epilogue = epilogues[w[29]];
  p.is_far = p.a.row == 1 && (double)w[0] * w[2] * w[8] * w[9] * sizeof(REAL) > GEMM_FAR;
  p.bias = w[26] ? (const REAL *)operand(t, i, w[26]) + s.columns.from : 0;
  p.target = (gemm_target){(REAL)word_factor(t, w + 16), (REAL)word_factor(t, w + 19), w[7], 1, p.bias, 0, 0};
  long outer = s.batches.from ? s.batches.from / w[9] : 0, inner = s.batches.from - outer * w[9];
  for (long q = s.batches.from; q < s.batches.to; q++) {
    p.a.at = a + outer * w[10] + inner * w[11] + s.rows.from * p.a.row;
    p.b.at = b + outer * w[12] + inner * w[13] + (p.panel ? 0 : s.columns.from * p.b.column);
    const long at = outer * w[14] + inner * w[15] + s.rows.from * p.target.row + s.columns.from;
    p.target.added = d + at;
    p.factors = factors ? factors + at : 0;
    p.second = second ? second + at : 0;
    p.target.origin = p.c = c + at;
    run(&p);
    if (++inner == w[9]) inner = 0, outer++;
  }
}

static void netc_gemm(netc_thread *t, const netc_instr *i, unsigned part) { gemm_run(t, i, part, gemm_packed); }

static void netc_gemm_small(netc_thread *t, const netc_instr *i, unsigned part) { gemm_run(t, i, part, gemm_plain); }

static void netc_gemv(netc_thread *t, const netc_instr *i, unsigned part) { gemm_run(t, i, part, gemm_vector); }

// Parts by panels.
static void netc_pack_b(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  const long k = w[0], n = w[1], row = w[2], column = w[3], width = w[4];
  REAL *y = operand(t, i, 0);
  const REAL *x = operand(t, i, 1);
  span s = part_of((n + width - 1) / width, part, i->parts);
  for (long panel = s.from; panel < s.to; panel++) {
    const long left = n - panel * width;
    for (long j = 0; j < width; j += GEMM_NR) {
      const long columns = left - j < 0 ? 0 : left - j < GEMM_NR ? left - j : GEMM_NR;
      pack_column_panel(y + panel * width * k + j, width, x + (panel * width + j) * column, row, column, k, columns);
    }
  }
}
