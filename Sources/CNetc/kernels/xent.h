// XENT: cross-entropy of rows of logits with labels, its adjoint, or both.

// What one row gives besides its exponentials.
typedef struct xent_row {
  REAL most, total;  // the maximum and Σ exp(x - most)
} xent_row;

// exp(x - max) of a row of at most LANES elements, 0 in the lanes after it.
INLINE xent_row xent_short(const REAL *x, long n, V *e) {
  V v = n == LANES ? load(x) : load_part(x, n);
  VI in = (VI)n > LANE_NUMBERS;
  REAL most = fold_larger(in ? v : (V)-__builtin_inf());
  V raised = v_exp(v - most);
  *e = in ? raised : (V)0;
  return (xent_row){most, fold_sum(*e)};
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

// Rows from ..< to, at most LANES: the exponentials one by one, their logarithms together.
INLINE void xent_rows(const xent_words *p, long from, long to) {
  const long n = p->n;
  REAL total[LANES], picked[LANES], rest[LANES], hits[LANES];
  store(total, (V)1), store(picked, (V)0), store(rest, (V)0), store(hits, (V)0);
  for (long r = from; r < to; r++) {
    const REAL *x = p->x + r * n;
    REAL *d = p->d ? p->d + r * n : 0;
    const long label = p->labels[r];
    const int hit = label >= 0 && label < n;
    V e = (V)0;
    xent_row row;
    if (n <= LANES) {
      row = xent_short(x, n, &e);
    } else {
      row.most = max_run(x, n);
    }
    // Read before `d`, which may lie on x, is written.
    if (hit) picked[r - from] = x[label] - row.most, hits[r - from] = 1;
    if (p->off != 0 && p->loss) rest[r - from] = xent_rest(x, n, row.most);
    if (n > LANES) row.total = (REAL)(d ? exp_row(d, x, n, row.most) : exp_sum(x, n, row.most));
    total[r - from] = row.total;
    if (!d) continue;
    const REAL f = p->factors ? p->factor * p->factors[r] : p->factor;
    const REAL by = f / row.total, away = f * p->off;
    if (n > LANES) {
      xent_scale(d, d, n, by, away);
      if (hit) d[label] -= f * p->on;
      continue;
    }
    // In registers: reading back what was just stored in part would wait for the store.
    V result = e * by - away;
    result -= LANE_NUMBERS == (VI)label ? (V)(f * p->on) : (V)0;
    if (n == LANES) {
      store(d, result);
    } else {
      store_part(d, result, n);
    }
  }
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
