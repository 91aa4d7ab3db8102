// Packing for convolutions: rows of pixels with their channels side by side and zeros around them.

// `count` pixels of `channels` at distance `pitch`, from elements at strides `feature` and `pixel`; channels up to the
// pitch are 0. Where channels lie apart, stores may run past the last pixel by LANES - 1 elements.
static void conv_pixels(REAL *to, const REAL *from, long count, long channels, long pitch, long feature, long pixel) {
  if (feature == 1 || channels == 1) {
    if (pixel == pitch && channels == pitch) {
      __builtin_memcpy(to, from, (size_t)(count * channels) * sizeof(REAL));
      return;
    }
    for (long x = 0; x < count; x++) {
      long c = 0;
      for (; c + LANES <= channels; c += LANES) store(to + x * pitch + c, load(from + x * pixel + c));
      if (c + LANES <= pitch) {
        store(to + x * pitch + c, c < channels ? load_part(from + x * pixel + c, channels - c) : (V)0);
        c += LANES;
      }
      for (; c < channels; c++) to[x * pitch + c] = from[x * pixel + c];
      for (; c < pitch; c++) to[x * pitch + c] = 0;
    }
    return;
  }
  if (pixel != 1) {
    for (long x = 0; x < count; x++) {
      for (long c = 0; c < channels; c++) to[x * pitch + c] = from[x * pixel + c * feature];
      for (long c = channels; c < pitch; c++) to[x * pitch + c] = 0;
    }
    return;
  }
  for (long x = 0; x < count; x += LANES) {
    const long pixels = count - x < LANES ? count - x : LANES;
    // The last channels first: what they write too far, the next pixel's first channels take.
    for (long c = (pitch - 1) / LANES * LANES; c >= 0; c -= LANES) {
      V v[LANES];
      for (long j = 0; j < LANES; j++) {
        const REAL *row = from + (c + j) * feature + x;
        v[j] = c + j >= channels ? (V)0 : pixels == LANES ? load(row) : load_part(row, pixels);
      }
      transpose(v);
      for (long j = 0; j < pixels; j++) store(to + (x + j) * pitch + c, v[j]);
    }
  }
}

INLINE V conv_prepare(const conv_call *c, V x, V scale, V shift) {
  const V y = FMA(x, scale, shift);
  return c->prologue > 1 ? (y <= (V)0 ? (V)0 : y) : y;
}

// The prologue of packed pixels of channels.
static void conv_prepare_pixels(const conv_call *c, REAL *at, long count) {
  const long C = c->channels;
  for (long k = 0; k < C; k += LANES) {
    const long lanes = C - k < LANES ? C - k : LANES;
    if (lanes == LANES) {
      const V scale = load(c->scale + k), shift = load(c->shift + k);
      for (REAL *x = at + k; x < at + count * C; x += C) store(x, conv_prepare(c, load(x), scale, shift));
    } else {
      const V scale = load_part(c->scale + k, lanes), shift = load_part(c->shift + k, lanes);
      for (REAL *x = at + k; x < at + count * C; x += C) {
        store_part(x, conv_prepare(c, load_part(x, lanes), scale, shift), lanes);
      }
    }
  }
}

// The prologue's numbers of a group, which are operands from `place` on.
INLINE void conv_prologue(conv_call *c, netc_thread *t, const netc_instr *i, int place, long group) {
  if (!c->prologue) return;
  c->scale = (const REAL *)operand(t, i, place) + group * c->channels;
  c->shift = (const REAL *)operand(t, i, place + 1) + group * c->channels;
}

// Input rows around a band of results: [tap z][row][pixel][channel], packed or the input itself.
typedef struct conv_rows_packed {
  const REAL *at;
  conv_phase z;
  long first_row, rows, first_pixel, pixels;
  long row, pixel;  // from one row and one pixel to the next
} conv_rows_packed;

// The rows and pixels that results of a band read.
INLINE void conv_extent(const conv_axis *a, long from, long to, long *low, long *count) {
  long least = 0, most = -1;
  for (long q = from; q < to && q < from + a->phases; q++) {
    const conv_phase f = conv_phase_of(a, q % a->phases);
    if (!f.taps) continue;
    const long first = f.coordinate + q / a->phases * a->advance;
    const long last_q = q + (to - 1 - q) / a->phases * a->phases;
    const long last = f.coordinate + last_q / a->phases * a->advance + (f.taps - 1) * a->coordinate_step;
    if (most < least || first < least) least = first;
    if (most < least || last > most) most = last;
  }
  *low = least;
  *count = most - least + 1;
}

static void conv_pack_row(REAL *to, const REAL *from, const conv_call *c, const conv_rows_packed *p) {
  const long n = c->axis[2].size, C = c->channels;
  long begin = -p->first_pixel < 0 ? 0 : -p->first_pixel;
  if (begin > p->pixels) begin = p->pixels;
  long end = n - p->first_pixel < p->pixels ? n - p->first_pixel : p->pixels;
  if (end < begin) end = begin;
  __builtin_memset(to, 0, (size_t)(begin * C) * sizeof(REAL));
  if (end > begin) {
    conv_pixels(to + begin * C, from + (p->first_pixel + begin) * c->x.axis[2], end - begin, C, C, c->x.feature,
                c->x.axis[2]);
    if (c->prologue) conv_prepare_pixels(c, to + begin * C, end - begin);
  }
  __builtin_memset(to + end * C, 0, (size_t)((p->pixels - end) * C) * sizeof(REAL));
}

INLINE int conv_has_inside(const conv_axis *a, long first, long count) {
  return first >= 0 && first + count <= a->size;
}

// Whether rows can be read where they are: each element under one tap, channels side by side, nothing around them.
INLINE int conv_reads_in_place(const conv_call *c, const conv_rows_packed *p) {
  return !c->prologue && c->all_taps[0] == 1 && c->all_taps[1] == 1 && c->all_taps[2] == 1 && p->z.taps == 1 &&
         (c->x.feature == 1 || c->channels == 1) && conv_has_inside(&c->axis[0], p->z.coordinate, 1) &&
         conv_has_inside(&c->axis[1], p->first_row, p->rows) && conv_has_inside(&c->axis[2], p->first_pixel, p->pixels);
}

// What the results of plane q0 and rows from ..< to read of one image, packed where it must be.
static conv_rows_packed conv_pack_rows(const conv_call *c, const REAL *x, long q0, long from, long to, REAL *at) {
  conv_rows_packed p = {at};
  p.z = conv_phase_at(&c->axis[0], q0 % c->axis[0].phases);
  p.z.coordinate += q0 / c->axis[0].phases * c->axis[0].advance;
  conv_extent(&c->axis[1], from, to, &p.first_row, &p.rows);
  conv_extent(&c->axis[2], 0, c->axis[2].positions, &p.first_pixel, &p.pixels);
  p.row = p.pixels * c->channels, p.pixel = c->channels;
  if (conv_reads_in_place(c, &p)) {
    p.row = c->x.axis[1], p.pixel = c->x.axis[2];
    p.at = x + p.z.coordinate * c->x.axis[0] + p.first_row * p.row + p.first_pixel * p.pixel;
    return p;
  }
  for (long t = 0; t < p.z.taps; t++) {
    const long plane = p.z.coordinate + t * c->axis[0].coordinate_step;
    for (long r = 0; r < p.rows; r++) {
      REAL *row = at + (t * p.rows + r) * p.row;
      const long y = p.first_row + r;
      if (plane < 0 || plane >= c->axis[0].size || y < 0 || y >= c->axis[1].size) {
        __builtin_memset(row, 0, (size_t)p.row * sizeof(REAL));
      } else {
        conv_pack_row(row, x + plane * c->x.axis[0] + y * c->x.axis[1], c, &p);
      }
    }
  }
  return p;
}

// One group, block of features and channel of a kernel: its taps, which lie side by side from `from` on, by lane.
INLINE void conv_pack_taps(const conv_call *c, const REAL *from, long lanes, long taps, const conv_tap *table,
                           int backwards, REAL *to, long block) {
  for (long k = 0; k < taps; k += LANES) {
    const long n = taps - k < LANES ? taps - k : LANES;
    V v[LANES];
    for (long j = 0; j < LANES; j++) v[j] = j < lanes ? load_part(from + j * c->w.feature + k, n) : (V)0;
    transpose(v);
    for (long j = 0; j < n; j++) {
      const conv_tap *t = &table[backwards ? taps - 1 - k - j : k + j];
      if (t->start >= 0) store(to + t->start + block * t->block, v[j]);
    }
  }
}

// Where taps of channels lie that are side by side in a kernel, each channel's behind the one's before.
typedef struct conv_run {
  const conv_tap *table;
  long taps, block;
  int backwards;     // whether the last tap is first
  long channel, tap;  // the next one
} conv_run;

// The next tap's place in a packed kernel, -1 when no result uses it.
INLINE long conv_run_next(conv_run *r) {
  const conv_tap *t = &r->table[r->backwards ? r->taps - 1 - r->tap : r->tap];
  const long place = t->start < 0 ? -1 : t->start + r->block * t->block + r->channel * CONV_BLOCK;
  if (++r->tap == r->taps) r->tap = 0, r->channel++;
  return place;
}

// Some features of one group of a kernel, `count` taps of all channels side by side from `from` on.
INLINE void conv_pack_run(const conv_call *c, const REAL *from, long lanes, long count, conv_run run, REAL *to) {
  for (long k = 0; k < count; k += LANES) {
    const long n = count - k < LANES ? count - k : LANES;
    V v[LANES];
    for (long j = 0; j < LANES; j++) {
      const REAL *x = from + j * c->w.feature + k;
      v[j] = j >= lanes ? (V)0 : n == LANES ? load(x) : load_part(x, n);
    }
    transpose(v);
    for (long j = 0; j < n; j++) {
      const long place = conv_run_next(&run);
      if (place >= 0) store(to + place, v[j]);
    }
  }
}

// 1 when taps lie side by side in order, -1 when in reverse order, 0 otherwise.
INLINE int conv_taps_dense(const conv_call *c) {
  long expected = 1;
  int sign = 0;
  for (int d = 2; d >= 0; d--) {
    if (c->axis[d].window == 1) continue;
    const long stride = c->w.axis[d];
    if (stride != expected && stride != -expected) return 0;
    if (sign && (stride > 0) != (sign > 0)) return 0;
    sign = stride > 0 ? 1 : -1;
    expected *= c->axis[d].window;
  }
  return sign ? sign : 1;
}

// A tap's distance from the kernel's first.
INLINE long conv_tap_offset(const conv_call *c, long k) {
  const long w1 = c->axis[1].window, w2 = c->axis[2].window;
  return k / (w1 * w2) * c->w.axis[0] + k / w2 % w1 * c->w.axis[1] + k % w2 * c->w.axis[2];
}

static void netc_conv_pack(netc_thread *t, const netc_instr *i, unsigned part) {
  const conv_call c = conv_words(words(t, i));
  conv_tap table[CONV_TAPS];
  conv_tap_table(&c, table);
  const long taps = c.axis[0].window * c.axis[1].window * c.axis[2].window, blocks = conv_feature_blocks(&c);
  const long size = conv_packed_size(&c);
  const int order = conv_taps_dense(&c);
  span s = part_of(c.groups * blocks, part, i->parts);
  for (long unit = s.from; unit < s.to; unit++) {
    const long group = unit / blocks, block = unit % blocks, feature = block * CONV_BLOCK;
    REAL *to = (REAL *)operand(t, i, 0) + group * size;
    const REAL *from = (const REAL *)operand(t, i, 1) + group * c.w.group + feature * c.w.feature;
    if (order && c.w.outer == taps) {
      const REAL *x = order > 0 ? from : from + conv_tap_offset(&c, taps - 1);
      for (long lane = 0; lane < CONV_BLOCK; lane += LANES) {
        const conv_run run = {table, taps, block, order < 0, 0, 0};
        conv_pack_run(&c, x + lane * c.w.feature, c.features - feature - lane, taps * c.channels, run, to + lane);
      }
      continue;
    }
    for (long channel = 0; channel < c.channels; channel++, from += c.w.outer) {
      for (long lane = 0; lane < CONV_BLOCK; lane += LANES) {
        const long left = c.features - feature - lane;
        const REAL *x = from + lane * c.w.feature;
        REAL *y = to + channel * CONV_BLOCK + lane;
        if (taps == 1 && c.w.feature == 1) {
          const V v = left >= LANES ? load(x) : left > 0 ? load_part(x, left) : (V)0;
          if (table[0].start >= 0) store(y + table[0].start + block * table[0].block, v);
          continue;
        }
        if (order) {
          conv_pack_taps(&c, order > 0 ? x : x + conv_tap_offset(&c, taps - 1), left, taps, table, order < 0, y, block);
          continue;
        }
        for (long k = 0; k < taps; k++) {
          if (table[k].start < 0) continue;
          REAL *row = y + table[k].start + block * table[k].block;
          const long offset = conv_tap_offset(&c, k);
          for (long j = 0; j < LANES; j++) row[j] = j < left ? x[j * c.w.feature + offset] : 0;
        }
      }
    }
  }
}
