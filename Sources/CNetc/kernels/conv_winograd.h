// CONV of windows of 3 by 3 without strides over many channels by F(2x2, 3x3): tiles of 2 by 2 results need 16 products
// a channel instead of 36. Source: Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016.
//
// With d the 4 by 4 elements under a tile and g the kernel, the tile is At ((G g Gt) * (Bt d B)) A.

// Where the parts of the work lie in scratch.
typedef struct conv_winograd {
  REAL *kernel;    // [16][block of features][channel][16]
  REAL *elements;  // [16][tile][channel]
  V *products;     // [16][run of vectors of features][tile][vector]
  REAL *rows;
} conv_winograd;

// The elements of one of 16 planes of tiles; at a power of two apart all planes would share a few sets of the cache.
INLINE long conv_winograd_plane(long channels) { return NETC_CONV_TILES * channels + CONV_BLOCK; }

INLINE conv_winograd conv_winograd_at(const conv_call *c, char *scratch) {
  REAL *at = (REAL *)scratch;
  conv_winograd w = {at, at + 16 * c->channels * c->features};
  w.products = (V *)(w.elements + 16 * conv_winograd_plane(c->channels));
  w.rows = (REAL *)w.products + 16 * conv_winograd_plane(c->features);
  return w;
}

// G x for three numbers at a distance.
INLINE void winograd_spread(const V *x, long distance, V y[4]) {
  const V half = (V)(REAL)0.5, ends = half * (x[0] + x[2 * distance]), middle = half * x[distance];
  y[0] = x[0], y[1] = ends + middle, y[2] = ends - middle, y[3] = x[2 * distance];
}

// A packed kernel of one group, block by block of features.
static void conv_winograd_kernel(const conv_call *c, const REAL *kernel, REAL *to) {
  const long row = c->channels * CONV_BLOCK, size = c->channels * c->features;
  for (long block = 0; block < c->features / CONV_BLOCK; block++, kernel += 9 * row, to += row) {
    for (long at = 0; at < row; at += LANES) {
      V g[9], half[12];
      for (long k = 0; k < 9; k++) g[k] = load(kernel + k * row + at);
      for (long x = 0; x < 3; x++) {
        V column[4];
        winograd_spread(g + x, 3, column);
        for (long y = 0; y < 4; y++) half[3 * y + x] = column[y];
      }
      for (long y = 0; y < 4; y++) {
        V line[4];
        winograd_spread(half + 3 * y, 1, line);
        for (long x = 0; x < 4; x++) store(to + (4 * y + x) * size + at, line[x]);
      }
    }
  }
}

// Bt d B of some channels of one tile, all of a vector's or its first `lanes`.
INLINE void conv_winograd_lanes(const REAL *x, long row, long pixel, long plane, long lanes, REAL *to) {
  V d[16], e[16];
  _Pragma("clang loop unroll(full)") for (long k = 0; k < 16; k++) {
    const REAL *from = x + k / 4 * row + k % 4 * pixel;
    d[k] = lanes == LANES ? load(from) : load_part(from, lanes);
  }
  _Pragma("clang loop unroll(full)") for (long k = 0; k < 4; k++) {
    e[k] = d[k] - d[8 + k], e[4 + k] = d[4 + k] + d[8 + k];
    e[8 + k] = d[8 + k] - d[4 + k], e[12 + k] = d[4 + k] - d[12 + k];
  }
  _Pragma("clang loop unroll(full)") for (long y = 0; y < 16; y += 4) {
    const V line[4] = {e[y] - e[y + 2], e[y + 1] + e[y + 2], e[y + 2] - e[y + 1], e[y + 1] - e[y + 3]};
    _Pragma("clang loop unroll(full)") for (long k = 0; k < 4; k++) {
      REAL *place = to + (y + k) * plane;
      if (lanes == LANES) {
        store(place, line[k]);
      } else {
        store_part(place, line[k], lanes);
      }
    }
  }
}

// Bt d B of one tile, its first element at x, into the tile's place among the elements.
INLINE void conv_winograd_elements(const REAL *x, long row, long channels, long plane, REAL *to) {
  long at = 0;
  for (; at + LANES <= channels; at += LANES) conv_winograd_lanes(x + at, row, channels, plane, LANES, to + at);
  if (at < channels) conv_winograd_lanes(x + at, row, channels, plane, channels - at, to + at);
}

// At m A of one vector of features of a tile, its products at a distance.
INLINE void conv_winograd_tile(const conv_call *c, const V *m, long distance, V bias, REAL *y) {
  V s[4], t[4];
  for (long k = 0; k < 4; k++) {
    const V a = m[k * distance], b = m[(4 + k) * distance], d = m[(8 + k) * distance], e = m[(12 + k) * distance];
    s[k] = a + b + d;
    t[k] = b - d - e;
  }
  const long row = c->y.axis[1], pixel = c->y.axis[2];
  store(y, conv_finish(s[0] + s[1] + s[2], bias, c->activation));
  store(y + pixel, conv_finish(s[1] - s[2] - s[3], bias, c->activation));
  store(y + row, conv_finish(t[0] + t[1] + t[2], bias, c->activation));
  store(y + row + pixel, conv_finish(t[1] - t[2] - t[3], bias, c->activation));
}

// The products of some tiles, then their results; tiles are counted along the rows of a band that begins at y.
static void conv_winograd_tiles(const conv_call *c, const conv_winograd *w, const conv_rows_packed *p,
                                const REAL *bias, REAL *y, long from, long count) {
  static const int32_t none[1] = {0};
  const long C = c->channels, row = p->pixels * C, across = c->axis[2].positions / 2, size = C * c->features;
  for (long t = 0; t < count; t++) {
    const long at = from + t;
    conv_winograd_elements(p->at + at / across * 2 * row + at % across * 2 * C, row, C, conv_winograd_plane(C),
                           w->elements + t * C);
  }
  const long vectors = c->features / LANES, distance = conv_winograd_plane(c->features) / LANES;
  const long height = conv_height(count);
  for (long k = 0; k < 16; k++) {
    for (long v = 0; v < vectors;) {
      const long nv = vectors - v >= CONV_NV ? CONV_NV : 1, feature = v * LANES, in_block = feature % CONV_BLOCK;
      conv_sum s = {w->elements + k * conv_winograd_plane(C), C, 1, none, 1, C,
                    w->kernel + k * size + feature / CONV_BLOCK * C * CONV_BLOCK + in_block, CONV_BLOCK,
                    in_block + LANES < CONV_BLOCK ? LANES : C * CONV_BLOCK - in_block};
      V *to = w->products + k * distance + v * NETC_CONV_TILES;
      for (long t = 0; t < count; t += height) {
        const long mr = count - t < height ? count - t : height;
        const conv_out out = {(REAL *)to, nv * LANES, LANES, 0, 0};
        conv_rows[mr - 1][nv - 1](&s, &out);
        to += mr * nv;
        s.a += mr * C;
      }
      v += nv;
    }
  }
  for (long t = 0; t < count; t++) {
    const long at = from + t;
    REAL *tile = y + at / across * 2 * c->y.axis[1] + at % across * 2 * c->y.axis[2];
    for (long v = 0; v < vectors; v++) {
      const long first = v / CONV_NV * CONV_NV, nv = vectors - first >= CONV_NV ? CONV_NV : 1;
      const V *m = w->products + first * NETC_CONV_TILES + t * nv + v % CONV_NV;
      conv_winograd_tile(c, m, distance, bias ? load(bias + v * LANES) : (V)0, tile + v * LANES);
    }
  }
}

// The results of a band of rows.
static void conv_winograd_band(const conv_call *c, const conv_winograd *w, const conv_rows_packed *p, const REAL *bias,
                               REAL *y, long from, long to) {
  const long tiles = (to - from) / 2 * (c->axis[2].positions / 2);
  for (long t = 0; t < tiles; t += NETC_CONV_TILES) {
    const long count = tiles - t < NETC_CONV_TILES ? tiles - t : NETC_CONV_TILES;
    conv_winograd_tiles(c, w, p, bias, y + from * c->y.axis[1], t, count);
  }
}
