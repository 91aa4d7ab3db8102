// CONV_KERNEL: the adjoint of a convolution in its kernel, by blocks of the batch; CONV_UNPACK adds them up.
//
// The words are those of the convolution it belongs to, with spread 1: y is the adjoint of the result, and sums have
// the order of a packed kernel.

#include "conv_few_kernel.h"
#include "conv_winograd_kernel.h"

// Bytes of packed rows and adjoints that sums are taken over at a time, and the positions that suffice.
#define CONV_SUMMED_BYTES 524288
#define CONV_SUMMED 512
// Operands of more bytes than this are not in the nearer caches when their turn comes.
#define CONV_FAR 1048576

// What the sums of some features are taken over: bands of some images one behind the other, packed or in place.
typedef struct conv_summed {
  conv_rows_packed rows;  // of the first image
  const REAL *adjoint;    // [image][row][pixel][feature]
  long pixel;             // of the adjoint
  long count;             // rows of all images
} conv_summed;

// Whether pixels of the adjoint follow each other through rows and images, with whole blocks of features.
INLINE int conv_is_adjoint_dense(const conv_call *c, long count) {
  const long row = c->axis[2].positions * c->y.axis[2];
  return c->y.feature == 1 && count % CONV_BLOCK == 0 && c->y.axis[1] == row &&
         (c->outer == 1 || c->y.outer == c->axis[1].positions * row);
}

// How many images can be summed over at once.
static long conv_summed_images(const conv_call *c, long features) {
  const long rows = c->axis[1].positions, pixels = c->axis[2].positions;
  if (c->band < rows || c->axis[0].window > 1 || c->axis[0].positions > 1) return 1;
  long low, height, width;
  conv_extent(&c->axis[1], 0, rows, &low, &height);
  conv_extent(&c->axis[2], 0, pixels, &low, &width);
  const double bytes = (double)sizeof(REAL) * ((double)height * (double)width * (double)c->channels +
                                               (double)rows * (double)pixels * (double)(features + CONV_BLOCK));
  const long wanted = (CONV_SUMMED + rows * pixels - 1) / (rows * pixels);
  const long fit = bytes * (double)wanted <= CONV_SUMMED_BYTES ? wanted : (long)(CONV_SUMMED_BYTES / bytes);
  return fit < 1 ? 1 : fit;
}

// The rows and adjoints of some images, and where each row begins.
static conv_summed conv_pack_summed(const conv_call *c, const REAL *x, const REAL *y, long images, long plane,
                                    span band, span own, char *scratch) {
  const long count = own.to - own.from, rows = band.to - band.from, pixels = c->axis[2].positions;
  const long pitch = (count + CONV_BLOCK - 1) / CONV_BLOCK * CONV_BLOCK, dense = conv_is_adjoint_dense(c, count);
  int32_t *offsets = (int32_t *)scratch;
  REAL *at = (REAL *)(scratch + (images * rows * (long)sizeof(int32_t) + 63) / 64 * 64);
  conv_summed s = {.count = images * rows, .pixel = dense ? c->y.axis[2] : pitch};
  y += plane * c->y.axis[0] + band.from * c->y.axis[1] + own.from * c->y.feature;
  for (long image = 0; image < images; image++) {
    const conv_rows_packed p = conv_pack_rows(c, x + image * c->x.outer, plane, band.from, band.to, at);
    if (image == 0) s.rows = p;
    for (long q = 0; q < rows; q++) {
      offsets[image * rows + q] = (int32_t)(p.at - s.rows.at + q * c->axis[1].advance * p.row);
    }
    if (p.at == at) at += p.z.taps * p.rows * p.row;
  }
  at = (REAL *)(((uintptr_t)(at + LANES) + 63) / 64 * 64);
  s.adjoint = dense ? y : at;
  for (long row = 0; !dense && row < images * rows; row++, at += pixels * pitch) {
    conv_pixels(at, y + row / rows * c->y.outer + row % rows * c->y.axis[1], pixels, count, pitch, c->y.feature,
                c->y.axis[2]);
  }
  return s;
}

// What the sums of one group are taken over: images of the input and of the result's adjoint.
typedef struct conv_images {
  const REAL *x, *y;
  span own;    // of this unit
  long until;  // where the part's images end
} conv_images;

// What is read after images image ..< image + count; nothing where that is near or not whole images.
INLINE void conv_kernel_ahead(const conv_call *c, const conv_images *w, long image, long count, span own,
                              conv_ahead ahead[2]) {
  const conv_axis *rows = &c->axis[1], *pixels = &c->axis[2];
  const double elements = (double)rows->size * (double)pixels->size * (double)c->channels +
                          (double)rows->positions * (double)pixels->positions * (double)c->features;
  const long next = image + count, left = w->until - next < count ? w->until - next : count;
  ahead[0] = ahead[1] = (conv_ahead){0};
  if (left <= 0 || (double)c->outer * elements * sizeof(REAL) <= CONV_FAR) return;
  if (c->band < rows->positions || c->axis[0].size > 1 || c->axis[0].positions > 1) return;
  ahead[0] = conv_ahead_of(w->x + next * c->x.outer, &c->x, left, rows->size, pixels->size, c->channels);
  ahead[1] = conv_ahead_of(w->y + next * c->y.outer + own.from, &c->y, left, rows->positions, pixels->positions,
                           own.to - own.from);
}

// Writes the sums over the positions of some rows as those of features own.from ..< own.to of a group, or adds to them
// unless `fresh`.
static void conv_kernel_rows(const conv_call *c, const conv_summed *w, long from, span own, REAL *sums, int fresh,
                             const int32_t *offsets, conv_ahead ahead[2]) {
  const conv_phase fy = conv_phase_at(&c->axis[1], 0), fx = conv_phase_at(&c->axis[2], 0);
  const conv_rows_packed *p = &w->rows;
  const long block = p->z.taps * fy.taps * fx.taps * c->channels * CONV_BLOCK;
  const long pitch = (own.to - own.from + CONV_BLOCK - 1) / CONV_BLOCK * CONV_BLOCK;
  conv_segments segments;
  conv_segments_of(c, p, &fy, &fx, &segments);
  const REAL *a = p->at + (fy.coordinate + from * c->axis[1].advance - p->first_row) * p->row +
                  (fx.coordinate - p->first_pixel) * p->pixel;
  const long height = conv_height(segments.length);
  const long turns = (pitch + CONV_NV * LANES - 1) / (CONV_NV * LANES) * segments.count *
                     ((segments.length + height - 1) / height) * w->count;
  conv_sum sum = {a, 1, c->axis[2].advance * p->pixel, offsets, w->count, c->axis[2].positions, w->adjoint, w->pixel,
                  LANES, ahead};
  for (int k = 0; k < 2; k++) sum.lines[k] = (conv_ahead_lines(&ahead[k]) + turns - 1) / turns;
  for (long o = 0; o < pitch; o += CONV_NV * LANES) {
    const long nv = pitch - o > LANES ? CONV_NV : 1, lane = own.from + o;
    REAL *y = sums + lane / CONV_BLOCK * block + lane % CONV_BLOCK;
    sum.b = w->adjoint + o;
    for (long s = 0, pair = 0; s < segments.count; s += 1 + pair) {
      pair = 0;
      for (long k = 0; k < segments.length; k += height) {
        const long mr = segments.length - k < height ? segments.length - k : height;
        sum.a = a + segments.offsets[s] + k;
        const conv_out out = {y + (s * segments.length + k) * CONV_BLOCK, CONV_BLOCK,
                              LANES < CONV_BLOCK ? LANES : block, 0, 0, fresh};
        if (nv == 1 && 2 * segments.length <= CONV_MR && s + 1 < segments.count) {
          // Two short runs keep the adders busy; their sums lie one behind the other.
          conv_pairs[mr - 1](&sum, segments.offsets[s + 1] - segments.offsets[s], &out);
          pair = 1;
        } else {
          conv_channels[mr - 1][nv - 1](&sum, &out);
        }
      }
    }
  }
}

// The sums of features own.from ..< own.to of one group over some images.
static void conv_kernel_sum(const conv_call *c, const conv_images *w, span own, char *scratch, REAL *sums) {
  const long rows = c->axis[1].positions, most = conv_summed_images(c, own.to - own.from);
  int fresh = 1;
  for (long image = w->own.from; image < w->own.to; image += most) {
    const long count = w->own.to - image < most ? w->own.to - image : most;
    conv_ahead ahead[2];
    conv_kernel_ahead(c, w, image, count, own, ahead);
    for (long plane = 0; plane < c->axis[0].positions; plane++) {
      for (long from = 0; from < rows; from += c->band) {
        const span band = {from, from + c->band < rows ? from + c->band : rows};
        const conv_summed s = conv_pack_summed(c, w->x + image * c->x.outer, w->y + image * c->y.outer, count, plane,
                                               band, own, scratch);
        conv_kernel_rows(c, &s, from, own, sums, fresh, (const int32_t *)scratch, ahead);
        fresh = 0;
      }
    }
  }
}

// Units are blocks of the batch times splits of the features.
static void netc_conv_kernel(netc_thread *t, const netc_instr *i, unsigned part) {
  conv_call c = conv_words(words(t, i));
  const long size = conv_packed_size(&c), blocks = conv_feature_blocks(&c);
  const int few = !c.tiled && conv_kernel_is_few(&c);
  const int empty = c.outer == 0 || c.axis[0].positions == 0 || c.axis[1].positions == 0;
  span s = part_of(c.blocks * c.splits, part, i->parts);
  for (long unit = s.from; unit < s.to; unit++) {
    conv_images images = {.own = part_of(c.outer, (unsigned)(unit / c.splits), (unsigned)c.blocks)};
    images.until = part_of(c.outer, (unsigned)((s.to - 1) / c.splits), (unsigned)c.blocks).to;
    const span own = part_of(blocks, (unsigned)(unit % c.splits), (unsigned)c.splits);
    const long feature = own.from * CONV_BLOCK;
    const long end = own.to * CONV_BLOCK < c.features ? own.to * CONV_BLOCK : c.features;
    for (long group = 0; own.from < own.to && group < c.groups; group++) {
      conv_prologue(&c, t, i, 3, group);
      REAL *list = (REAL *)operand(t, i, 0) + (unit / c.splits * c.groups + group) * size;
      REAL *sums = list + feature * (size / (blocks * CONV_BLOCK));
      images.x = (const REAL *)operand(t, i, 1) + group * c.x.group;
      images.y = (const REAL *)operand(t, i, 2) + group * c.y.group;
      if (few) {
        conv_few_kernel(&c, images.x, images.y, images.own, t->scratch, list);
      } else if (c.tiled) {
        conv_winograd_sum(&c, images.x, images.y, images.own, feature, end, t->scratch, sums);
      } else if (empty || images.own.from == images.own.to) {
        __builtin_memset(sums, 0, (size_t)((own.to - own.from) * (size / blocks)) * sizeof(REAL));
      } else {
        conv_kernel_sum(&c, &images, (span){feature, end}, t->scratch, list);
      }
    }
  }
}

// The sum over blocks of the batch at one place.
INLINE V conv_block_sum(const REAL *x, long blocks, long distance) {
  V sum = load(x);
  for (long b = 1; b < blocks; b++) sum += load(x + b * distance);
  return sum;
}

// Some features of one group of a kernel's adjoint, `count` taps of all channels side by side from y on.
INLINE void conv_unpack_run(const conv_call *c, const REAL *from, long distance, long lanes, long count, conv_run run,
                            REAL *y) {
  for (long k = 0; k < count; k += LANES) {
    const long n = count - k < LANES ? count - k : LANES;
    V v[LANES];
    for (long j = 0; j < LANES; j++) {
      v[j] = j < n ? conv_block_sum(from + conv_run_next(&run), c->blocks, distance) : (V)0;
    }
    transpose(v);
    for (long j = 0; j < LANES && j < lanes; j++) {
      REAL *to = y + j * c->w.feature + k;
      if (n == LANES) {
        store(to, v[j]);
      } else {
        store_part(to, v[j], n);
      }
    }
  }
}

static void netc_conv_unpack(netc_thread *t, const netc_instr *i, unsigned part) {
  const conv_call c = conv_words(words(t, i));
  conv_tap table[CONV_TAPS];
  conv_tap_table(&c, table);
  const long taps = c.axis[0].window * c.axis[1].window * c.axis[2].window, blocks = conv_feature_blocks(&c);
  const long size = conv_packed_size(&c), distance = c.groups * size;
  const int dense = conv_taps_dense(&c) > 0;
  span s = part_of(c.groups * blocks, part, i->parts);
  for (long unit = s.from; unit < s.to; unit++) {
    const long group = unit / blocks, block = unit % blocks, feature = block * CONV_BLOCK;
    REAL *to = (REAL *)operand(t, i, 0) + group * c.w.group + feature * c.w.feature;
    const REAL *from = (const REAL *)operand(t, i, 1) + group * size;
    if (dense && c.w.outer == taps) {
      const conv_run run = {table, taps, block, 0, 0, 0};
      for (long lane = 0; lane < CONV_BLOCK; lane += LANES) {
        conv_unpack_run(&c, from + lane, distance, c.features - feature - lane, taps * c.channels, run,
                        to + lane * c.w.feature);
      }
      continue;
    }
    for (long channel = 0; channel < c.channels; channel++, to += c.w.outer) {
      for (long lane = 0; lane < CONV_BLOCK; lane += LANES) {
        const long left = c.features - feature - lane;
        const REAL *x = from + channel * CONV_BLOCK + lane;
        REAL *y = to + lane * c.w.feature;
        for (long k = 0; k < taps; k += LANES) {
          const long n = taps - k < LANES ? taps - k : LANES;
          V v[LANES];
          for (long j = 0; j < LANES; j++) {
            const conv_tap *tap = &table[k + (j < n ? j : 0)];
            v[j] = j < n ? conv_block_sum(x + tap->start + block * tap->block, c.blocks, distance) : (V)0;
          }
          if (dense) transpose(v);
          for (long j = 0; dense && j < LANES && j < left; j++) store_part(y + j * c.w.feature + k, v[j], n);
          for (long j = 0; !dense && j < n; j++) {
            const long offset = conv_tap_offset(&c, k + j);
            for (long l = 0; l < LANES && l < left; l++) y[l * c.w.feature + offset] = v[j][l];
          }
        }
      }
    }
  }
}
