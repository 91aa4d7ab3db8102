// The kernel's adjoint of convolutions in tiles: with d the 4 by 4 elements under a tile and e the 2 by 2 adjoints of
// its results, the sum over tiles of Gt ((Bt d B) * (A e At)) G.

// Tiles whose products are summed at a time.
#define WINOGRAD_SUMMED (2 * NETC_CONV_TILES)
// How many tiles before they are transformed adjoints are asked for.
#define WINOGRAD_AHEAD 4

// Where the parts of the work lie in scratch; planes are padded, at a power of two apart they would share a few sets of
// the cache.
typedef struct conv_winograd_sums {
  REAL *sums;      // [16][block of features][channel][16]
  REAL *elements;  // [16][tile][channel]
  REAL *adjoints;  // [16][tile][feature]
  REAL *rows;
  long features, element_plane, adjoint_plane;
} conv_winograd_sums;

INLINE conv_winograd_sums conv_winograd_sums_at(const conv_call *c, long features, char *scratch) {
  REAL *at = (REAL *)scratch;
  conv_winograd_sums w = {.sums = at, .features = features};
  w.element_plane = WINOGRAD_SUMMED * c->channels + CONV_BLOCK;
  w.adjoint_plane = WINOGRAD_SUMMED * features + CONV_BLOCK;
  w.elements = at + 16 * c->channels * features;
  w.adjoints = w.elements + 16 * w.element_plane;
  w.rows = w.adjoints + 16 * w.adjoint_plane;
  return w;
}

// A e of two numbers.
INLINE void winograd_open(V first, V second, V y[4]) {
  y[0] = first, y[1] = first + second, y[2] = first - second, y[3] = -second;
}

// Asks for the adjoints of a tile.
INLINE void conv_winograd_ask(const REAL *e, long row, long pixel, long features) {
  for (long at = 0; at < features; at += 64 / (long)sizeof(REAL)) {
    __builtin_prefetch(e + at);
    __builtin_prefetch(e + pixel + at);
    __builtin_prefetch(e + row + at);
    __builtin_prefetch(e + row + pixel + at);
  }
}

// A e At of one tile of adjoints into its place.
INLINE void conv_winograd_adjoints(const REAL *e, long row, long pixel, const conv_winograd_sums *w, REAL *to) {
  for (long at = 0; at < w->features; at += LANES) {
    V left[4], right[4];
    winograd_open(load(e + at), load(e + row + at), left);
    winograd_open(load(e + pixel + at), load(e + row + pixel + at), right);
    for (long y = 0; y < 4; y++) {
      V line[4];
      winograd_open(left[y], right[y], line);
      for (long x = 0; x < 4; x++) store(to + (4 * y + x) * w->adjoint_plane + at, line[x]);
    }
  }
}

// Writes the products of some tiles, or adds them unless `fresh`.
static void conv_winograd_add(const conv_call *c, const conv_winograd_sums *w, long count, int fresh) {
  static const int32_t none[1] = {0};
  const long C = c->channels, height = conv_height(C), size = C * w->features;
  for (long k = 0; k < 16; k++) {
    for (long o = 0; o < w->features; o += CONV_NV * LANES) {
      const long nv = w->features - o > LANES ? CONV_NV : 1;
      for (long channel = 0; channel < C; channel += height) {
        const long mr = C - channel < height ? C - channel : height;
        const conv_sum s = {w->elements + k * w->element_plane + channel, 1, C, none, 1, count,
                            w->adjoints + k * w->adjoint_plane + o, w->features, LANES};
        const conv_out out = {w->sums + k * size + (o / CONV_BLOCK * C + channel) * CONV_BLOCK + o % CONV_BLOCK,
                              CONV_BLOCK, LANES < CONV_BLOCK ? LANES : C * CONV_BLOCK, 0, 0, fresh};
        conv_channels[mr - 1][nv - 1](&s, &out);
      }
    }
  }
}

// Gt x for four numbers at a distance.
INLINE void winograd_gather(const V *x, long distance, V y[3]) {
  const V half = (V)(REAL)0.5, ends = half * (x[distance] + x[2 * distance]);
  y[0] = x[0] + ends, y[1] = half * (x[distance] - x[2 * distance]), y[2] = ends + x[3 * distance];
}

// The sums of some features as those of a packed kernel.
static void conv_winograd_finish(const conv_call *c, const conv_winograd_sums *w, REAL *to) {
  const long row = c->channels * CONV_BLOCK, size = c->channels * w->features;
  for (long block = 0; block < w->features / CONV_BLOCK; block++, to += 9 * row) {
    for (long at = 0; at < row; at += LANES) {
      V m[16], half[12];
      for (long k = 0; k < 16; k++) m[k] = load(w->sums + k * size + block * row + at);
      for (long x = 0; x < 4; x++) {
        V column[3];
        winograd_gather(m + x, 4, column);
        for (long y = 0; y < 3; y++) half[4 * y + x] = column[y];
      }
      for (long y = 0; y < 3; y++) {
        V line[3];
        winograd_gather(half + 4 * y, 1, line);
        for (long x = 0; x < 3; x++) store(to + (3 * y + x) * row + at, line[x]);
      }
    }
  }
}

// The sums of features feature ..< end of one group over some images.
static void conv_winograd_sum(const conv_call *c, const REAL *x, const REAL *y, span images, long feature, long end,
                              char *scratch, REAL *to) {
  const conv_winograd_sums w = conv_winograd_sums_at(c, end - feature, scratch);
  const long C = c->channels, rows = c->axis[1].positions, across = c->axis[2].positions / 2;
  long filled = 0;
  int fresh = 1;
  for (long image = images.from; image < images.to; image++) {
    for (long from = 0; from < rows; from += c->band) {
      const long until = from + c->band < rows ? from + c->band : rows;
      const conv_rows_packed p = conv_pack_rows(c, x + image * c->x.outer, 0, from, until, w.rows);
      const REAL *d = y + image * c->y.outer + from * c->y.axis[1] + feature;
      const long tiles = (until - from) / 2 * across;
      for (long t = 0; t < tiles; t++) {
        const long down = t / across * 2, right = t % across * 2;
        const long later = t + WINOGRAD_AHEAD < tiles ? t + WINOGRAD_AHEAD : tiles - 1;
        conv_winograd_ask(d + later / across * 2 * c->y.axis[1] + later % across * 2 * c->y.axis[2], c->y.axis[1],
                          c->y.axis[2], w.features);
        conv_winograd_elements(p.at + (down * p.pixels + right) * C, p.pixels * C, C, w.element_plane,
                               w.elements + filled * C);
        conv_winograd_adjoints(d + down * c->y.axis[1] + right * c->y.axis[2], c->y.axis[1], c->y.axis[2], &w,
                               w.adjoints + filled * w.features);
        if (++filled < WINOGRAD_SUMMED) continue;
        conv_winograd_add(c, &w, filled, fresh);
        filled = fresh = 0;
      }
    }
  }
  if (filled > 0 || fresh) conv_winograd_add(c, &w, filled, fresh);
  conv_winograd_finish(c, &w, to);
}
