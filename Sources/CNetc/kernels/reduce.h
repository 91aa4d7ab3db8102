// REDUCE and ARGMAX over the middle of three axes. Sums are taken in REAL over blocks of rows and added up in double.

// Rows of a block.
#define SUM_ROWS 64

// Units of work by the `split` word: outer positions (0) or runs of 16 inner positions (1).
typedef struct axes3 {
  long outer, n, inner;
  long outer_from, outer_to, inner_from, inner_to;
} axes3;

static axes3 split_axes(const int32_t *w, unsigned part, unsigned parts) {
  axes3 a = {w[0], w[1], w[2], 0, w[0], 0, w[2]};
  if (w[3] == 0) {
    span s = part_of(a.outer, part, parts);
    a.outer_from = s.from, a.outer_to = s.to;
  } else {
    span s = part_of((a.inner + 15) / 16, part, parts);
    a.inner_from = s.from * 16, a.inner_to = s.to * 16 < a.inner ? s.to * 16 : a.inner;
  }
  return a;
}

static REAL max_run(const REAL *x, long n) {
  const V least = (V)-__builtin_inf();
  V acc = least;
  long j = 0;
  for (; j + LANES <= n; j += LANES) acc = larger(acc, load(x + j));
  if (j < n) {
    VI in = (VI)(n - j) > LANE_NUMBERS;
    acc = larger(acc, in ? load_part(x + j, n - j) : least);
  }
  return fold_larger(acc);
}

// What becomes of a sum: y = sum * factor, added to what y holds when told.
typedef struct sum_target {
  REAL factor;
  int adds;
} sum_target;

INLINE void put_sum(REAL *y, REAL sum, sum_target to) { *y = to.adds ? FMA(sum, to.factor, *y) : sum * to.factor; }

// Column sums of n rows of `width` columns, at most as many as some vectors hold; but for one vector all of them.
INLINE void sum_columns(REAL *y, const REAL *x, long n, long stride, long width, int vectors, sum_target to) {
  double total[4 * LANES] = {0};
  for (long r = 0; r < n; r += SUM_ROWS) {
    long end = n - r < SUM_ROWS ? n : r + SUM_ROWS;
    V acc[4] = {(V)0, (V)0, (V)0, (V)0};
    if (width >= LANES) {
      for (long k = r; k < end; k++) {
        for (int v = 0; v < vectors; v++) acc[v] += load(x + k * stride + v * LANES);
      }
    } else {
      for (long k = r; k < end; k++) acc[0] += load_part(x + k * stride, width);
    }
    for (int v = 0; v < vectors; v++) {
      for (long j = 0; j < LANES; j++) total[v * LANES + j] += (double)acc[v][j];
    }
  }
  for (long j = 0; j < width; j++) put_sum(y + j, (REAL)total[j], to);
}

INLINE void max_columns(REAL *y, const REAL *x, long n, long stride, long width) {
  V acc = (V)-__builtin_inf();
  for (long k = 0; k < n; k++) {
    acc = larger(acc, width == LANES ? load(x + k * stride) : load_part(x + k * stride, width));
  }
  if (width == LANES) {
    store(y, acc);
  } else {
    store_part(y, acc, width);
  }
}

static void reduce_real(const axes3 *a, REAL *y, const REAL *x, int32_t operation, sum_target to) {
  for (long o = a->outer_from; o < a->outer_to; o++) {
    const REAL *from = x + o * a->n * a->inner;
    if (a->inner == 1) {
      if (operation == 0) {
        put_sum(y + o, (REAL)sum_run(from, a->n), to);
      } else {
        y[o] = max_run(from, a->n);
      }
      continue;
    }
    for (long j = a->inner_from; j < a->inner_to;) {
      const long left = a->inner_to - j, width = left < LANES ? left : LANES;
      REAL *to_y = y + o * a->inner + j;
      if (operation != 0) {
        max_columns(to_y, from + j, a->n, a->inner, width);
      } else if (left >= 4 * LANES) {
        sum_columns(to_y, from + j, a->n, a->inner, 4 * LANES, 4, to);
        j += 3 * LANES;
      } else if (left >= 2 * LANES) {
        sum_columns(to_y, from + j, a->n, a->inner, 2 * LANES, 2, to);
        j += LANES;
      } else {
        sum_columns(to_y, from + j, a->n, a->inner, width, 1, to);
      }
      j += LANES;
    }
  }
}

static void reduce_int(const axes3 *a, int32_t *y, const int32_t *x, int32_t operation) {
  for (long o = a->outer_from; o < a->outer_to; o++) {
    for (long j = a->inner_from; j < a->inner_to; j++) {
      const int32_t *from = x + o * a->n * a->inner + j;
      uint32_t sum = 0;
      int32_t most = INT32_MIN;
      for (long k = 0; k < a->n; k++) {
        int32_t v = from[k * a->inner];
        sum += (uint32_t)v;
        if (v > most) most = v;
      }
      y[o * a->inner + j] = operation == 0 ? (int32_t)sum : most;
    }
  }
}

static void netc_reduce(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  axes3 a = split_axes(w, part, i->parts);
  if (w[5] == NETC_REAL) {
    sum_target to = {(REAL)word_factor(t, w + 6), w[9]};
    reduce_real(&a, operand(t, i, 0), operand(t, i, 1), w[4], to);
  } else {
    reduce_int(&a, operand(t, i, 0), operand(t, i, 1), w[4]);
  }
}

#define ARGMAX_LOOP(type, better)                                            \
  {                                                                          \
    const type *from = (const type *)x + o * a.n * a.inner + j;              \
    long best = 0;                                                           \
    for (long k = 1; k < a.n; k++) {                                         \
      type v = from[k * a.inner], m = from[best * a.inner];                  \
      if (better) best = k;                                                  \
    }                                                                        \
    y[o * a.inner + j] = (int32_t)best;                                      \
  }

static void netc_argmax(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  axes3 a = split_axes(w, part, i->parts);
  int32_t *y = operand(t, i, 0);
  const void *x = operand(t, i, 1);
  for (long o = a.outer_from; o < a.outer_to; o++) {
    for (long j = a.inner_from; j < a.inner_to; j++) {
      if (w[4] == NETC_REAL) {
        ARGMAX_LOOP(REAL, v > m || (v != v && m == m))
      } else {
        ARGMAX_LOOP(int32_t, v > m)
      }
    }
  }
}
