// XENT: cross-entropy of rows of logits with labels, its adjoint, or both.

// What one row gives besides its exponentials.
typedef struct xent_row {
  REAL most, total;  // the maximum and Σ exp(x - most)
} xent_row;

// Rows of at most this many vectors are kept until all that are worked on are read.
#define XENT_VECTORS 8

// exp(x - max) of a row of at most XENT_VECTORS vectors, 0 in the lanes after it.
INLINE xent_row xent_short(const REAL *x, long n, V *e) {
  const long last = (n - 1) / LANES, tail = n - last * LANES;
  const VI in = (VI)tail > LANE_NUMBERS;
  V most = (V)-__builtin_inf(), sum = (V)0;
  for (long k = 0; k < last; k++) most = larger(most, load(x + k * LANES));
  V end = tail == LANES ? load(x + last * LANES) : load_part(x + last * LANES, tail);
  most = (V)fold_larger(larger(most, in ? end : (V)-__builtin_inf()));
  for (long k = 0; k < last; k++) sum += e[k] = v_exp(load(x + k * LANES) - most);
  end = v_exp(end - most);
  e[last] = in ? end : (V)0;
  return (xent_row){most[0], fold_sum(sum + e[last])};
}

// Σ (x - most) of a row.
INLINE REAL xent_rest(const REAL *x, long n, REAL most) {
  REAL rest = 0;
  for (long j = 0; j < n; j++) rest += x[j] - most;
  return rest;
}

// y = e * by - away.
INLINE void xent_scale(REAL *y, const REAL *e, long n, REAL by, REAL away) {
  long j = 0;
  for (; j + LANES <= n; j += LANES) store(y + j, load(e + j) * by - away);
  if (j < n) store_part(y + j, load_part(e + j, n - j) * by - away, n - j);
}

typedef struct xent_words {
  long n;
  REAL *loss, *d;
  const REAL *x, *factors;
  const int32_t *labels;
  REAL on, off, factor;
} xent_words;

// Writes the adjoints of short rows from ..< to from their exponentials and their sums.
INLINE void xent_short_adjoints(const xent_words *p, long from, long to, const V *raised, const REAL *total) {
  const long n = p->n, vectors = (n + LANES - 1) / LANES;
  for (long r = from; r < to; r++, raised += vectors) {
    REAL *d = p->d + r * n;
    const REAL f = p->factors ? p->factor * p->factors[r] : p->factor;
    const REAL by = f / total[r - from], away = f * p->off;
    for (long k = 0; k < vectors; k++) {
      V result = raised[k] * by - away;
      result -= LANE_NUMBERS + (VI)(k * LANES) == (VI)(long)p->labels[r] ? (V)(f * p->on) : (V)0;
      if (n - k * LANES >= LANES) {
        store(d + k * LANES, result);
      } else {
        store_part(d + k * LANES, result, n - k * LANES);
      }
    }
  }
}

// Rows from ..< to, at most LANES of them: the exponentials one by one, their logarithms together.
INLINE void xent_rows(const xent_words *p, long from, long to) {
  const long n = p->n, vectors = (n + LANES - 1) / LANES;
  const int is_short = vectors <= XENT_VECTORS;
  REAL total[LANES], picked[LANES], rest[LANES], hits[LANES];
  V raised[LANES * XENT_VECTORS];
  store(total, (V)1), store(picked, (V)0), store(rest, (V)0), store(hits, (V)0);
  for (long r = from; r < to; r++) {
    const REAL *x = p->x + r * n;
    REAL *d = p->d ? p->d + r * n : 0;
    const long label = p->labels[r];
    const int hit = label >= 0 && label < n;
    xent_row row;
    if (is_short) {
      row = xent_short(x, n, raised + (r - from) * vectors);
    } else {
      row.most = max_run(x, n);
    }
    // Read before `d`, which may lie on x, is written.
    if (hit) picked[r - from] = x[label] - row.most, hits[r - from] = 1;
    if (p->off != 0 && p->loss) rest[r - from] = xent_rest(x, n, row.most);
    if (!is_short) row.total = (REAL)(d ? exp_row(d, x, n, row.most) : exp_sum(x, n, row.most));
    total[r - from] = row.total;
    if (!d || is_short) continue;
    const REAL f = p->factors ? p->factor * p->factors[r] : p->factor;
    xent_scale(d, d, n, f / row.total, f * p->off);
    if (hit) d[label] -= f * p->on;
  }
  // After all rows are read: what follows a store of a part would wait for it.
  if (p->d && is_short) xent_short_adjoints(p, from, to, raised, total);
  if (!p->loss) return;
  V logarithm = v_log(load(total));
  V loss = p->on * (load(hits) * logarithm - load(picked));
  // No class at all gives 0, even where the logits are not finite.
  loss = load(hits) != 0 ? loss : (V)0;
  if (p->off != 0) loss += p->off * ((REAL)n * logarithm - load(rest));
  if (to - from == LANES) {
    store(p->loss + from, loss);
  } else {
    store_part(p->loss + from, loss, to - from);
  }
}

static void netc_xent(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  const int mode = w[2];
  int k = 0;
  xent_words p = {w[1], 0, 0, 0, 0, 0, (REAL)word_real(w + 3), (REAL)word_real(w + 5), (REAL)word_factor(t, w + 7)};
  if (mode & 1) p.loss = operand(t, i, k++);
  if (mode & 2) p.d = operand(t, i, k++);
  p.x = operand(t, i, k++);
  p.labels = operand(t, i, k++);
  if (mode & 4) p.factors = operand(t, i, k);
  span s = part_of(w[0], part, i->parts);
  for (long r = s.from; r < s.to; r += LANES) xent_rows(&p, r, s.to - r < LANES ? s.to : r + LANES);
}
