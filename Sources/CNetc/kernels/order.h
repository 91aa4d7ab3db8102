// CUMSUM and ARGSORT along the middle of three axes.

#define CUMSUM_LOOP(type, wide)                                                  \
  {                                                                              \
    const type *from = (const type *)x + at;                                     \
    type *to = (type *)y + at;                                                   \
    wide sum = 0;                                                                \
    for (long k = 0; k < a.n; k++) {                                             \
      long p = (reverse ? a.n - 1 - k : k) * a.inner;                            \
      type v = from[p];                                                          \
      if (exclusive) to[p] = (type)sum;                                          \
      sum += (wide)v;                                                            \
      if (!exclusive) to[p] = (type)sum;                                         \
    }                                                                            \
  }

// Running sums are kept in double, or in unsigned for ints, which wrap.
static void netc_cumsum(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  axes3 a = split_axes(w, part, i->parts);
  const int reverse = w[4], exclusive = w[5];
  void *y = operand(t, i, 0);
  const void *x = operand(t, i, 1);
  for (long o = a.outer_from; o < a.outer_to; o++) {
    for (long j = a.inner_from; j < a.inner_to; j++) {
      long at = o * a.n * a.inner + j;
      if (w[6] == NETC_REAL) {
        CUMSUM_LOOP(REAL, double)
      } else {
        CUMSUM_LOOP(int32_t, uint32_t)
      }
    }
  }
}

// Whether b must come before a although it stands after it; NaN goes last in either direction.
INLINE int out_of_order(REAL a, REAL b, int descending) {
  if (a != a) return b == b;
  return descending ? b > a : b < a;
}

// Merges sorted runs of `width` of `from` into runs twice as long in `to`.
static void merge_runs(const int32_t *from, int32_t *to, const REAL *x, const axes3 *a, long width, int descending) {
  for (long low = 0; low < a->n; low += 2 * width) {
    long middle = low + width < a->n ? low + width : a->n;
    long high = low + 2 * width < a->n ? low + 2 * width : a->n;
    long p = low, q = middle;
    for (long k = low; k < high; k++) {
      int second = q < high && (p >= middle || out_of_order(x[from[p] * a->inner], x[from[q] * a->inner], descending));
      to[k] = second ? from[q++] : from[p++];
    }
  }
}

// Merge sort of indices, in scratch as far as it reaches and by insertion beyond that.
static void argsort_one(netc_thread *t, const axes3 *a, const REAL *x, int32_t *y, int descending) {
  if (a->n * 8 > NETC_SCRATCH_BYTES) {
    for (long k = 0; k < a->n; k++) {
      long p = k;
      for (; p > 0 && out_of_order(x[y[(p - 1) * a->inner] * a->inner], x[k * a->inner], descending); p--) {
        y[p * a->inner] = y[(p - 1) * a->inner];
      }
      y[p * a->inner] = (int32_t)k;
    }
    return;
  }
  int32_t *from = (int32_t *)t->scratch, *to = from + a->n;
  for (long k = 0; k < a->n; k++) from[k] = (int32_t)k;
  for (long width = 1; width < a->n; width *= 2) {
    merge_runs(from, to, x, a, width, descending);
    int32_t *swap = from;
    from = to, to = swap;
  }
  for (long k = 0; k < a->n; k++) y[k * a->inner] = from[k];
}

static void netc_argsort(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  axes3 a = split_axes(w, part, i->parts);
  int32_t *y = operand(t, i, 0);
  const REAL *x = operand(t, i, 1);
  for (long o = a.outer_from; o < a.outer_to; o++) {
    for (long j = a.inner_from; j < a.inner_to; j++) {
      long at = o * a.n * a.inner + j;
      argsort_one(t, &a, x + at, y + at, w[4]);
    }
  }
}
