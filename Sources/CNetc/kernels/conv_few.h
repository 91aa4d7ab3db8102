// CONV with at most half a vector of features: lanes are pixels, rows of the tile features. Sums have the order of the
// other tile, so the choice does not show in a bit.
#ifdef CONV_HAS_FEW

// Whether the few features and the rows of a band allow it.
static int conv_is_few(const conv_call *c) {
  if (c->features > CONV_FEW || c->axis[2].advance != 1) return 0;
  long low, rows, pixels;
  conv_extent(&c->axis[1], 0, c->band, &low, &rows);
  conv_extent(&c->axis[2], 0, c->axis[2].positions, &low, &pixels);
  const double bytes = (double)c->axis[0].window * (double)(rows + 1) * (double)c->channels;
  return bytes * (double)conv_plane_pitch(pixels) * sizeof(REAL) < NETC_SCRATCH_BYTES;
}

// Whether rows are packed in pairs: channels that lie side by side need no turn then.
static int conv_is_paired(const conv_call *c) {
  if (c->x.feature != 1 || c->y.feature != 1 || c->channels == 1) return 0;
  long low, rows, pixels;
  conv_extent(&c->axis[1], 0, c->band, &low, &rows);
  conv_extent(&c->axis[2], 0, c->axis[2].positions, &low, &pixels);
  const double packed = (double)c->axis[0].window * (double)(rows + 1) * (double)conv_pair_pitch(pixels * c->channels);
  const double whole = (double)(pixels + 1) * (double)c->channels + 2 * LANES;
  return (packed + whole) * sizeof(REAL) < NETC_SCRATCH_BYTES;
}

// What a tile sums: two vectors of pixels, or pairs of pixels of two rows.
typedef struct conv_few_sum {
  const REAL *a[2];
  const REAL *b;
  const int32_t *rows;  // from the first row to those of the taps z and y
  long row_count, taps, step, channels;
  long pixel, channel;  // from one to the next
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
        a0 += s->channel, a1 += s->channel;
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

#include "conv_pairs.h"

// Where the results of a phase of a band are and what they are sums of.
typedef struct conv_few_phase {
  conv_few_sum sum;
  const REAL *a;  // of the first row
  REAL *y;
  const REAL *bias;
  long lines, pixels;         // of the phase
  long down, next, position;  // from one row to the next, in the input and the result; from one pixel to the next
} conv_few_phase;

// Two vectors of pixels at a time, of one row or of two.
static void conv_few_vectors(const conv_call *c, const conv_few_phase *w) {
  const long vectors = (w->pixels + LANES - 1) / LANES, units = w->lines * vectors;
  conv_few_sum s = w->sum;
  for (long unit = 0; unit < units; unit += 2) {
    REAL *y[2];
    long lanes[2];
    for (long v = 0; v < 2; v++) {
      const long own = unit + v < units ? unit + v : unit;
      const long line = own / vectors, x = own % vectors * LANES;
      s.a[v] = w->a + line * w->down + x;
      y[v] = w->y + line * w->next + x * w->position;
      lanes[v] = w->pixels - x < LANES ? w->pixels - x : LANES;
    }
    V tile[2][LANES];
    conv_few_tile(&s, tile);
    conv_few_store(c, tile[0], w->bias, y[0], w->position, lanes[0]);
    if (unit + 1 < units) conv_few_store(c, tile[1], w->bias, y[1], w->position, lanes[1]);
  }
}

// Pairs of pixels of two rows at a time, asking for some of what is read later beside each.
static void conv_few_pairs(const conv_call *c, const conv_few_phase *w, conv_ahead *ahead) {
  conv_few_sum s = w->sum;
  const long lines = (2 * conv_ahead_lines(ahead) + w->lines) / (w->lines + 1);
  for (long line = 0; line < w->lines; line += 2) {
    const int both = line + 1 < w->lines;
    conv_ask(ahead, lines);
    s.a[0] = w->a + line * w->down, s.a[1] = s.a[0] + (both ? w->down : 0);
    REAL *y = w->y + line * w->next;
    const conv_pair_out out = {{y, both ? y + w->next : 0}, w->position, 0, w->bias};
    conv_pair_rows(c, s, out, w->pixels);
  }
}

// Whether pairs of planes' pixels take fewer sums than vectors, loads included.
INLINE int conv_pairs_are_fewer(const conv_call *c, long pixels) {
  return c->y.feature == 1 && (pixels + 1) / 2 * 15 < (pixels + LANES - 1) / LANES * 8 * 14;
}

// The results of a band.
static void conv_few_band(const conv_call *c, const conv_planes *f, const REAL *kernel, const REAL *bias, REAL *y,
                          long from, long to, conv_ahead *ahead) {
  const conv_rows_packed *p = &f->rows;
  const conv_axis *rows = &c->axis[1], *pixels = &c->axis[2];
  int32_t offsets[CONV_TAPS];
  for (long p1 = 0; p1 < rows->phases; p1++) {
    const conv_phase fy = conv_phase_at(rows, p1);
    long count = 0;
    for (long a = 0; a < p->z.taps; a++) {
      for (long b = 0; b < fy.taps; b++) {
        offsets[count++] = (int32_t)((a * p->rows + b * rows->coordinate_step) * f->row);
      }
    }
    for (long p2 = 0; p2 < pixels->phases && p2 < pixels->positions; p2++) {
      const conv_phase fx = conv_phase_at(pixels, p2);
      const long first = from + (p1 - from % rows->phases + rows->phases) % rows->phases;
      const conv_few_phase w = {
          .sum = {{0, 0}, kernel + conv_packed_start(c, &p->z, &fy, &fx), offsets, fx.taps ? count : 0, fx.taps,
                  pixels->coordinate_step * f->pixel, c->channels, f->pixel, f->channel},
          .a = p->at + (fy.coordinate + first / rows->phases * rows->advance - p->first_row) * f->row +
               (fx.coordinate - p->first_pixel) * f->pixel,
          .y = y + first * c->y.axis[1] + p2 * c->y.axis[2],
          .bias = bias,
          .lines = first < to ? (to - 1 - first) / rows->phases + 1 : 0,
          .pixels = fx.positions,
          .down = rows->advance * f->row,
          .next = rows->phases * c->y.axis[1],
          .position = c->y.axis[2] * pixels->phases,
      };
      if (f->pixel > 1 || conv_pairs_are_fewer(c, fx.positions)) {
        conv_few_pairs(c, &w, ahead);
      } else {
        conv_few_vectors(c, &w);
      }
    }
  }
}
#endif
