// What a training step does besides arithmetic: NEXT, CHECK, ACC and FEED.

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
