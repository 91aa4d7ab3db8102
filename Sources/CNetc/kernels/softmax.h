// SOFTMAX and its adjoint over rows of n adjacent elements.

// y = exp(x - shift), and its sum.
INLINE double exp_row(REAL *y, const REAL *x, long n, REAL shift) {
  double total = 0;
  V acc = (V)0;
  long j = 0, run = 0;
  for (; j + LANES <= n; j += LANES) {
    V e = v_exp(load(x + j) - shift);
    store(y + j, e);
    acc += e;
    if (++run == 64) {
      total += (double)fold_sum(acc);
      acc = (V)0, run = 0;
    }
  }
  if (j < n) {
    V e = v_exp(load_part(x + j, n - j) - shift);
    store_part(y + j, e, n - j);
    VI lane = (VI)(n - j) > LANE_NUMBERS;
    acc += lane ? e : (V)0;
  }
  return total + (double)fold_sum(acc);
}

INLINE void scale_row(REAL *y, const REAL *x, long n, REAL by) {
  long j = 0;
  for (; j + LANES <= n; j += LANES) store(y + j, load(x + j) / by);
  if (j < n) store_part(y + j, load_part(x + j, n - j) / by, n - j);
}

// The sum of exp(x - shift) without storing it.
INLINE double exp_sum(const REAL *x, long n, REAL shift) {
  double total = 0;
  V acc = (V)0;
  long j = 0, run = 0;
  for (; j + LANES <= n; j += LANES) {
    acc += v_exp(load(x + j) - shift);
    if (++run == 64) {
      total += (double)fold_sum(acc);
      acc = (V)0, run = 0;
    }
  }
  if (j < n) {
    V e = v_exp(load_part(x + j, n - j) - shift);
    VI lane = (VI)(n - j) > LANE_NUMBERS;
    acc += lane ? e : (V)0;
  }
  return total + (double)fold_sum(acc);
}

// x - shift, where shift = max + log(sum) is applied in two steps so that small differences keep their digits.
INLINE void shift_row(REAL *y, const REAL *x, long n, REAL most, REAL logarithm) {
  long j = 0;
  for (; j + LANES <= n; j += LANES) store(y + j, (load(x + j) - most) - logarithm);
  if (j < n) store_part(y + j, (load_part(x + j, n - j) - most) - logarithm, n - j);
}

// How many elements of row r count, of n: with a period the first r % period + 1.
INLINE long seen_of(long r, long n, long period) {
  if (period == 0) return n;
  const long seen = r % period + 1;
  return seen < n ? seen : n;
}

INLINE void zero_rest(REAL *y, long from, long to) {
  if (from < to) __builtin_memset(y + from, 0, (size_t)(to - from) * sizeof(REAL));
}

// Rows of at most so many vectors stay in registers: reading back what was just stored in part would wait for it.
#define SHORT_VECTORS 4

// softmax of the first n of `length` elements, which are so many vectors; 0 after them.
INLINE void softmax_vectors(REAL *y, const REAL *x, long n, long length, long vectors) {
  V e[SHORT_VECTORS], most = (V)-__builtin_inf(), acc = (V)0;
  const long rest = n - (vectors - 1) * LANES;
  const VI in = (VI)rest > LANE_NUMBERS;
  for (long k = 0; k < vectors; k++) {
    const int whole = k < vectors - 1;
    e[k] = whole || rest == LANES ? load(x + k * LANES) : load_part(x + k * LANES, rest);
    most = larger(most, whole ? e[k] : in ? e[k] : (V)-__builtin_inf());
  }
  const REAL shift = fold_larger(most);
  for (long k = 0; k < vectors; k++) {
    V raised = v_exp(e[k] - shift);
    e[k] = k < vectors - 1 ? raised : in ? raised : (V)0;
    acc += e[k];
  }
  const REAL sum = fold_sum(acc);
  for (long k = 0; k < vectors; k++) {
    V share = e[k] / sum;
    if (k == vectors - 1) share = in ? share : (V)0;
    const long left = length - k * LANES;
    if (left >= LANES) {
      store(y + k * LANES, share);
    } else {
      store_part(y + k * LANES, share, left);
    }
  }
  for (long j = vectors * LANES; j < length; j += LANES) {
    if (length - j >= LANES) {
      store(y + j, (V)0);
    } else {
      store_part(y + j, (V)0, length - j);
    }
  }
}

INLINE void softmax_short(REAL *y, const REAL *x, long n, long length) {
  if (n <= LANES) {
    softmax_vectors(y, x, n, length, 1);
  } else if (n <= 2 * LANES) {
    softmax_vectors(y, x, n, length, 2);
  } else if (n <= 3 * LANES) {
    softmax_vectors(y, x, n, length, 3);
  } else {
    softmax_vectors(y, x, n, length, 4);
  }
}

static void netc_softmax(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  const long length = w[1];
  span s = part_of(w[0], part, i->parts);
  for (long r = s.from; r < s.to; r++) {
    REAL *y = (REAL *)operand(t, i, 0) + r * length;
    const REAL *x = (const REAL *)operand(t, i, 1) + r * length;
    const long n = seen_of(r, length, w[3]);
    if (!w[2] && n <= SHORT_VECTORS * LANES) {
      softmax_short(y, x, n, length);
      continue;
    }
    zero_rest(y, n, length);
    REAL most = max_run(x, n);
    if (w[2]) {
      V sum = (V)(REAL)exp_sum(x, n, most);
      shift_row(y, x, n, most, v_log(sum)[0]);
    } else {
      REAL sum = (REAL)exp_row(y, x, n, most);
      scale_row(y, y, n, sum);
    }
  }
}

// Σ a b of a row.
INLINE double dot_row(const REAL *a, const REAL *b, long n) {
  double total = 0;
  for (long k = 0; k < n; k += SUM_RUN) {
    long end = n - k < SUM_RUN ? n : k + SUM_RUN, j = k;
    V acc = (V)0;
    for (; j + LANES <= end; j += LANES) acc = FMA(load(a + j), load(b + j), acc);
    if (j < end) acc = FMA(load_part(a + j, end - j), load_part(b + j, end - j), acc);
    total += (double)fold_sum(acc);
  }
  return total;
}

static void netc_softmax_adj(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  const long length = w[1];
  span s = part_of(w[0], part, i->parts);
  for (long r = s.from; r < s.to; r++) {
    REAL *dx = (REAL *)operand(t, i, 0) + r * length;
    const REAL *y = (const REAL *)operand(t, i, 1) + r * length, *dy = (const REAL *)operand(t, i, 2) + r * length;
    const long n = seen_of(r, length, w[3]);
    REAL sum = (REAL)(w[2] ? sum_run(dy, n) : dot_row(y, dy, n));
    for (long j = 0; j < n; j += LANES) {
      long m = n - j < LANES ? n - j : LANES;
      V a = m == LANES ? load(y + j) : load_part(y + j, m), b = m == LANES ? load(dy + j) : load_part(dy + j, m);
      V d = w[2] ? FMA(-v_exp(a), (V)sum, b) : a * (b - sum);
      if (m == LANES) {
        store(dx + j, d);
      } else {
        store_part(dx + j, d, m);
      }
    }
    zero_rest(dx, n, length);
  }
}
