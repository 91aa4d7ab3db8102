// CONV_KERNEL: the adjoint of a convolution in its kernel, by blocks of the batch; CONV_UNPACK adds them up.
//
// The words are those of the convolution it belongs to, with spread 1: y is the adjoint of the result, and sums have
// the order of a packed kernel.

#include "conv_few_kernel.h"
#include "conv_winograd_kernel.h"

// Bytes of packed rows and adjoints that sums are taken over at a time, and the positions that suffice.
#define CONV_SUMMED_BYTES 524288
#define CONV_SUMMED 512

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

// Adds the sums over the positions of some rows to those of features own.from ..< own.to of a group.
static void conv_kernel_rows(const conv_call *c, const conv_summed *w, long from, span own, REAL *sums,
                             const int32_t *offsets) {
  const conv_phase fy = conv_phase_at(&c->axis[1], 0), fx = conv_phase_at(&c->axis[2], 0);
  const conv_rows_packed *p = &w->rows;
  const long block = p->z.taps * fy.taps * fx.taps * c->channels * CONV_BLOCK;
  const long pitch = (own.to - own.from + CONV_BLOCK - 1) / CONV_BLOCK * CONV_BLOCK;
  conv_segments segments;
  conv_segments_of(c, p, &fy, &fx, &segments);
  const REAL *a = p->at + (fy.coordinate + from * c->axis[1].advance - p->first_row) * p->row +
                  (fx.coordinate - p->first_pixel) * p->pixel;
  const long height = conv_height(segments.length);
  for (long o = 0; o < pitch; o += CONV_NV * LANES) {
    const long nv = pitch - o > LANES ? CONV_NV : 1, lane = own.from + o;
    REAL *y = sums + lane / CONV_BLOCK * block + lane % CONV_BLOCK;
    for (long s = 0, pair = 0; s < segments.count; s += 1 + pair) {
      pair = 0;
      for (long k = 0; k < segments.length; k += height) {
        const long mr = segments.length - k < height ? segments.length - k : height;
        const conv_sum sum = {a + segments.offsets[s] + k, 1, c->axis[2].advance * p->pixel, offsets, w->count,
                              c->axis[2].positions, w->adjoint + o, w->pixel, LANES};
        const conv_out out = {y + (s * segments.length + k) * CONV_BLOCK, CONV_BLOCK,
                              LANES < CONV_BLOCK ? LANES : block, 0, 0};
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
static void conv_kernel_sum(const conv_call *c, const REAL *x, const REAL *y, span images, span own, char *scratch,
                            REAL *sums) {
  const long rows = c->axis[1].positions, most = conv_summed_images(c, own.to - own.from);
  for (long image = images.from; image < images.to; image += most) {
    const long count = images.to - image < most ? images.to - image : most;
    for (long plane = 0; plane < c->axis[0].positions; plane++) {
      for (long from = 0; from < rows; from += c->band) {
        const span band = {from, from + c->band < rows ? from + c->band : rows};
        const conv_summed s = conv_pack_summed(c, x + image * c->x.outer, y + image * c->y.outer, count, plane, band,
                                               own, scratch);
        conv_kernel_rows(c, &s, from, own, sums, (const int32_t *)scratch);
      }
    }
  }
}

// Units are blocks of the batch times splits of the features.
static void netc_conv_kernel(netc_thread *t, const netc_instr *i, unsigned part) {
  conv_call c = conv_words(words(t, i));
  const long size = conv_packed_size(&c), blocks = conv_feature_blocks(&c);
  const REAL *x = operand(t, i, 1), *y = operand(t, i, 2);
  const int few = !c.tiled && conv_kernel_is_few(&c);
  span s = part_of(c.blocks * c.splits, part, i->parts);
  for (long unit = s.from; unit < s.to; unit++) {
    const span images = part_of(c.outer, (unsigned)(unit / c.splits), (unsigned)c.blocks);
    const span own = part_of(blocks, (unsigned)(unit % c.splits), (unsigned)c.splits);
    const long feature = own.from * CONV_BLOCK;
    const long end = own.to * CONV_BLOCK < c.features ? own.to * CONV_BLOCK : c.features;
    for (long group = 0; own.from < own.to && group < c.groups; group++) {
      conv_prologue(&c, t, i, 3, group);
      REAL *sums = (REAL *)operand(t, i, 0) + (unit / c.splits * c.groups + group) * size;
      if (few) {
        conv_few_kernel(&c, x + group * c.x.group, y + group * c.y.group, images, t->scratch, sums);
        continue;
      }
      if (c.tiled) {
        conv_winograd_sum(&c, x + group * c.x.group, y + group * c.y.group, images, feature, end, t->scratch,
                          sums + feature * (size / (blocks * CONV_BLOCK)));
        continue;
      }
      __builtin_memset(sums + feature * (size / (blocks * CONV_BLOCK)), 0,
                       (size_t)((own.to - own.from) * (size / blocks)) * sizeof(REAL));
      conv_kernel_sum(&c, x + group * c.x.group, y + group * c.y.group, images, (span){feature, end}, t->scratch, sums);
    }
  }
}

// The sum over blocks of the batch at one place.
INLINE V conv_block_sum(const REAL *x, long blocks, long distance) {
  V sum = load(x);
  for (long b = 1; b < blocks; b++) sum += load(x + b * distance);
  return sum;
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
