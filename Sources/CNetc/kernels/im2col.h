// IM2COL: the elements under each place of a window at each of its positions, for convolutions as products.

typedef struct im2col_axes {
  const int32_t *dims;       // group, outer, feature, then a and b of three axes
  const int32_t *a_steps, *b_steps, *size, *spread, *low;
  const int32_t *x_strides;  // group, outer, feature, three axes
  const int32_t *y_strides;  // as dims
} im2col_axes;

// The element of axis d at a distance from the padding's start; -1 for padding and gaps.
INLINE long im2col_element(const im2col_axes *c, int d, long a, long b) {
  int32_t at = (int32_t)(a * c->a_steps[d] + b * c->b_steps[d] - c->low[d]), spread = c->spread[d];
  if (at < 0) return -1;
  if (spread > 1) {
    if (at % spread) return -1;
    at /= spread;
  }
  return at < c->size[d] ? at : -1;
}

INLINE void zero_run(REAL *y, long stride, long from, long to) {
  for (long b = from; b < to; b++) y[b * stride] = 0;
}

// One run over b of the last axis, from x at its first element.
static void im2col_run(const im2col_axes *c, REAL *y, const REAL *x, long a) {
  const long n = c->dims[8], to = c->y_strides[8], step = c->b_steps[2], size = c->size[2];
  const long from = c->x_strides[5];
  if (c->spread[2] > 1) {
    for (long b = 0; b < n; b++) {
      long k = im2col_element(c, 2, a, b);
      y[b * to] = k < 0 ? 0 : x[k * from];
    }
    return;
  }
  const long base = a * c->a_steps[2] - c->low[2];
  long first = base < 0 ? (-base + step - 1) / step : 0;
  long limit = base < size ? (size - 1 - base) / step + 1 : 0;
  if (first > n) first = n;
  if (limit > n) limit = n;
  if (limit < first) limit = first;
  zero_run(y, to, 0, first);
  if (to == 1 && step * from == 1) {
    __builtin_memcpy(y + first, x + base + first, (size_t)(limit - first) * sizeof(REAL));
  } else {
    for (long b = first; b < limit; b++) y[b * to] = x[(base + b * step) * from];
  }
  zero_run(y, to, limit, n);
}

static void netc_im2col(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  const im2col_axes c = {w, w + 9, w + 12, w + 15, w + 18, w + 21, w + 24, w + 30};
  REAL *y = operand(t, i, 0);
  const REAL *x = operand(t, i, 1);
  long rows = 1;
  for (int d = 0; d < 8; d++) rows *= c.dims[d];
  span s = part_of(rows, part, i->parts);
  for (long row = s.from; row < s.to; row++) {
    long index[8], rest = row, to = 0;
    for (int d = 7; d >= 0; d--) {
      index[d] = rest % c.dims[d];
      rest /= c.dims[d];
      to += index[d] * (long)c.y_strides[d];
    }
    long at = 0, outside = 0;
    for (int d = 0; d < 3; d++) at += index[d] * (long)c.x_strides[d];
    for (int d = 0; d < 2; d++) {
      long k = im2col_element(&c, d, index[3 + d], index[6 + d]);
      if (k < 0) outside = 1;
      at += k * (long)c.x_strides[3 + d];
    }
    if (outside) {
      zero_run(y + to, c.y_strides[8], 0, c.dims[8]);
    } else {
      im2col_run(&c, y + to, x + at, index[5]);
    }
  }
}
