// What leaves a convolution beside its results: of each unit's results, by feature, the sum and the sum of the squares
// of their distances from the unit's mean.

INLINE V conv_statistics_add(V sum, const REAL *y, V mean, long lanes, int squares) {
  const V v = (lanes == LANES ? load(y) : load_part(y, lanes)) - mean;
  return squares ? FMA(v, v, sum) : sum + v;
}

// Adds a row of pixels' results to `to`, feature by feature, or the squares of their distances from sums * share.
INLINE void conv_statistics_row(const conv_call *c, const REAL *y, const REAL *sums, REAL share, REAL *to) {
  const long pixels = c->axis[2].positions, pixel = c->y.axis[2];
  const int squares = sums != 0;
  for (long k = 0; k < c->features; k += LANES) {
    const long lanes = c->features - k < LANES ? c->features - k : LANES;
    const V mean = squares ? load_part(sums + k, lanes) * (V)share : (V)0;
    const REAL *at = y + k;
    V a = (V)0, b = (V)0, d = (V)0, e = (V)0;
    long x = 0;
    for (; x + 4 <= pixels; x += 4, at += 4 * pixel) {
      a = conv_statistics_add(a, at, mean, lanes, squares);
      b = conv_statistics_add(b, at + pixel, mean, lanes, squares);
      d = conv_statistics_add(d, at + 2 * pixel, mean, lanes, squares);
      e = conv_statistics_add(e, at + 3 * pixel, mean, lanes, squares);
    }
    for (; x < pixels; x++, at += pixel) a = conv_statistics_add(a, at, mean, lanes, squares);
    store_part(to + k, load_part(to + k, lanes) + ((a + b) + (d + e)), lanes);
  }
}

// Of the rows from ..< to of one plane of results, which have just been written, features side by side.
static void conv_statistics(const conv_call *c, const REAL *y, long from, long to, REAL *sums, REAL *squares) {
  const REAL share = (REAL)1 / (REAL)((to - from) * c->axis[2].positions);
  __builtin_memset(sums, 0, (size_t)c->features * sizeof(REAL));
  __builtin_memset(squares, 0, (size_t)c->features * sizeof(REAL));
  for (long q = from; q < to; q++) conv_statistics_row(c, y + q * c->y.axis[1], 0, 0, sums);
  for (long q = from; q < to; q++) conv_statistics_row(c, y + q * c->y.axis[1], sums, share, squares);
}
