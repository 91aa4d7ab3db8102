// CONV with at most half a vector of features: lanes are pixels, rows of the tile features. Sums have the order of the
// other tile, so the choice does not show in a bit.
#if NETC_ISA == 2 && NETC_TYPE == 0
#define CONV_HAS_FEW 1
#define CONV_FEW 8

// Input rows around a band, [tap z][row][channel][pixel up to the pitch].
typedef struct conv_planes {
  conv_rows_packed rows;
  long pitch;
} conv_planes;

INLINE long conv_plane_pitch(long pixels) { return (pixels + 2 * LANES - 1) / LANES * LANES; }

// Whether the few features and the rows of a band allow it.
static int conv_is_few(const conv_call *c) {
  if (c->features > CONV_FEW || c->axis[2].advance != 1) return 0;
  long low, rows, pixels;
  conv_extent(&c->axis[1], 0, c->band, &low, &rows);
  conv_extent(&c->axis[2], 0, c->axis[2].positions, &low, &pixels);
  const double bytes = (double)c->axis[0].window * (double)(rows + 1) * (double)c->channels;
  return bytes * (double)conv_plane_pitch(pixels) * sizeof(REAL) < NETC_SCRATCH_BYTES;
}

// One row of pixels of each channel, with zeros around it.
static void conv_plane_row(REAL *to, const REAL *from, const conv_call *c, const conv_rows_packed *p, long pitch) {
  long begin = -p->first_pixel < 0 ? 0 : -p->first_pixel;
  if (begin > p->pixels) begin = p->pixels;
  long end = c->axis[2].size - p->first_pixel < p->pixels ? c->axis[2].size - p->first_pixel : p->pixels;
  if (end < begin) end = begin;
  const long feature = c->channels == 1 ? 0 : c->x.feature, pixel = c->x.axis[2];
  const REAL *x = from + (p->first_pixel + begin) * pixel;
  __builtin_memset(to, 0, (size_t)(c->channels * pitch) * sizeof(REAL));
  for (long k = 0; k < c->channels; k += feature == 1 ? LANES : 1) {
    REAL *row = to + k * pitch + begin;
    if (pixel == 1 && feature != 1) {
      __builtin_memcpy(row, x + k * feature, (size_t)(end - begin) * sizeof(REAL));
    } else if (feature != 1) {
      for (long j = 0; j < end - begin; j++) row[j] = x[j * pixel + k * feature];
    } else {
      const long lanes = c->channels - k < LANES ? c->channels - k : LANES;
      for (long j = 0; j < end - begin; j += LANES) {
        const long n = end - begin - j < LANES ? end - begin - j : LANES;
        V v[LANES];
        for (long q = 0; q < LANES; q++) v[q] = q < n ? load_part(x + (j + q) * pixel + k, lanes) : (V)0;
        transpose(v);
        for (long q = 0; q < lanes; q++) store_part(row + q * pitch + j, v[q], n);
      }
    }
  }
  for (long k = 0; c->prologue && k < c->channels; k++) {
    const V scale = (V)c->scale[k], shift = (V)c->shift[k];
    for (long j = begin; j < end; j += LANES) {
      const long n = end - j < LANES ? end - j : LANES;
      REAL *at = to + k * pitch + j;
      store_part(at, conv_prepare(c, load_part(at, n), scale, shift), n);
    }
  }
}

static conv_planes conv_pack_planes(const conv_call *c, const REAL *x, long q0, long from, long to, REAL *at) {
  conv_planes f = {.rows = {.at = at}};
  conv_rows_packed *p = &f.rows;
  p->z = conv_phase_at(&c->axis[0], q0 % c->axis[0].phases);
  p->z.coordinate += q0 / c->axis[0].phases * c->axis[0].advance;
  conv_extent(&c->axis[1], from, to, &p->first_row, &p->rows);
  conv_extent(&c->axis[2], 0, c->axis[2].positions, &p->first_pixel, &p->pixels);
  f.pitch = conv_plane_pitch(p->pixels);
  for (long t = 0; t < p->z.taps; t++) {
    const long plane = p->z.coordinate + t * c->axis[0].coordinate_step;
    for (long r = 0; r < p->rows; r++) {
      const long y = p->first_row + r;
      REAL *row = at + (t * p->rows + r) * c->channels * f.pitch;
      if (plane < 0 || plane >= c->axis[0].size || y < 0 || y >= c->axis[1].size) {
        __builtin_memset(row, 0, (size_t)(c->channels * f.pitch) * sizeof(REAL));
      } else {
        conv_plane_row(row, x + plane * c->x.axis[0] + y * c->x.axis[1], c, p, f.pitch);
      }
    }
  }
  return f;
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
    for (long o = c->features; o < LANES; o++) tile[o] = (V)0;
    transpose(tile);
    long j = 0;
    for (; position == CONV_FEW && c->features == CONV_FEW && j + 2 <= pixels; j += 2) {
      store(y + j * position, __builtin_shufflevector(tile[j], tile[j + 1], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20,
                                                      21, 22, 23));
    }
    for (; j < pixels; j++) store_part(y + j * position, tile[j], c->features);
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
