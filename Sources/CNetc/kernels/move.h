// COPY, FILL, GATHER and SCATTER_ADD.

typedef struct copy_axes {
  long rank;
  const int32_t *dims, *to_strides, *from_strides;
} copy_axes;

// Exchanges the rows and columns of a square of LANES vectors: a riffle of its halves moves the highest bit of an
// element's place to the lowest.
INLINE void turn_square(V v[LANES]) {
  for (int bit = 1; bit < LANES; bit *= 2) {
    V next[LANES];
    _Pragma("clang loop unroll(full)") for (int k = 0; k < LANES / 2; k++) {
      next[2 * k] = interleave_low(v[k], v[k + LANES / 2]);
      next[2 * k + 1] = interleave_high(v[k], v[k + LANES / 2]);
    }
    _Pragma("clang loop unroll(full)") for (int k = 0; k < LANES; k++) v[k] = next[k];
  }
}

// LANES rows of n elements, dense and `to_stride` apart, from rows that lie side by side, their elements `from_stride`
// apart.
static void copy_turned(REAL *to, long to_stride, const REAL *from, long from_stride, long n) {
  for (long j = 0; j < n; j += LANES) {
    const long m = n - j < LANES ? n - j : LANES;
    V v[LANES];
    for (long k = 0; k < LANES; k++) v[k] = k < m ? load(from + (j + k) * from_stride) : (V)0;
    turn_square(v);
    for (long r = 0; r < LANES; r++) {
      if (m == LANES) {
        store(to + r * to_stride + j, v[r]);
      } else {
        store_part(to + r * to_stride + j, v[r], m);
      }
    }
  }
}

// Rows of the last dimension are the units; `row` is the number of the first.
static void copy_rows(const copy_axes *c, char *to, const char *from, long bytes, span rows) {
  const long last = c->rank - 1;
  long index[NETC_COPY_RANK], rest = rows.from, to_at = 0, from_at = 0;
  for (long axis = last - 1; axis >= 0; axis--) {
    index[axis] = rest % c->dims[axis];
    rest /= c->dims[axis];
    to_at += index[axis] * (long)c->to_strides[axis];
    from_at += index[axis] * (long)c->from_strides[axis];
  }
  const int turns = last > 0 && bytes == (long)sizeof(REAL) && c->to_strides[last] == 1 && c->dims[last] > 1 &&
                    c->from_strides[last - 1] == 1 && c->from_strides[last] != 1;
  for (long row = rows.from, step; row < rows.to; row += step) {
    step = turns && c->dims[last - 1] - index[last - 1] >= LANES && rows.to - row >= LANES ? LANES : 1;
    if (step == LANES) {
      copy_turned((REAL *)to + to_at, c->to_strides[last - 1], (const REAL *)from + from_at, c->from_strides[last],
                  c->dims[last]);
    } else {
      strided_run(to + to_at * bytes, c->to_strides[last], from + from_at * bytes, c->from_strides[last],
                  c->dims[last], bytes);
    }
    for (long axis = last - 1, moved = step; axis >= 0; axis--, moved = 1) {
      to_at += moved * c->to_strides[axis];
      from_at += moved * c->from_strides[axis];
      index[axis] += moved;
      if (index[axis] < c->dims[axis]) break;
      index[axis] = 0;
      to_at -= (long)c->dims[axis] * c->to_strides[axis];
      from_at -= (long)c->dims[axis] * c->from_strides[axis];
    }
  }
}

static void netc_copy(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  long bytes = w[0];
  copy_axes c = {w[1], w + 4, w + 4 + w[1], w + 4 + 2 * w[1]};
  long rows = 1;
  for (long axis = 0; axis < c.rank - 1; axis++) rows *= c.dims[axis];
  char *to = (char *)operand(t, i, 0) + (long)w[2] * bytes;
  const char *from = (const char *)operand(t, i, 1) + (long)w[3] * bytes;
  copy_rows(&c, to, from, bytes, part_of(rows, part, i->parts));
}

static void netc_fill(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  span s = part_of(w[1], part, i->parts);
  char *y = operand(t, i, 0);
  fill_kind(t, y + s.from * kind_bytes(w[0]), w[0], w + 2, s.to - s.from);
}

static void netc_gather(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  const long batch = w[0], outer = w[1], axis = w[2], count = w[3], row = (long)w[4] * w[5];
  char *y = operand(t, i, 0);
  const char *x = operand(t, i, 1);
  const int32_t *indices = operand(t, i, 2);
  span s = part_of(batch * outer * count, part, i->parts);
  for (long r = s.from; r < s.to; r++) {
    long block = r / count, b = block / outer;
    long index = indices[b * count + r % count];
    if (index >= 0 && index < axis) {
      __builtin_memcpy(y + r * row, x + (block * axis + index) * row, (size_t)row);
    } else {
      __builtin_memset(y + r * row, 0, (size_t)row);
    }
  }
}

INLINE void add_run(REAL *y, const REAL *x, long n) {
  long j = 0;
  for (; j + LANES <= n; j += LANES) store(y + j, load(y + j) + load(x + j));
  for (; j < n; j++) y[j] += x[j];
}

// Wraps.
INLINE void add_int_run(int32_t *y, const int32_t *x, long n) {
  for (long j = 0; j < n; j++) y[j] = (int32_t)((uint32_t)y[j] + (uint32_t)x[j]);
}

// Every part walks all its indices in order, so contributions to one element have one order.
static void netc_scatter_add(netc_thread *t, const netc_instr *i, unsigned part) {
  const int32_t *w = words(t, i);
  const long outer = w[1], axis = w[2], count = w[3], inner = w[4], blocks = (long)w[0] * outer;
  span rows = {0, blocks}, columns = {0, inner};
  if (w[5] == 0) {
    rows = part_of(blocks, part, i->parts);
  } else {
    span s = part_of((inner + 15) / 16, part, i->parts);
    columns = (span){s.from * 16, s.to * 16 < inner ? s.to * 16 : inner};
  }
  void *y = operand(t, i, 0);
  const int32_t *indices = operand(t, i, 1);
  const void *u = operand(t, i, 2);
  const long length = columns.to - columns.from;
  for (long block = rows.from; block < rows.to; block++) {
    for (long k = 0; k < count; k++) {
      long index = indices[block / outer * count + k];
      if (index < 0 || index >= axis) continue;
      long to = (block * axis + index) * inner + columns.from;
      long from = (block * count + k) * inner + columns.from;
      if (w[6] == NETC_INT32) {
        add_int_run((int32_t *)y + to, (const int32_t *)u + from, length);
      } else {
        add_run((REAL *)y + to, (const REAL *)u + from, length);
      }
    }
  }
}
