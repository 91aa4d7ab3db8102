// CONV where few results have an element of the input under them, and one each: the adjoint in the input of windows of
// one element with strides. The others become 0 while those are summed: many stores in a row would wait for the cache
// alone, among multiplications they cost little. Where there are few multiplications those of other rows do, and those
// between the results of a row when these are stored. Sets of few registers have none to spare for it.

#if CONV_MR >= 8 && CONV_NV == 2
#define CONV_HAS_APART

// Elements whose results are summed at a time.
#define APART_MR 8

// Whether rows from ..< to consist of such steps of rows and pixels, the first of each with an element under it, all
// results side by side.
INLINE int conv_is_apart(const conv_call *c, const conv_rows_packed *p, long from, long to) {
  for (int d = 1; d < 3; d++) {
    const conv_axis *a = &c->axis[d];
    if (a->window > 1 || a->stride > 1 || a->low || a->positions % a->spread) return 0;
  }
  const long step = c->axis[1].spread;
  return c->axis[2].spread > 1 && from % step == 0 && to % step == 0 && c->all_taps[0] == 1 && p->z.taps == 1 &&
         c->y.feature == 1 && c->features % LANES == 0 && c->y.axis[1] == c->axis[2].positions * c->y.axis[2];
}

// Results that become 0: `count` from `at` on, and `gap` after each that is summed.
typedef struct conv_clear {
  REAL *at;
  long pixel, count, gap;
} conv_clear;

INLINE REAL *conv_clear_pixels(REAL *at, long pixel, long count, int nv) {
  for (long q = 0; q < count; q++, at += pixel) {
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) store(at + v * LANES, (V)0);
  }
  return at;
}

// Where a tile has come to.
typedef struct conv_apart_place {
  const REAL *a, *b;
  REAL *clear;
} conv_apart_place;

// Adds some channels; beside each, `each` results become 0.
INLINE void conv_apart_sum(int nv, int each, const conv_sum *s, long pixel, long steps, conv_apart_place *at,
                           V acc[CONV_MR][CONV_NV]) {
  const long ai = s->ai, vector = s->vector;
  conv_apart_place p = *at;
  for (long k = 0; k < steps; k++, p.a++, p.b += CONV_BLOCK) {
    V row[CONV_NV];
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) row[v] = load(p.b + v * vector);
    _Pragma("clang loop unroll(full)") for (int i = 0; i < APART_MR; i++) {
      V x = (V)p.a[i * ai];
      _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) acc[i][v] = FMA(x, row[v], acc[i][v]);
    }
    _Pragma("clang loop unroll(full)") for (int q = 0; q < each; q++, p.clear += pixel) {
      _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) store(p.clear + v * LANES, (V)0);
    }
  }
  *at = p;
}

// What lies between the results of `mr` elements becomes 0.
INLINE void conv_clear_gaps(const conv_clear *clear, const conv_out *g, long mr, int nv) {
  for (long i = 0; i < mr; i++) conv_clear_pixels(g->y + i * g->row + clear->pixel, clear->pixel, clear->gap, nv);
}

// The results of APART_MR elements, after others have become 0 meanwhile.
INLINE void conv_apart_tile(int nv, const conv_sum *s, const conv_clear *clear, const conv_out *g) {
  V acc[CONV_MR][CONV_NV];
  _Pragma("clang loop unroll(full)") for (int i = 0; i < APART_MR; i++) {
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) acc[i][v] = (V)0;
  }
  const long count = clear->count, length = s->length;
  conv_apart_place p = {s->a, s->b, clear->at};
  if (count <= length) {
    conv_apart_sum(nv, 1, s, clear->pixel, count, &p, acc);
    conv_apart_sum(nv, 0, s, clear->pixel, length - count, &p, acc);
  } else {
    const long pairs = count < 2 * length ? count / 2 : length;
    p.clear = conv_clear_pixels(p.clear, clear->pixel, count - 2 * pairs, nv);
    conv_apart_sum(nv, 2, s, clear->pixel, pairs, &p, acc);
    conv_apart_sum(nv, 0, s, clear->pixel, length - pairs, &p, acc);
  }
  conv_tile_store(APART_MR, nv, (const V(*)[CONV_NV])acc, g);
  conv_clear_gaps(clear, g, APART_MR, nv);
}

typedef void (*conv_apart_fn)(const conv_sum *, const conv_clear *, const conv_out *);

#define CONV_APART(nv)                                                                         \
  static void conv_apart_##nv(const conv_sum *s, const conv_clear *clear, const conv_out *g) { \
    conv_apart_tile(nv, s, clear, g);                                                          \
  }

CONV_APART(1)
CONV_APART(2)
static const conv_apart_fn conv_aparts[2] = {conv_apart_1, conv_apart_2};

// The results of `count` elements of a row; `around` become 0 beside each.
INLINE void conv_apart_row(conv_sum s, conv_clear *clear, conv_out out, long count, long around, long nv) {
  for (long j = 0, mr; j < count; j += mr) {
    mr = count - j < APART_MR ? count - j : APART_MR;
    clear->count = mr * around;
    if (mr < APART_MR) {
      conv_clear_pixels(clear->at, clear->pixel, clear->count, (int)nv);
      conv_rows[mr - 1][nv - 1](&s, &out);
      conv_clear_gaps(clear, &out, mr, (int)nv);
    } else {
      conv_aparts[nv - 1](&s, clear, &out);
    }
    clear->at += clear->count * clear->pixel;
    s.a += mr * s.ai;
    out.y += mr * out.row;
  }
}

// The results of a band of rows without a bias.
static void conv_apart_band(const conv_call *c, const conv_rows_packed *p, const REAL *kernel, REAL *y, long from,
                            long to) {
  static const int32_t none[1] = {0};
  const conv_axis *rows = &c->axis[1], *pixels = &c->axis[2];
  const REAL *a = p->at + (from / rows->spread - p->first_row) * p->row - p->first_pixel * p->pixel;
  const long lines = (to - from) / rows->spread, count = pixels->positions / pixels->spread;
  const long block = c->channels * CONV_BLOCK;
  const long all = rows->spread * pixels->spread, gap = APART_MR * all > c->channels ? pixels->spread - 1 : 0;
  for (long feature = 0, nv; feature < c->features; feature += nv * LANES) {
    const long in_block = feature % CONV_BLOCK;
    nv = c->features - feature > LANES ? CONV_NV : 1;
    conv_sum s = {a, p->pixel, 1, none, 1, c->channels, kernel + feature / CONV_BLOCK * block + in_block, CONV_BLOCK,
                  in_block + LANES < CONV_BLOCK ? LANES : block - in_block};
    REAL *at = y + from * c->y.axis[1] + feature;
    for (long line = 0; line < lines; line++, s.a += p->row, at += rows->spread * c->y.axis[1]) {
      conv_clear clear = {gap ? at + c->y.axis[1] : at, c->y.axis[2], 0, gap};
      const conv_out out = {at, pixels->spread * c->y.axis[2], LANES, 0, c->activation};
      conv_apart_row(s, &clear, out, count, gap ? all - pixels->spread : all, nv);
    }
  }
}
#endif
