// MAP: a register program over blocks of an index space. The words are described in cnetc.h.

// Bytes from one register block to the next, a cache line more than it holds: at a whole page apart the blocks would
// share a few sets of the cache. Where the blocks begin in a thread's scratch.
#define MAP_BLOCK_BYTES (NETC_MAP_BLOCK * (long)sizeof(REAL) + 64)
#define MAP_SCRATCH (NETC_SCRATCH_BYTES - NETC_MAP_REGISTERS * MAP_BLOCK_BYTES)

// How an operand reaches its register.
enum { MAP_DIRECT, MAP_CONSTANT, MAP_PERIODIC, MAP_STRIDED, MAP_ROW, MAP_TAIL };

typedef struct map_operand {
  char *base;
  const int32_t *strides;
  long bytes;  // of one element
  int mode;
} map_operand;

// A sum along rows of `length` elements, or over the rows of a group of MAP_ROWS, of a register.
typedef struct map_tail {
  REAL *to;
  double sum;  // of a row that is longer than a block
  long reg;
  int columns;
} map_tail;

// Rows whose column sums make one row of partial sums.
#define MAP_ROWS 64

typedef struct map_program {
  long rank, outputs, operands, scalars, steps, tails, length;
  const int32_t *dims, *scalar_words, *step_words;
  long total, block, unit;
  char *scratch;
  map_operand operand[NETC_MAP_OPERANDS];
  map_tail tail[NETC_MAP_OPERANDS];
  void *reg[NETC_MAP_REGISTERS];
} map_program;

INLINE long kind_bytes(int32_t kind) {
  return kind == NETC_REAL ? (long)sizeof(REAL) : kind == NETC_INT32 ? 4 : 1;
}

// Sets n elements of a kind to the value of three words: real, slot.
static void fill_kind(const netc_thread *t, void *d, int32_t kind, const int32_t *w, long n) {
  double value = word_factor(t, w);
  if (kind == NETC_REAL) {
    REAL v = (REAL)value;
    for (long i = 0; i < n; i++) ((REAL *)d)[i] = v;
  } else if (kind == NETC_INT32) {
    int32_t v = value >= 2147483647.0 ? INT32_MAX : value > -2147483648.0 ? (int32_t)value : INT32_MIN;
    for (long i = 0; i < n; i++) ((int32_t *)d)[i] = v;
  } else {
    __builtin_memset(d, value != 0, (size_t)n);
  }
}

// Copies n elements between a dense block and elements at a stride; bytes is 1, 4 or 8.
#define STRIDED_RUN(type)                                                       \
  {                                                                             \
    type *x = (type *)to;                                                       \
    const type *y = (const type *)from;                                         \
    if (to_stride == 1 && from_stride == 0) {                                   \
      const type v = *y;                                                        \
      for (long i = 0; i < n; i++) x[i] = v;                                    \
    } else {                                                                    \
      for (long i = 0; i < n; i++) x[i * to_stride] = y[i * from_stride];       \
    }                                                                           \
  }

static void strided_run(char *to, long to_stride, const char *from, long from_stride, long n, long bytes) {
  if (to_stride == 1 && from_stride == 1) {
    __builtin_memcpy(to, from, (size_t)(n * bytes));
  } else if (bytes == 4) {
    STRIDED_RUN(uint32_t)
  } else if (bytes == 8) {
    STRIDED_RUN(uint64_t)
  } else {
    STRIDED_RUN(uint8_t)
  }
}

// Moves elements start ..< start + n of the index space between an operand and its register.
static void map_transfer(const map_program *m, const map_operand *o, char *block, long start, long n, int into) {
  long index[NETC_MAP_RANK], offset = 0, rest = start;
  for (long axis = m->rank - 1; axis >= 0; axis--) {
    index[axis] = rest % m->dims[axis];
    rest /= m->dims[axis];
    offset += index[axis] * (long)o->strides[axis];
  }
  const long last = m->rank - 1, stride = o->strides[last];
  while (n > 0) {
    long run = m->dims[last] - index[last];
    if (run > n) run = n;
    char *at = o->base + offset * o->bytes;
    if (into) {
      strided_run(block, 1, at, stride, run, o->bytes);
    } else {
      strided_run(at, stride, block, 1, run, o->bytes);
    }
    block += run * o->bytes;
    n -= run;
    offset += run * stride;
    index[last] += run;
    for (long axis = last; axis > 0 && index[axis] == m->dims[axis]; axis--) {
      index[axis] = 0;
      offset += (long)o->strides[axis - 1] - (long)m->dims[axis] * o->strides[axis];
      index[axis - 1]++;
    }
  }
}

static int map_mode(const map_program *m, const map_operand *o, int is_input) {
  const long last = m->dims[m->rank - 1];
  long expected = 1;
  int dense = 1, zero = 1, periodic = last <= NETC_MAP_BLOCK;
  for (long axis = m->rank - 1; axis >= 0; axis--) {
    dense &= o->strides[axis] == expected;
    zero &= o->strides[axis] == 0;
    periodic &= axis == m->rank - 1 || o->strides[axis] == 0;
    expected *= m->dims[axis];
  }
  if (dense) return MAP_DIRECT;
  if (is_input && zero) return MAP_CONSTANT;
  if (is_input && periodic) return MAP_PERIODIC;
  return m->block == last && o->strides[m->rank - 1] == 1 ? MAP_ROW : MAP_STRIDED;
}

// Where the row of an operand begins that holds an element of the index space.
INLINE char *map_row(const map_program *m, const map_operand *o, long start) {
  long offset = 0, rest = start / m->dims[m->rank - 1];
  for (long axis = m->rank - 2; axis > 0; axis--) {
    offset += rest % m->dims[axis] * (long)o->strides[axis];
    rest /= m->dims[axis];
  }
  return o->base + (offset + rest * (long)o->strides[0]) * o->bytes;
}

// Where operand k lies; `places` are the words of those that have no room in the instruction.
INLINE char *map_place(const netc_thread *t, const netc_instr *i, const int32_t *places, long k) {
  if (k < NETC_OPERANDS) return operand(t, i, (int)k);
  const int32_t *place = places + 2 * (k - NETC_OPERANDS);
  return t->reg[place[0]] + 4 * (size_t)(uint32_t)place[1];
}

// Reads the words.
static void map_begin(const netc_thread *t, const netc_instr *i, map_program *m) {
  const int32_t *w = words(t, i);
  m->rank = w[0], m->outputs = w[1], m->operands = w[2], m->scalars = w[3], m->steps = w[5];
  m->tails = w[6], m->length = w[7];
  m->block = w[8], m->unit = w[9];
  m->dims = w + 10;
  m->total = 1;
  for (long axis = 0; axis < m->rank; axis++) m->total *= m->dims[axis];
  if (m->total == 0) return;
  m->scratch = t->scratch + MAP_SCRATCH;
  const long registers = w[4];
  w = m->dims + m->rank;
  m->scalar_words = w + m->operands * (1 + m->rank);
  m->step_words = m->scalar_words + 4 * m->scalars;
  const int32_t *tails = m->step_words + 2 * m->steps, *places = tails + 3 * m->tails;
  for (long k = 0; k < m->operands; k++, w += 1 + m->rank) {
    map_operand *o = &m->operand[k];
    *o = (map_operand){map_place(t, i, places, k), w + 1, kind_bytes(w[0]), 0};
    o->mode = map_mode(m, o, k >= m->outputs);
    m->reg[k] = m->scratch + k * MAP_BLOCK_BYTES;
  }
  for (long k = m->operands; k < registers; k++) m->reg[k] = m->scratch + k * MAP_BLOCK_BYTES;
  for (long k = 0; k < m->tails; k++, tails += 3) {
    m->tail[k] = (map_tail){(REAL *)m->operand[tails[1]].base, 0, tails[0], tails[2]};
    m->operand[tails[1]].mode = MAP_TAIL;
  }
}

static void map_constants(const netc_thread *t, map_program *m, long n) {
  for (long k = m->outputs; k < m->operands; k++) {
    const map_operand *o = &m->operand[k];
    if (o->mode == MAP_CONSTANT) {
      strided_run(m->reg[k], 1, o->base, 0, n, o->bytes);
    } else if (o->mode == MAP_PERIODIC) {
      map_transfer(m, o, m->reg[k], 0, n, 1);
    }
  }
  const int32_t *w = m->scalar_words;
  for (long k = 0; k < m->scalars; k++, w += 4) fill_kind(t, m->reg[m->operands + k], w[0], w + 1, n);
}

static void map_run_block(map_program *m, long start, long n) {
  for (long k = 0; k < m->operands; k++) {
    const map_operand *o = &m->operand[k];
    if (o->mode == MAP_DIRECT) {
      m->reg[k] = o->base + start * o->bytes;
    } else if (o->mode == MAP_ROW) {
      m->reg[k] = map_row(m, o, start);
    } else if (o->mode == MAP_STRIDED && k >= m->outputs) {
      map_transfer(m, o, m->reg[k], start, n, 1);
    }
  }
  const int32_t *w = m->step_words;
  for (long s = 0; s < m->steps; s++, w += 2) {
    uint32_t head = (uint32_t)w[0], from = (uint32_t)w[1];
    micro_table[head & 0xffff](m->reg[head >> 16], m->reg[from & 255], m->reg[from >> 8 & 255],
                               m->reg[from >> 16 & 255], n, start);
  }
  for (long k = 0; k < m->outputs; k++) {
    const map_operand *o = &m->operand[k];
    if (o->mode == MAP_STRIDED) map_transfer(m, o, m->reg[k], start, n, 0);
  }
}

// Adds rows of `length` adjacent elements to one, or starts it with the first of them.
INLINE void map_add_rows(REAL *to, const REAL *x, long rows, long length, int starts) {
  for (long j = 0; j < length; j += LANES) {
    if (length - j >= LANES) {
      V sum = starts ? load(x + j) : load(to + j) + load(x + j);
      for (long r = 1; r < rows; r++) sum += load(x + r * length + j);
      store(to + j, sum);
    } else {
      const long m = length - j;
      V sum = starts ? load_part(x + j, m) : load_part(to + j, m) + load_part(x + j, m);
      for (long r = 1; r < rows; r++) sum += load_part(x + r * length + j, m);
      store_part(to + j, sum, m);
    }
  }
}

// Adds a block to its tails: whole rows, or a piece of one row.
static void map_run_tails(map_program *m, long start, long n) {
  const long length = m->length, row = start / length, at = start % length, rows = n / length;
  for (long k = 0; k < m->tails; k++) {
    map_tail *tail = &m->tail[k];
    const REAL *x = m->reg[tail->reg];
    if (tail->columns) {
      for (long r = row, end; r < row + rows; x += (end - r) * length, r = end) {
        const long next = (r / MAP_ROWS + 1) * MAP_ROWS;
        end = next < row + rows ? next : row + rows;
        map_add_rows(tail->to + r / MAP_ROWS * length, x, end - r, length, r % MAP_ROWS == 0);
      }
      if (rows == 0) map_add_rows(tail->to + row / MAP_ROWS * length + at, x, 1, n, row % MAP_ROWS == 0);
    } else {
      for (long r = row; r < row + rows; r++, x += length) tail->to[r] = (REAL)sum_run(x, length);
      if (rows > 0) continue;
      tail->sum = (at == 0 ? 0 : tail->sum) + sum_run(x, n);
      if (at + n == length) tail->to[row] = (REAL)tail->sum;
    }
  }
}

// A program with tails works on blocks of whole rows, or pieces of one row that is longer than a block.
static void map_rows(map_program *m, long from, long to) {
  const long run = m->length <= m->block ? to - from : m->length;
  for (long row = from; row < to; row += run) {
    for (long at = 0; at < run; at += m->block) {
      const long n = run - at < m->block ? run - at : m->block;
      map_run_block(m, row + at, n);
      map_run_tails(m, row + at, n);
    }
  }
}

static void netc_map(netc_thread *t, const netc_instr *i, unsigned part) {
  map_program m;
  map_begin(t, i, &m);
  if (m.total == 0) return;
  const span mine = part_of((m.total + m.unit - 1) / m.unit, part, i->parts);
  if (mine.from >= mine.to) return;
  long from = mine.from * m.unit, to = mine.to * m.unit;
  if (to > m.total) to = m.total;
  map_constants(t, &m, to - from < m.block ? to - from : m.block);
  if (m.tails > 0) {
    map_rows(&m, from, to);
    return;
  }
  for (; from < to; from += m.block) {
    map_run_block(&m, from, to - from < m.block ? to - from : m.block);
  }
}
