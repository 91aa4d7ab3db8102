// CONV_KERNEL: the adjoint of a convolution in its kernel, by blocks of the batch; CONV_UNPACK adds them up.
//
// The words are those of the convolution it belongs to, with spread 1: y is the adjoint of the result, and sums have
// the order of a packed kernel.

#include "conv_winograd_kernel.h"

// The adjoint of a band's results, [row][pixel][feature up to a whole block].
static const REAL *conv_pack_adjoint(const conv_call *c, const REAL *y, long from, long to, long feature, long count,
                                     REAL *at) {
  const long pitch = (count + CONV_BLOCK - 1) / CONV_BLOCK * CONV_BLOCK, pixels = c->axis[2].positions;
  for (long q = from; q < to; q++) {
    conv_pixels(at + (q - from) * pixels * pitch, y + q * c->y.axis[1] + feature * c->y.feature, pixels, count, pitch,
                c->y.feature, c->y.axis[2]);
  }
  return at;
}

// Adds the sums over a band's positions of one plane to those of features feature ..< feature + count of a group.
static void conv_kernel_band(const conv_call *c, const conv_rows_packed *p, const REAL *d, long from, long to,
                             long feature, long count, REAL *sums, int32_t *offsets) {
  const conv_phase fy = conv_phase_at(&c->axis[1], 0), fx = conv_phase_at(&c->axis[2], 0);
  const long C = c->channels, pitch = (count + CONV_BLOCK - 1) / CONV_BLOCK * CONV_BLOCK;
  const long block = p->z.taps * fy.taps * fx.taps * C * CONV_BLOCK;
  conv_segments segments;
  conv_segments_of(c, p, &fy, &fx, &segments);
  for (long q = from; q < to; q++) offsets[q - from] = (int32_t)((q - from) * c->axis[1].advance * p->row);
  const REAL *a = p->at + (fy.coordinate + from * c->axis[1].advance - p->first_row) * p->row +
                  (fx.coordinate - p->first_pixel) * p->pixel;
  const long height = conv_height(segments.length);
  for (long o = 0; o < pitch; o += CONV_NV * LANES) {
    const long nv = pitch - o > LANES ? CONV_NV : 1;
    const long lane = feature + o;
    REAL *y = sums + lane / CONV_BLOCK * block + lane % CONV_BLOCK;
    for (long s = 0, pair = 0; s < segments.count; s += 1 + pair) {
      pair = 0;
      for (long k = 0; k < segments.length; k += height) {
        const long mr = segments.length - k < height ? segments.length - k : height;
        conv_sum sum = {a + segments.offsets[s] + k, 1, c->axis[2].advance * p->pixel, offsets, to - from,
                        c->axis[2].positions, d + o, pitch, LANES};
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

// Units are blocks of the batch times splits of the features.
static void netc_conv_kernel(netc_thread *t, const netc_instr *i, unsigned part) {
  conv_call c = conv_words(words(t, i));
  const long rows = c.axis[1].positions, size = conv_packed_size(&c), blocks = conv_feature_blocks(&c);
  const REAL *x = operand(t, i, 1), *y = operand(t, i, 2);
  span s = part_of(c.blocks * c.splits, part, i->parts);
  for (long unit = s.from; unit < s.to; unit++) {
    const span images = part_of(c.outer, (unsigned)(unit / c.splits), (unsigned)c.blocks);
    const span own = part_of(blocks, (unsigned)(unit % c.splits), (unsigned)c.splits);
    const long feature = own.from * CONV_BLOCK;
    const long end = own.to * CONV_BLOCK < c.features ? own.to * CONV_BLOCK : c.features;
    for (long group = 0; group < c.groups; group++) {
      conv_prologue(&c, t, i, 3, group);
      REAL *sums = (REAL *)operand(t, i, 0) + (unit / c.splits * c.groups + group) * size;
      if (c.tiled) {
        conv_winograd_sum(&c, x + group * c.x.group, y + group * c.y.group, images, feature, end, t->scratch,
                          sums + feature * (size / (blocks * CONV_BLOCK)));
        continue;
      }
      __builtin_memset(sums + feature * (size / (blocks * CONV_BLOCK)), 0,
                       (size_t)((own.to - own.from) * (size / blocks)) * sizeof(REAL));
      for (long image = images.from; image < images.to; image++) {
        for (long plane = 0; plane < c.axis[0].positions; plane++) {
          for (long from = 0; from < rows; from += c.band) {
            const long to = from + c.band < rows ? from + c.band : rows;
            int32_t *offsets = (int32_t *)t->scratch;
            REAL *at = (REAL *)(t->scratch + (c.band * (long)sizeof(int32_t) + 63) / 64 * 64);
            conv_rows_packed p =
                conv_pack_rows(&c, x + group * c.x.group + image * c.x.outer, plane, from, to, at);
            at += (p.z.taps * p.rows * p.pixels * c.channels + 2 * LANES - 1) / LANES * LANES;
            const REAL *d = conv_pack_adjoint(
                &c, y + group * c.y.group + image * c.y.outer + plane * c.y.axis[0], from, to, feature,
                end - feature, at);
            conv_kernel_band(&c, &p, d, from, to, feature, end - feature, sums, offsets);
          }
        }
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
