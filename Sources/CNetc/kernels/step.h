// What a training step does besides arithmetic: NEXT, CHECK, ACC, FEED and RANDOM.

static void netc_next(netc_thread *t, const netc_instr *i, unsigned part) {
  (void)part;
  t->context->cursor += words(t, i)[0];
}

static void netc_check(netc_thread *t, const netc_instr *i, unsigned part) {
  (void)part;
  const REAL *x = operand(t, i, 0);
  const long n = words(t, i)[0];
  V worst = (V)0;
  REAL rest = 0;
  long j = 0;
  for (; j + LANES <= n; j += LANES) worst += load(x + j) * (V)0;
  for (; j < n; j++) rest += x[j] * (REAL)0;
  // A finite number times 0 is 0; NaN and infinity give NaN.
  rest += fold_sum(worst);
  netc_context *c = t->context;
  if (rest != rest && c->status == 0) {
    c->status = NETC_NONFINITE;
    c->status_site = i->site;
  }
}

static void netc_acc(netc_thread *t, const netc_instr *i, unsigned part) {
  (void)part;
  const int32_t *w = words(t, i);
  double *to = t->context->accumulators + w[0], weight = word_factor(t, w + 3);
  const void *x = operand(t, i, 0);
  for (long j = 0; j < w[1]; j++) {
    double v = w[2] == NETC_REAL ? (double)((const REAL *)x)[j]
               : w[2] == NETC_INT32 ? (double)((const int32_t *)x)[j]
                                    : (double)((const uint8_t *)x)[j];
    to[j] += v * weight;
  }
}

#define FEED_ROW(to_type, from_type)                                                      \
  {                                                                                       \
    const from_type *x = (const from_type *)column->data + from;                          \
    to_type *d = (to_type *)y + b * width;                                                \
    for (long j = 0; j < width; j++) d[j] = (to_type)x[j];                                \
  }

#define FEED_FROM(from_type)                                   \
  if (kind == NETC_REAL) {                                     \
    FEED_ROW(REAL, from_type)                                  \
  } else if (kind == NETC_INT32) {                             \
    FEED_ROW(int32_t, from_type)                               \
  } else {                                                     \
    FEED_ROW(uint8_t, from_type)                               \
  }

static void netc_feed(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  const netc_context *c = t->context;
  const netc_column *column = c->columns + w[0];
  const long width = w[2], kind = w[3];
  void *y = operand(t, i, 0);
  span s = part_of(w[1], part, i->parts);
  for (long b = s.from; b < s.to; b++) {
    long row = c->permutation ? (long)c->permutation[c->cursor + b] : c->cursor + b;
    const long from = (long)(column->offset + row * column->stride);
    switch (column->kind) {
      case NETC_COLUMN_F32: FEED_FROM(float) break;
      case NETC_COLUMN_F64: FEED_FROM(double) break;
      case NETC_COLUMN_I32: FEED_FROM(int32_t) break;
      case NETC_COLUMN_I64: FEED_FROM(int64_t) break;
      default:
        if (kind == NETC_REAL) {
          const uint8_t *x = (const uint8_t *)column->data + from;
          REAL *d = (REAL *)y + b * width, scale = (REAL)column->scale;
          for (long j = 0; j < width; j++) d[j] = (REAL)x[j] * scale;
        } else {
          FEED_FROM(uint8_t)
        }
        break;
    }
  }
}

// Philox4x32-10 of sixteen or eight consecutive blocks: word k of block j is in lane j of c[k].
INLINE void philox(VJU c[4], uint32_t k0, uint32_t k1) {
#if NETC_TYPE == 0
  typedef uint64_t wide __attribute__((ext_vector_type(16)));
#else
  typedef uint64_t wide __attribute__((ext_vector_type(8)));
#endif
  for (int round = 0; round < 10; round++) {
    wide a = CONVERT(c[0], wide) * 0xD2511F53ull, b = CONVERT(c[2], wide) * 0xCD9E8D57ull;
    c[0] = CONVERT(b >> 32, VJU) ^ c[1] ^ k0;
    c[2] = CONVERT(a >> 32, VJU) ^ c[3] ^ k1;
    c[1] = CONVERT(b, VJU);
    c[3] = CONVERT(a, VJU);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

// Elements are drawn in groups of LANES blocks of four words; each takes the upper 24 bits of its word.
static void netc_random(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  REAL *y = operand(t, i, 0);
  uint64_t offset = i->n > 1 ? (uint64_t)(int64_t) * (const int32_t *)operand(t, i, 1) : 0;
  uint64_t key = ((uint64_t)(uint32_t)w[2] << 32 | (uint32_t)w[1]) ^ (t->context->seed * 0x9E3779B97F4A7C15ull);
  uint64_t step = (uint64_t)t->context->step;
  span s = part_of(w[0], part, i->parts);
  uint64_t at = offset + (uint64_t)s.from, end = offset + (uint64_t)s.to;
  while (at < end) {
    uint64_t block = at / 4;
    VJU c[4];
    for (int j = 0; j < LANES; j++) c[0][j] = (uint32_t)(block + (uint64_t)j), c[1][j] = (uint32_t)((block + (uint64_t)j) >> 32);
    c[2] = (VJU)(uint32_t)step, c[3] = (VJU)(uint32_t)(step >> 32);
    philox(c, (uint32_t)key, (uint32_t)(key >> 32));
    uint64_t stop = block * 4 + 4 * LANES < end ? block * 4 + 4 * LANES : end;
    for (; at < stop; at++) {
      uint32_t word = c[at % 4][at / 4 - block];
      y[at - offset] = (REAL)(word >> 8) * (REAL)0x1p-24;
    }
  }
}
