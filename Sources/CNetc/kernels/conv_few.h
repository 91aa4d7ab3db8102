// CONV with at most half a vector of features: lanes are pixels, rows of the tile features. Sums have the order of the
// other tile, so the choice does not show in a bit.
#if NETC_ISA == 2 && NETC_TYPE == 0
#define CONV_HAS_FEW 1

// Whether the few features and the rows of a band allow it.
static int conv_is_few(const conv_call *c) {
  if (c->features > CONV_FEW || c->axis[2].advance != 1) return 0;
  long low, rows, pixels;
  conv_extent(&c->axis[1], 0, c->band, &low, &rows);
  conv_extent(&c->axis[2], 0, c->axis[2].positions, &low, &pixels);
  const double bytes = (double)c->axis[0].window * (double)(rows + 1) * (double)c->channels;
  return bytes * (double)conv_plane_pitch(pixels) * sizeof(REAL) < NETC_SCRATCH_BYTES;
}

// What a tile of two vectors of pixels sums.
typedef struct conv_few_sum {
  const REAL *a[2];
  const REAL *b;
  const int32_t *rows;  // from the first row to those of the taps z and y
  long row_count, taps, step, channels, pitch;
} conv_few_sum;

static void conv_few_tile(const conv_few_sum *s, V out[2][LANES]) {
  V acc[2][CONV_FEW];
  for (int o = 0; o < CONV_FEW; o++) acc[0][o] = acc[1][o] = (V)0;
  const REAL *b = s->b;
  for (long r = 0; r < s->row_count; r++) {
    for (long t = 0; t < s->taps; t++) {
      const REAL *a0 = s->a[0] + s->rows[r] + t * s->step, *a1 = s->a[1] + s->rows[r] + t * s->step;
      for (long k = 0; k < s->channels; k++) {
        const V x0 = load(a0), x1 = load(a1);
        _Pragma("clang loop unroll(full)") for (int o = 0; o < CONV_FEW; o++) {
          const V w = (V)b[o];
          acc[0][o] = FMA(x0, w, acc[0][o]);
          acc[1][o] = FMA(x1, w, acc[1][o]);
        }
        a0 += s->pitch, a1 += s->pitch;
        b += CONV_BLOCK;
      }
    }
  }
  for (int o = 0; o < CONV_FEW; o++) out[0][o] = acc[0][o], out[1][o] = acc[1][o];
}

// One vector of pixels to where its results go.
static void conv_few_store(const conv_call *c, V *tile, const REAL *bias, REAL *y, long position, long pixels) {
  for (long o = 0; o < c->features; o++) tile[o] = conv_finish(tile[o], (V)(bias ? bias[o] : 0), c->activation);
  if (position == 1) {
    for (long o = 0; o < c->features; o++) store_part(y + o * c->y.feature, tile[o], pixels);
    return;
  }
  if (c->y.feature == 1) {
    for (long o = c->features; o < CONV_FEW; o++) tile[o] = (V)0;
    transpose_eights(tile);
    for (long j = 0; j < CONV_FEW && j < pixels; j++) {
      REAL *first = y + j * position, *second = first + CONV_FEW * position;
      const f32x8 low = tile[j].lo, high = tile[j].hi;
      if (c->features < CONV_FEW) {
        store_part(first, tile[j], c->features);
        if (j + CONV_FEW < pixels) {
          const V turned = __builtin_shufflevector(high, low, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
          store_part(second, turned, c->features);
        }
        continue;
      }
      __builtin_memcpy(first, &low, sizeof low);
      if (j + CONV_FEW < pixels) __builtin_memcpy(second, &high, sizeof high);
    }
    return;
  }
  for (long o = 0; o < c->features; o++) {
    for (long j = 0; j < pixels; j++) y[o * c->y.feature + j * position] = tile[o][j];
  }
}

// The results of a band: two vectors of pixels at a time, of one row or of two.
static void conv_few_band(const conv_call *c, const conv_planes *f, const REAL *kernel, const REAL *bias, REAL *y,
                          long from, long to) {
  const conv_rows_packed *p = &f->rows;
  const conv_axis *rows = &c->axis[1], *pixels = &c->axis[2];
  const long row = c->channels * f->pitch;
  int32_t offsets[CONV_TAPS];
  for (long p1 = 0; p1 < rows->phases; p1++) {
    const conv_phase fy = conv_phase_at(rows, p1);
    long count = 0;
    for (long a = 0; a < p->z.taps; a++) {
      for (long b = 0; b < fy.taps; b++) offsets[count++] = (int32_t)((a * p->rows + b * rows->coordinate_step) * row);
    }
    for (long p2 = 0; p2 < pixels->phases; p2++) {
      const conv_phase fx = conv_phase_at(pixels, p2);
      const long vectors = (fx.positions + LANES - 1) / LANES, position = c->y.axis[2] * pixels->phases;
      const long first = from + (p1 - from % rows->phases + rows->phases) % rows->phases;
      const long lines = first < to ? (to - 1 - first) / rows->phases + 1 : 0;
      conv_few_sum s = {{0, 0}, kernel + conv_packed_start(c, &p->z, &fy, &fx), offsets, fx.taps ? count : 0, fx.taps,
                        pixels->coordinate_step, c->channels, f->pitch};
      for (long unit = 0; unit < lines * vectors; unit += 2) {
        REAL *to_y[2];
        long lanes[2];
        for (long v = 0; v < 2; v++) {
          const long own = unit + v < lines * vectors ? unit + v : unit;
          const long q = first + own / vectors * rows->phases, x = own % vectors * LANES;
          s.a[v] = p->at + (fy.coordinate + q / rows->phases * rows->advance - p->first_row) * row + fx.coordinate -
                   p->first_pixel + x;
          to_y[v] = y + q * c->y.axis[1] + p2 * c->y.axis[2] + x * position;
          lanes[v] = fx.positions - x < LANES ? fx.positions - x : LANES;
        }
        V tile[2][LANES];
        conv_few_tile(&s, tile);
        conv_few_store(c, tile[0], bias, to_y[0], position, lanes[0]);
        if (unit + 1 < lines * vectors) conv_few_store(c, tile[1], bias, to_y[1], position, lanes[1]);
      }
    }
  }
}
#endif
