// Packing of rows for convolutions whose lanes are pixels.

#if NETC_ISA == 2 && NETC_TYPE == 0
#define CONV_HAS_FEW 1
#endif

// The most features that are summed with pixels as lanes.
#define CONV_FEW 8

// Input rows around a band, [tap z][row][channel][pixel up to the pitch]; in pairs, [tap z][row][pixel][channel][2].
typedef struct conv_planes {
  conv_rows_packed rows;
  long pitch;
  long row, pixel, channel;  // from one row, pixel and channel to the next
} conv_planes;

INLINE long conv_plane_pitch(long pixels) { return (pixels + 2 * LANES - 1) / LANES * LANES; }

INLINE long conv_pair_pitch(long elements) { return 2 * ((elements + LANES - 1) / LANES * LANES); }

#if NETC_TYPE == 0
// Eight rows of eight in the lower half of vectors, eight more in the upper one, each turned by itself.
INLINE void transpose_eights(V x[8]) {
  V y[8];
  _Pragma("clang loop unroll(full)") for (int j = 0; j < 8; j += 4) {
    const V a = INTERLEAVE_LOW(x[j], x[j + 1]), b = INTERLEAVE_LOW(x[j + 2], x[j + 3]);
    const V c = INTERLEAVE_HIGH(x[j], x[j + 1]), d = INTERLEAVE_HIGH(x[j + 2], x[j + 3]);
    y[j] = PAIRS_LOW(a, b), y[j + 1] = PAIRS_HIGH(a, b), y[j + 2] = PAIRS_LOW(c, d), y[j + 3] = PAIRS_HIGH(c, d);
  }
  _Pragma("clang loop unroll(full)") for (int j = 0; j < 4; j++) {
    x[j] = __builtin_shufflevector(y[j], y[j + 4], 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
    x[j + 4] = __builtin_shufflevector(y[j], y[j + 4], 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
  }
}

INLINE f32x8 load_eight(const REAL *p, long lanes) {
  f32x8 v;
  if (lanes < 8) return load_part(p, lanes).lo;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

// Up to eight channels of n pixels, n at most LANES, as rows of pixels.
INLINE void conv_turn_eight(REAL *to, long pitch, const REAL *x, long pixel, long lanes, long n) {
  V v[8];
  for (long q = 0; q < 8; q++) {
    const f32x8 low = q < n ? load_eight(x + q * pixel, lanes) : (f32x8)0;
    const f32x8 high = q + 8 < n ? load_eight(x + (q + 8) * pixel, lanes) : (f32x8)0;
    v[q] = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  }
  transpose_eights(v);
  for (long q = 0; q < lanes; q++) store_part(to + q * pitch, v[q], n);
}
#endif

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
#if NETC_TYPE == 0
        if (lanes <= 8) {
          conv_turn_eight(row + j, pitch, x + j * pixel + k, pixel, lanes, n);
          continue;
        }
#endif
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

#ifdef CONV_HAS_FEW
// Elements of a row in pairs of neighbours; one more pixel follows the row at `from`.
static void conv_pair_up(REAL *to, const REAL *from, long count, long channels) {
  for (long i = 0; i < count; i += LANES) {
    const V x = load(from + i), y = load(from + channels + i);
    store(to + 2 * i, __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    store(to + 2 * i + LANES,
          __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
  }
}
#endif

static conv_planes conv_pack_planes(const conv_call *c, const REAL *x, long q0, long from, long to, int pairs,
                                    REAL *at) {
  conv_planes f = {.rows = {.at = at}};
  conv_rows_packed *p = &f.rows;
  p->z = conv_phase_at(&c->axis[0], q0 % c->axis[0].phases);
  p->z.coordinate += q0 / c->axis[0].phases * c->axis[0].advance;
  conv_extent(&c->axis[1], from, to, &p->first_row, &p->rows);
  conv_extent(&c->axis[2], 0, c->axis[2].positions, &p->first_pixel, &p->pixels);
  const long C = c->channels, count = p->pixels * C;
  f.pitch = conv_plane_pitch(p->pixels);
  f.row = pairs ? conv_pair_pitch(count) : C * f.pitch;
  f.pixel = pairs ? 2 * C : 1, f.channel = pairs ? 2 : f.pitch;
  REAL *whole = at + p->z.taps * p->rows * f.row;  // of pairs, a row before
  if (pairs) __builtin_memset(whole + count, 0, (size_t)C * sizeof(REAL));
  for (long t = 0; t < p->z.taps; t++) {
    const long plane = p->z.coordinate + t * c->axis[0].coordinate_step;
    for (long r = 0; r < p->rows; r++, at += f.row) {
      const long y = p->first_row + r;
      const REAL *own = x + plane * c->x.axis[0] + y * c->x.axis[1];
      if (plane < 0 || plane >= c->axis[0].size || y < 0 || y >= c->axis[1].size) {
        __builtin_memset(at, 0, (size_t)f.row * sizeof(REAL));
#ifdef CONV_HAS_FEW
      } else if (pairs) {
        conv_pack_row(whole, own, c, p);
        conv_pair_up(at, whole, count, C);
#endif
      } else {
        conv_plane_row(at, own, c, p, f.pitch);
      }
    }
  }
  return f;
}
