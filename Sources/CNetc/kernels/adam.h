// ADAM: one pass over parameters, gradients and both moments.

typedef struct adam_words {
  V beta1, rest1, beta2, rest2, rate, correction, epsilon, decay;
} adam_words;

// w, m and v become their new values.
INLINE void adam_step(const adam_words *p, V g, V *w, V *m, V *v, int decays) {
  *m = FMA(*m, p->beta1, g * p->rest1);
  *v = FMA(*v, p->beta2, g * p->rest2 * g);
  V step = p->rate * *m / (__builtin_elementwise_sqrt(p->correction * *v) + p->epsilon);
  if (decays) step = FMA(*w, p->decay, step);
  *w -= step;
}

static void netc_adam(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *list = words(t, i);
  const int decays = list[1];
  REAL numbers[8];
  for (long k = 0; k < 8; k++) numbers[k] = (REAL)word_factor(t, list + 2 + 3 * k);
  const adam_words p = {(V)numbers[0], (V)numbers[1], (V)numbers[2], (V)numbers[3],
                        (V)numbers[4], (V)numbers[5], (V)numbers[6], (V)numbers[7]};
  REAL *to[3];
  const REAL *from[4];
  for (int k = 0; k < 3; k++) to[k] = operand(t, i, k);
  for (int k = 0; k < 4; k++) from[k] = operand(t, i, 3 + k);
  const long n = list[0];
  span s = part_of((n + LANES - 1) / LANES, part, i->parts);
  const long end = s.to * LANES < n ? s.to * LANES : n;
  long j = s.from * LANES;
  for (; j + LANES <= end; j += LANES) {
    V w = load(from[1] + j), m = load(from[2] + j), v = load(from[3] + j);
    adam_step(&p, load(from[0] + j), &w, &m, &v, decays);
    store(to[0] + j, w), store(to[1] + j, m), store(to[2] + j, v);
  }
  if (j < end) {
    const long k = end - j;
    V w = load_part(from[1] + j, k), m = load_part(from[2] + j, k), v = load_part(from[3] + j, k);
    adam_step(&p, load_part(from[0] + j, k), &w, &m, &v, decays);
    store_part(to[0] + j, w, k), store_part(to[1] + j, m, k), store_part(to[2] + j, v, k);
  }
}
