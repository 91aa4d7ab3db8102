// WINDOW_SUM, WINDOW_ARGMAX, MAX_POOL and its adjoint over up to four dense axes after a batch. Rows of the last axis are the units.

typedef struct window_axes {
  long batch;
  const int32_t *size, *positions, *window, *stride, *dilation, *low;
} window_axes;

INLINE window_axes window_words(const int32_t *w) {
  return (window_axes){w[0], w + 1, w + 5, w + 9, w + 13, w + 17, w + 21};
}

INLINE long window_rows(const window_axes *a) {
  return a->batch * a->positions[0] * a->positions[1] * a->positions[2];
}

// What a row of results starts from: the entry of the batch and the position on the first three axes.
typedef struct window_row {
  long entry, at[3], index[3];
} window_row;

INLINE window_row window_row_of(const window_axes *a, long row) {
  window_row r;
  for (int d = 2; d >= 0; d--) {
    r.index[d] = row % a->positions[d];
    r.at[d] = r.index[d] * a->stride[d] - a->low[d];
    row /= a->positions[d];
  }
  r.entry = row;
  return r;
}

INLINE void window_next_row(const window_axes *a, window_row *r) {
  for (int d = 2; d >= 0; d--) {
    r->at[d] += a->stride[d];
    if (++r->index[d] < a->positions[d]) return;
    r->index[d] = 0;
    r->at[d] = -(long)a->low[d];
  }
  r->entry++;
}

// The first element of the row of x under places k of the first three axes; -1 for padding.
INLINE long window_start(const window_axes *a, const window_row *r, const long *k) {
  long start = 0;
  for (int d = 0; d < 3; d++) {
    long at = r->at[d] + k[d] * a->dilation[d];
    if (at < 0 || at >= a->size[d]) return -1;
    start = (start + at) * a->size[d + 1];
  }
  return start;
}

// How far the rows of x under the places of a window lie behind the first; for windows of few places.
#define WINDOW_PLACES 64

typedef struct window_offsets {
  long count;  // 0 for windows of more places
  long at[WINDOW_PLACES];
} window_offsets;

INLINE window_offsets window_offsets_of(const window_axes *a) {
  window_offsets o = {0};
  if ((long)a->window[0] * a->window[1] * a->window[2] > WINDOW_PLACES) return o;
  for (long k0 = 0; k0 < a->window[0]; k0++) {
    for (long k1 = 0; k1 < a->window[1]; k1++) {
      for (long k2 = 0; k2 < a->window[2]; k2++) {
        const long rows = (k0 * a->dilation[0] * a->size[1] + k1 * a->dilation[1]) * a->size[2] + k2 * a->dilation[2];
        o.at[o.count++] = rows * a->size[3];
      }
    }
  }
  return o;
}

// Whether all places of a row's window on the first three axes are within x.
INLINE int window_is_inside(const window_axes *a, const window_row *r) {
  int inside = 1;
  for (int d = 0; d < 3; d++) {
    inside &= r->at[d] >= 0 && r->at[d] + (long)(a->window[d] - 1) * a->dilation[d] < a->size[d];
  }
  return inside;
}

// The results of a row that a place of the last axis reaches, and the element under the first.
typedef struct window_run {
  long from, to, at;
} window_run;

INLINE window_run window_run_of(const window_axes *a, long k) {
  const long base = k * a->dilation[3] - a->low[3], step = a->stride[3], n = a->positions[3];
  long from = base < 0 ? (-base + step - 1) / step : 0;
  long to = base < a->size[3] ? (a->size[3] - 1 - base) / step + 1 : 0;
  return (window_run){from, to < n ? to : n, base + from * step};
}

// Runs a block for each place of the window in row-major order, on the results it reaches: y[j] from x[p].
#define WINDOW_LOOP(...)                                                                   \
  for (long k0 = 0; k0 < a.window[0]; k0++) {                                              \
    for (long k1 = 0; k1 < a.window[1]; k1++) {                                            \
      for (long k2 = 0; k2 < a.window[2]; k2++) {                                          \
        long start = window_start(&a, &r, (long[3]){k0, k1, k2});                          \
        if (start < 0) continue;                                                           \
        for (long k3 = 0; k3 < a.window[3]; k3++) {                                        \
          window_run run = window_run_of(&a, k3);                                          \
          long p = start + run.at;                                                         \
          for (long j = run.from; j < run.to; j++, p += a.stride[3]) __VA_ARGS__           \
        }                                                                                  \
      }                                                                                    \
    }                                                                                      \
  }

// Whether windows hold one element of the last axis, whose elements then are lanes.
INLINE int window_is_lanes(const window_axes *a) {
  return a->window[3] == 1 && a->stride[3] == 1 && a->low[3] == 0 && a->positions[3] == a->size[3];
}

// The sums of a row of results whose windows hold one element of the last axis.
static void window_sum_lanes(const window_axes *a, const window_row *r, const REAL *x, REAL *y) {
  const long n = a->positions[3];
  for (long k0 = 0; k0 < a->window[0]; k0++) {
    for (long k1 = 0; k1 < a->window[1]; k1++) {
      for (long k2 = 0; k2 < a->window[2]; k2++) {
        const long start = window_start(a, r, (long[3]){k0, k1, k2});
        if (start < 0) continue;
        _Pragma("clang loop vectorize(assume_safety)") for (long j = 0; j < n; j++) y[j] += x[start + j];
      }
    }
  }
}

static void netc_window_sum(netc_thread *t, const netc_instr *i, unsigned part) {
  const window_axes a = window_words(words(t, i));
  const long size = (long)a.size[0] * a.size[1] * a.size[2] * a.size[3], n = a.positions[3];
  span s = part_of(window_rows(&a), part, i->parts);
  for (long row = s.from; row < s.to; row++) {
    window_row r = window_row_of(&a, row);
    REAL *y = (REAL *)operand(t, i, 0) + row * n;
    const REAL *x = (const REAL *)operand(t, i, 1) + r.entry * size;
    for (long j = 0; j < n; j++) y[j] = 0;
    if (window_is_lanes(&a)) {
      window_sum_lanes(&a, &r, x, y);
    } else {
      WINDOW_LOOP({ y[j] += x[p]; })
    }
  }
}

// The greatest elements so far and their places, -1 for none.
typedef struct window_best {
  V value;
  VI place;
} window_best;

// The elements from `start` on.
INLINE window_best window_take(const REAL *x, long start, long lanes) {
  return (window_best){lanes == LANES ? load(x + start) : load_part(x + start, lanes), LANE_NUMBERS + (VI)start};
}

// Takes elements that come later where they are greater, or the first NaN.
INLINE void window_update(window_best *b, window_best next) {
  const VI kept = (VI)(next.value <= b->value) | (VI)(b->value != b->value);
  b->value = kept ? b->value : next.value;
  b->place = kept ? b->place : next.place;
}

// The first greatest elements of a row of results, its lanes adjacent in x, and their places; values may be null.
INLINE void window_most_lanes(const window_axes *a, const window_row *r, const window_offsets *o, const REAL *x,
                              int32_t *places, REAL *values) {
  const long n = a->positions[3];
  const long first = o->count > 0 && window_is_inside(a, r) ? window_start(a, r, (long[3]){0, 0, 0}) : -1;
  for (long c = 0; c < n; c += LANES) {
    const long lanes = n - c < LANES ? n - c : LANES;
    window_best best = {(V)0, (VI)(-1)};
    if (first >= 0) {
      best = window_take(x, first + c, lanes);
      for (long k = 1; k < o->count; k++) window_update(&best, window_take(x, first + o->at[k] + c, lanes));
    } else {
      for (long k0 = 0; k0 < a->window[0]; k0++) {
        for (long k1 = 0; k1 < a->window[1]; k1++) {
          for (long k2 = 0; k2 < a->window[2]; k2++) {
            const long start = window_start(a, r, (long[3]){k0, k1, k2});
            if (start < 0) continue;
            const window_best next = window_take(x, start + c, lanes);
            if (best.place[0] < 0) best = next;
            window_update(&best, next);
          }
        }
      }
    }
    const VJ found = CONVERT(best.place, VJ);
    if (lanes == LANES) {
      store_int(places + c, found);
      if (values) store(values + c, best.value);
    } else {
      store_int_part(places + c, found, lanes);
      if (values) store_part(values + c, best.value, lanes);
    }
  }
}

static void window_most(const window_axes *axes, const window_row *row, const REAL *x, int32_t *y, REAL *values) {
  const window_axes a = *axes;
  const window_row r = *row;
  const long n = a.positions[3];
  for (long j = 0; j < n; j++) y[j] = -1;
  WINDOW_LOOP({
    REAL v = x[p], best = x[y[j] < 0 ? p : y[j]];
    if (y[j] < 0 || v > best || (v != v && best == best)) y[j] = (int32_t)p;
  })
  if (!values) return;
  for (long j = 0; j < n; j++) values[j] = y[j] < 0 ? 0 : x[y[j]];
}

// The rows of a part; values may be null.
static void window_most_rows(const window_axes *a, span s, const REAL *x, int32_t *places, REAL *values) {
  const long size = (long)a->size[0] * a->size[1] * a->size[2] * a->size[3], n = a->positions[3];
  const int lanes = window_is_lanes(a);
  const window_offsets offsets = window_offsets_of(a);
  window_row r = window_row_of(a, s.from);
  for (long row = s.from; row < s.to; row++, window_next_row(a, &r)) {
    REAL *to = values ? values + row * n : 0;
    if (lanes) {
      window_most_lanes(a, &r, &offsets, x + r.entry * size, places + row * n, to);
    } else {
      window_most(a, &r, x + r.entry * size, places + row * n, to);
    }
  }
}

static void netc_window_argmax(netc_thread *t, const netc_instr *i, unsigned part) {
  const window_axes a = window_words(words(t, i));
  const span s = part_of(window_rows(&a), part, i->parts);
  if (s.from < s.to) window_most_rows(&a, s, operand(t, i, 1), operand(t, i, 0), 0);
}

static void netc_max_pool(netc_thread *t, const netc_instr *i, unsigned part) {
  const window_axes a = window_words(words(t, i));
  const span s = part_of(window_rows(&a), part, i->parts);
  if (s.from < s.to) window_most_rows(&a, s, operand(t, i, 2), operand(t, i, 1), operand(t, i, 0));
}

// Sums at the places of each entry of the batch: dx is written whole.
static void netc_max_pool_adj(netc_thread *t, const netc_instr *i, unsigned part) {
  const window_axes a = window_words(words(t, i));
  const long size = (long)a.size[0] * a.size[1] * a.size[2] * a.size[3];
  const long count = (long)a.positions[0] * a.positions[1] * a.positions[2] * a.positions[3];
  span s = part_of(a.batch, part, i->parts);
  for (long entry = s.from; entry < s.to; entry++) {
    REAL *dx = (REAL *)operand(t, i, 0) + entry * size;
    const int32_t *places = (const int32_t *)operand(t, i, 1) + entry * count;
    const REAL *dy = (const REAL *)operand(t, i, 2) + entry * count;
    __builtin_memset(dx, 0, (size_t)size * sizeof(REAL));
    for (long j = 0; j < count; j++) {
      if (places[j] >= 0 && places[j] < size) dx[places[j]] += dy[j];
    }
  }
}
