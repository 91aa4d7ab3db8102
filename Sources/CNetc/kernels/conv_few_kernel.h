// CONV_KERNEL with at most half a vector of features: lanes are pixels, whose sums are added up at the end.

// Taps side by side whose sums are kept in registers, for four features.
#if NETC_ISA == 2
#define FEW_TAPS 5
#else
#define FEW_TAPS 1
#endif
#define FEW_FEATURES 4

// Where the parts of the work lie in scratch.
typedef struct conv_few_places {
  V *sums;         // [tap][channel][CONV_FEW]
  REAL *adjoints;  // [row][feature][pixel up to the pitch]
  REAL *rows;
  long pitch;  // of the adjoints
} conv_few_places;

INLINE long conv_few_count(const conv_call *c) {
  return c->axis[0].window * c->axis[1].window * c->axis[2].window * c->channels * CONV_FEW;
}

INLINE conv_few_places conv_few_places_at(const conv_call *c, char *scratch) {
  conv_few_places w = {(V *)scratch, (REAL *)((V *)scratch + conv_few_count(c))};
  w.pitch = conv_plane_pitch(c->axis[2].positions);
  w.rows = w.adjoints + c->band * CONV_FEW * w.pitch;
  return w;
}

// Whether more lanes have a pixel than would have a feature, and all fits into scratch.
static int conv_kernel_is_few(const conv_call *c) {
  const long positions = c->axis[2].positions, lanes = (positions + LANES - 1) / LANES * LANES;
  if (c->features > CONV_FEW || c->axis[2].stride != 1 || positions * CONV_BLOCK <= lanes * c->features) return 0;
  long low, rows, pixels;
  conv_extent(&c->axis[1], 0, c->band, &low, &rows);
  conv_extent(&c->axis[2], 0, positions, &low, &pixels);
  const double read = (double)c->axis[0].window * (double)(rows + 1) * (double)c->channels;
  const double made = (double)c->band * CONV_FEW * (double)conv_plane_pitch(positions);
  // Sums that leave the near cache cost more than lanes without a feature.
  return conv_few_count(c) <= 2048 &&
         (read * (double)conv_plane_pitch(pixels) + made + 2048 * LANES) * sizeof(REAL) < NETC_SCRATCH_BYTES;
}

// What a tile sums: products of some taps with FEW_FEATURES features over the pixels of some rows.
typedef struct conv_few_taps {
  const REAL *x, *d;
  long tap, row;  // of x
  long pitch;     // of d
  long rows, vectors;
} conv_few_taps;

INLINE void conv_few_pixels(int taps, const conv_few_taps *s, V *sums, long distance) {
  V acc[FEW_TAPS][FEW_FEATURES];
  _Pragma("clang loop unroll(full)") for (int t = 0; t < taps; t++) {
    _Pragma("clang loop unroll(full)") for (int f = 0; f < FEW_FEATURES; f++) acc[t][f] = (V)0;
  }
  const REAL *x = s->x, *d = s->d;
  for (long q = 0; q < s->rows; q++, x += s->row, d += CONV_FEW * s->pitch) {
    for (long v = 0; v < s->vectors; v++) {
      V y[FEW_FEATURES];
      _Pragma("clang loop unroll(full)") for (int f = 0; f < FEW_FEATURES; f++) {
        y[f] = load(d + f * s->pitch + v * LANES);
      }
      _Pragma("clang loop unroll(full)") for (int t = 0; t < taps; t++) {
        const V from = load(x + t * s->tap + v * LANES);
        _Pragma("clang loop unroll(full)") for (int f = 0; f < FEW_FEATURES; f++) {
          acc[t][f] = FMA(from, y[f], acc[t][f]);
        }
      }
    }
  }
  _Pragma("clang loop unroll(full)") for (int t = 0; t < taps; t++, sums += distance) {
    _Pragma("clang loop unroll(full)") for (int f = 0; f < FEW_FEATURES; f++) sums[f] += acc[t][f];
  }
}

typedef void (*conv_few_fn)(const conv_few_taps *, V *, long);

#define FEW_TILE(taps) \
  static void conv_few_##taps(const conv_few_taps *s, V *sums, long n) { conv_few_pixels(taps, s, sums, n); }

FEW_TILE(1)
#if FEW_TAPS == 5
FEW_TILE(2)
FEW_TILE(3)
FEW_TILE(4)
FEW_TILE(5)
static const conv_few_fn conv_few_tiles[FEW_TAPS] = {conv_few_1, conv_few_2, conv_few_3, conv_few_4, conv_few_5};
#else
static const conv_few_fn conv_few_tiles[FEW_TAPS] = {conv_few_1};
#endif

// The adjoint of a band's results, absent features as 0.
static void conv_few_adjoint(const conv_call *c, const REAL *y, long from, long to, const conv_few_places *w) {
  conv_call own = *c;
  own.channels = c->features, own.x = c->y, own.axis[2].size = c->axis[2].positions, own.prologue = 0;
  const conv_rows_packed p = {.first_pixel = 0, .pixels = c->axis[2].positions};
  for (long q = from; q < to; q++) {
    REAL *row = w->adjoints + (q - from) * CONV_FEW * w->pitch;
    conv_plane_row(row, y + q * c->y.axis[1], &own, &p, w->pitch);
    __builtin_memset(row + c->features * w->pitch, 0, (size_t)((CONV_FEW - c->features) * w->pitch) * sizeof(REAL));
  }
}

// Adds the products of a band of one plane.
static void conv_few_add(const conv_call *c, const conv_planes *f, const conv_few_places *w, long from, long to) {
  const conv_rows_packed *p = &f->rows;
  const conv_phase fy = conv_phase_at(&c->axis[1], 0), fx = conv_phase_at(&c->axis[2], 0);
  const long row = c->channels * f->pitch, first = fy.coordinate + from * c->axis[1].advance - p->first_row;
  const long tiles = (fx.taps + FEW_TAPS - 1) / FEW_TAPS, height = (fx.taps + tiles - 1) / tiles;
  const long step = c->axis[2].coordinate_step, features = c->features > FEW_FEATURES ? CONV_FEW : FEW_FEATURES;
  for (long k = 0; k < p->z.taps * fy.taps; k++) {
    const long line = k / fy.taps * p->rows + k % fy.taps * c->axis[1].coordinate_step + first;
    for (long channel = 0; channel < c->channels; channel++) {
      const REAL *x = p->at + line * row + channel * f->pitch + fx.coordinate - p->first_pixel;
      for (long t = 0; t < fx.taps; t += height) {
        const long taps = fx.taps - t < height ? fx.taps - t : height;
        for (long o = 0; o < features; o += FEW_FEATURES) {
          const conv_few_taps s = {x + t * step, w->adjoints + o * w->pitch, step, c->axis[1].advance * row,
                                       w->pitch, to - from, (c->axis[2].positions + LANES - 1) / LANES};
          conv_few_tiles[taps - 1](&s, w->sums + ((k * fx.taps + t) * c->channels + channel) * CONV_FEW + o,
                                   c->channels * CONV_FEW);
        }
      }
    }
  }
}

// The sums of one group over some images, in the order of a packed kernel.
static void conv_few_kernel(const conv_call *c, const REAL *x, const REAL *y, span images, char *scratch, REAL *to) {
  const conv_few_places w = conv_few_places_at(c, scratch);
  const long count = conv_few_count(c), rows = c->axis[1].positions;
  __builtin_memset(w.sums, 0, (size_t)count * sizeof(V));
  for (long image = images.from; image < images.to; image++) {
    for (long plane = 0; plane < c->axis[0].positions; plane++) {
      for (long from = 0; from < rows; from += c->band) {
        const long until = from + c->band < rows ? from + c->band : rows;
        const conv_planes f = conv_pack_planes(c, x + image * c->x.outer, plane, from, until, 0, w.rows);
        conv_few_adjoint(c, y + image * c->y.outer + plane * c->y.axis[0], from, until, &w);
        conv_few_add(c, &f, &w, from, until);
      }
    }
  }
  for (long k = 0; k < count; k += CONV_FEW, to += CONV_BLOCK) {
    for (long f = 0; f < CONV_FEW; f++) to[f] = fold_sum(w.sums[k + f]);
    for (long f = CONV_FEW; f < CONV_BLOCK; f++) to[f] = 0;
  }
}
