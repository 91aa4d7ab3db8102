// NORM and NORM_ADJ: rows of n adjacent elements brought to mean 0, unless told otherwise, and mean square 1.

// Rows whose sums over rows make one row of partial sums.
#define NORM_ROWS 64

typedef struct norm_words {
  long rows, n;
  int centred;
  REAL epsilon;  // added to the variance
  const REAL *scale, *bias;
} norm_words;

INLINE V load_some(const REAL *p, long m) { return m == LANES ? load(p) : load_part(p, m); }

INLINE void store_some(REAL *p, V v, long m) {
  if (m == LANES) {
    store(p, v);
  } else {
    store_part(p, v, m);
  }
}

// Σ (x - mean)² of a row.
INLINE double square_run(const REAL *x, long n, REAL mean) {
  double total = 0;
  for (long k = 0; k < n; k += SUM_RUN) {
    long end = n - k < SUM_RUN ? n : k + SUM_RUN, j = k;
    V acc = (V)0;
    for (; j + LANES <= end; j += LANES) {
      V d = load(x + j) - mean;
      acc = FMA(d, d, acc);
    }
    if (j < end) {
      V d = load_part(x + j, end - j) - mean;
      d = (VI)(end - j) > LANE_NUMBERS ? d : (V)0;
      acc = FMA(d, d, acc);
    }
    total += (double)fold_sum(acc);
  }
  return total;
}

// The mean and 1 / sqrt(variance + epsilon) of at most LANES rows, the roots together.
INLINE void norm_statistics(const norm_words *p, const REAL *x, long rows, REAL *mean, REAL *rate) {
  const double share = 1.0 / (double)p->n;
  REAL spread[LANES];
  store(spread, (V)1);
  for (long r = 0; r < rows; r++, x += p->n) {
    mean[r] = p->centred ? (REAL)(sum_run(x, p->n) * share) : 0;
    spread[r] = (REAL)(square_run(x, p->n, mean[r]) * share);
  }
  store(rate, (V)1 / __builtin_elementwise_sqrt(load(spread) + p->epsilon));
}

// How many rows are worked on at a time: as many as stay in the first cache.
INLINE long norm_block(long n) {
  const long rows = 4096 / (n > 0 ? n : 1);
  return rows < 1 ? 1 : rows > LANES ? LANES : rows;
}

INLINE void norm_piece(const norm_words *p, REAL *y, const REAL *x, long j, long m, REAL mean, REAL rate, int scales,
                       int shifts) {
  V v = (load_some(x + j, m) - mean) * rate;
  if (scales && shifts) {
    v = FMA(v, load_some(p->scale + j, m), load_some(p->bias + j, m));
  } else if (scales) {
    v *= load_some(p->scale + j, m);
  }
  store_some(y + j, v, m);
}

INLINE void norm_row(const norm_words *p, REAL *y, const REAL *x, REAL mean, REAL rate, int scales, int shifts) {
  long j = 0;
  for (; j + LANES <= p->n; j += LANES) norm_piece(p, y, x, j, LANES, mean, rate, scales, shifts);
  if (j < p->n) norm_piece(p, y, x, j, p->n - j, mean, rate, scales, shifts);
}

static void netc_norm(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  norm_words p = {w[0], w[1], w[2], (REAL)word_real(w + 3), 0, 0};
  const int scales = w[5], shifts = w[6];
  if (scales) p.scale = operand(t, i, 2);
  if (shifts) p.bias = operand(t, i, 3);
  REAL *y = operand(t, i, 0);
  const REAL *x = operand(t, i, 1);
  const long block = norm_block(p.n);
  REAL mean[LANES], rate[LANES];
  span s = part_of(p.rows, part, i->parts);
  for (long first = s.from; first < s.to; first += block) {
    const long rows = s.to - first < block ? s.to - first : block;
    norm_statistics(&p, x + first * p.n, rows, mean, rate);
    for (long r = 0; r < rows; r++) {
      const long at = (first + r) * p.n;
      if (shifts) {
        norm_row(&p, y + at, x + at, mean[r], rate[r], 1, 1);
      } else if (scales) {
        norm_row(&p, y + at, x + at, mean[r], rate[r], 1, 0);
      } else {
        norm_row(&p, y + at, x + at, mean[r], rate[r], 0, 0);
      }
    }
  }
}

// One row of the adjoint. `whole` says that nothing is missing, else pointers are null where something is not wanted.
typedef struct norm_adjoint_row {
  REAL *dx;
  const REAL *x, *d, *added;
  REAL *scale_sum, *bias_sum, *result_sum;
  REAL mean, rate;
} norm_adjoint_row;

INLINE void add_some(REAL *to, V v, long j, long m) { store_some(to + j, load_some(to + j, m) + v, m); }

// Adds a piece's part of Σ g and Σ g x̂, and of the sums over rows.
INLINE void norm_adjoint_sums(const norm_words *p, const norm_adjoint_row *a, long j, long m, int whole, V *along,
                              V *across) {
  V d = load_some(a->d + j, m);
  V normal = (load_some(a->x + j, m) - a->mean) * a->rate;
  if (whole || a->bias_sum) add_some(a->bias_sum, d, j, m);
  if (whole || a->scale_sum) add_some(a->scale_sum, d * normal, j, m);
  V g = whole || p->scale ? d * load_some(p->scale + j, m) : d;
  *along += g;
  *across = FMA(g, normal, *across);
}

// dx = rate (g - mean g - x̂ mean g x̂), plus what is added.
INLINE void norm_adjoint_piece(const norm_words *p, const norm_adjoint_row *a, long j, long m, int whole, REAL along,
                               REAL across) {
  V normal = (load_some(a->x + j, m) - a->mean) * a->rate;
  V g = load_some(a->d + j, m);
  if (whole || p->scale) g *= load_some(p->scale + j, m);
  V d = a->rate * FMA(normal, (V)-across, g - along);
  if (whole || a->added) d += load_some(a->added + j, m);
  store_some(a->dx + j, d, m);
  if (whole || a->result_sum) add_some(a->result_sum, d, j, m);
}

INLINE void norm_adjoint_one(const norm_words *p, const norm_adjoint_row *a, int whole) {
  const long n = p->n;
  double along = 0, across = 0;
  for (long k = 0; k < n; k += SUM_RUN) {
    long end = n - k < SUM_RUN ? n : k + SUM_RUN, j = k;
    V sum = (V)0, product = (V)0;
    for (; j + LANES <= end; j += LANES) norm_adjoint_sums(p, a, j, LANES, whole, &sum, &product);
    if (j < end) norm_adjoint_sums(p, a, j, end - j, whole, &sum, &product);
    along += (double)fold_sum(sum), across += (double)fold_sum(product);
  }
  const double share = 1.0 / (double)n;
  const REAL shift = p->centred ? (REAL)(along * share) : 0, tilt = (REAL)(across * share);
  long j = 0;
  for (; j + LANES <= n; j += LANES) norm_adjoint_piece(p, a, j, LANES, whole, shift, tilt);
  if (j < n) norm_adjoint_piece(p, a, j, n - j, whole, shift, tilt);
}

static void netc_norm_adj(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  norm_words p = {w[0], w[1], w[2], (REAL)word_real(w + 3), 0, 0};
  const long n = p.n, block = norm_block(n);
  REAL *sums[3] = {0, 0, 0};
  int k = 0;
  REAL *dx = operand(t, i, k++);
  for (int s = 0; s < 3; s++) sums[s] = w[7 + s] ? operand(t, i, k++) : 0;
  const REAL *x = operand(t, i, k++), *d = operand(t, i, k++), *added = 0;
  if (w[5]) p.scale = operand(t, i, k++);
  if (w[6]) added = operand(t, i, k);
  REAL mean[LANES], rate[LANES];
  const int whole = p.scale && added && sums[0] && sums[1] && sums[2];
  const long tall = sums[0] || sums[1] || sums[2] ? NORM_ROWS : LANES;
  span groups = part_of((p.rows + tall - 1) / tall, part, i->parts);
  for (long group = groups.from; group < groups.to; group++) {
    const long from = group * tall, to = p.rows - from < tall ? p.rows : from + tall;
    norm_adjoint_row a = {0};
    REAL **const targets[3] = {&a.scale_sum, &a.bias_sum, &a.result_sum};
    for (int s = 0; s < 3; s++) {
      if (!sums[s]) continue;
      *targets[s] = sums[s] + group * n;
      __builtin_memset(*targets[s], 0, (size_t)n * sizeof(REAL));
    }
    for (long first = from; first < to; first += block) {
      const long rows = to - first < block ? to - first : block;
      norm_statistics(&p, x + first * n, rows, mean, rate);
      for (long r = 0; r < rows; r++) {
        const long at = (first + r) * n;
        a.dx = dx + at, a.x = x + at, a.d = d + at, a.added = added ? added + at : 0;
        a.mean = mean[r], a.rate = rate[r];
        if (whole) {
          norm_adjoint_one(&p, &a, 1);
        } else {
          norm_adjoint_one(&p, &a, 0);
        }
      }
    }
  }
}
