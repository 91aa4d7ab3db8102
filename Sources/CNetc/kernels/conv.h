// CONV: convolutions of any strides, dilations and groups from packed rows and a packed kernel.
#include "conv_axes.h"
#include "conv_ahead.h"
#include "conv_tile.h"
#include "conv_pack.h"
#include "conv_statistics.h"
#include "conv_apart.h"

// Where the results of a tile go: rows are positions at distance `position`, lanes features at distance `feature`.
typedef struct conv_target {
  REAL *y;
  long position, feature;
  const REAL *bias;  // of the tile's first feature, or null
  int32_t activation;
} conv_target;

// One vector of features of mr positions.
INLINE void conv_store(const conv_target *g, const V *tile, long mr, long v, long features) {
  const long lanes = features < LANES ? features : LANES;
  REAL *y = g->y + v * LANES * g->feature;
  V bias = (V)0;
  if (g->bias) bias = lanes == LANES ? load(g->bias + v * LANES) : load_part(g->bias + v * LANES, lanes);
  if (g->feature == 1) {
    for (long i = 0; i < mr; i++) {
      V r = conv_finish(tile[i * CONV_NV], bias, g->activation);
      if (lanes == LANES) {
        store(y + i * g->position, r);
      } else {
        store_part(y + i * g->position, r, lanes);
      }
    }
    return;
  }
  for (long from = 0; from < mr; from += LANES) {
    const long rows = mr - from < LANES ? mr - from : LANES;
    V r[LANES];
    for (long i = 0; i < LANES; i++) {
      r[i] = i < rows ? conv_finish(tile[(from + i) * CONV_NV], bias, g->activation) : (V)0;
    }
    transpose(r);
    for (long j = 0; j < lanes; j++) {
      REAL *to = y + j * g->feature + from * g->position;
      if (g->position == 1) {
        store_part(to, r[j], rows);
      } else {
        for (long i = 0; i < rows; i++) to[i * g->position] = r[j][i];
      }
    }
  }
}

// Offsets of the segments of a tile: runs of taps that lie side by side in a packed row.
typedef struct conv_segments {
  int32_t offsets[CONV_TAPS];
  long count, length;
} conv_segments;

INLINE void conv_segments_of(const conv_call *c, const conv_rows_packed *p, const conv_phase *y, const conv_phase *x,
                             conv_segments *s) {
  const long step = c->axis[2].coordinate_step, C = c->channels;
  const int merged = step == 1 || x->taps == 1;
  const long runs = merged ? (x->taps > 0) : x->taps;
  s->count = 0;
  s->length = merged ? x->taps * C : C;
  for (long a = 0; a < p->z.taps; a++) {
    for (long b = 0; b < y->taps; b++) {
      for (long r = 0; r < runs; r++) {
        s->offsets[s->count++] =
            (int32_t)((a * p->rows + b * c->axis[1].coordinate_step) * p->row + r * step * C);
      }
    }
  }
}

// One row of results of one phase of pixels and one or more blocks of features.
INLINE void conv_row(const conv_sum *sum, conv_target g, long count, long nv, long features) {
  const long height = conv_height(count);
  const int direct = g.feature == 1 && features >= nv * LANES;
  conv_sum s = *sum;
  V tile[CONV_MR * CONV_NV];
  conv_out out = {(REAL *)tile, CONV_NV * LANES, LANES, 0, 0};
  if (direct) out = (conv_out){g.y, g.position, LANES, g.bias, g.activation};
  for (long j = 0; j < count; j += height) {
    const long mr = count - j < height ? count - j : height;
    conv_rows[mr - 1][nv - 1](&s, &out);
    s.a += height * s.ai;
    if (direct) {
      out.y += height * g.position;
      continue;
    }
    for (long v = 0; v < nv; v++) conv_store(&g, tile + v, mr, v, features - v * LANES);
    g.y += height * g.position;
  }
}

// A row of results that no element of the input is under, features side by side.
INLINE void conv_fill(const conv_target *g, long count, long features) {
  if (!g->bias && g->position == features) {
    __builtin_memset(g->y, 0, (size_t)(count * features) * sizeof(REAL));
    return;
  }
  for (long at = 0; at < features; at += LANES) {
    const long lanes = features - at < LANES ? features - at : LANES;
    V bias = (V)0;
    if (g->bias) bias = lanes == LANES ? load(g->bias + at) : load_part(g->bias + at, lanes);
    const V r = conv_finish((V)0, bias, g->activation);
    REAL *y = g->y + at;
    for (long j = 0; j < count; j++, y += g->position) {
      if (lanes == LANES) {
        store(y, r);
      } else {
        store_part(y, r, lanes);
      }
    }
  }
}

// The results of one phase of a band's rows and pixels.
static void conv_phase_band(const conv_call *c, const conv_rows_packed *p, const conv_phase *fy, const conv_phase *fx,
                            long first, long to, const REAL *kernel, conv_target target) {
  const conv_axis *rows = &c->axis[1], *pixels = &c->axis[2];
  const REAL *b = kernel + conv_packed_start(c, &p->z, fy, fx);
  const long block = p->z.taps * fy->taps * fx->taps * c->channels * CONV_BLOCK;
  conv_segments segments;
  conv_segments_of(c, p, fy, fx, &segments);
  if (first >= to) return;
  long lines = (to - 1 - first) / rows->phases + 1, count = fx->positions;
  const long down = rows->phases * c->y.axis[1], row = rows->advance * p->row, ai = pixels->advance * p->pixel;
  const REAL *a = p->at + (fy->coordinate + first / rows->phases * rows->advance - p->first_row) * p->row +
                  (fx->coordinate - p->first_pixel) * p->pixel;
  // Rows one behind the other in both are one row.
  if (row == count * ai && down == count * target.position) count *= lines, lines = 1;
  if (segments.count == 0 && target.feature == 1) {
    for (long q = 0; q < lines; q++, target.y += down) conv_fill(&target, count, c->features);
    return;
  }
  for (long feature = 0; feature < c->features;) {
    const long left = c->features - feature, nv = left > LANES ? CONV_NV : 1, in_block = feature % CONV_BLOCK;
    conv_sum s = {a, ai, 1, segments.offsets, segments.count, segments.length,
                  b + feature / CONV_BLOCK * block + in_block, CONV_BLOCK,
                  in_block + LANES < CONV_BLOCK ? LANES : block - in_block};
    conv_target g = target;
    g.y += feature * g.feature;
    if (g.bias) g.bias += feature;
    for (long q = 0; q < lines; q++, s.a += row, g.y += down) conv_row(&s, g, count, nv, left);
    feature += nv * LANES;
  }
}

// The results of a band of rows of one plane, from packed rows and the packed kernel of the group.
static void conv_band(const conv_call *c, const conv_rows_packed *p, const REAL *kernel, const REAL *bias, REAL *y,
                      long from, long to) {
  const long phases = c->axis[1].phases;
#ifdef CONV_HAS_APART
  if (!bias && conv_is_apart(c, p, from, to)) {
    conv_apart_band(c, p, kernel, y, from, to);
    return;
  }
#endif
  for (long p1 = 0; p1 < phases; p1++) {
    const conv_phase fy = conv_phase_at(&c->axis[1], p1);
    const long first = from + (p1 - from % phases + phases) % phases;
    if (fy.taps == 0 && c->y.feature == 1) {
      // All phases of pixels at once.
      conv_target g = {y + first * c->y.axis[1], c->y.axis[2], 1, bias, c->activation};
      for (long q = first; q < to; q += phases, g.y += phases * c->y.axis[1]) {
        conv_fill(&g, c->axis[2].positions, c->features);
      }
      continue;
    }
    for (long p2 = 0; p2 < c->axis[2].phases; p2++) {
      const conv_phase fx = conv_phase_at(&c->axis[2], p2);
      if (fx.positions == 0) continue;
      const conv_target g = {y + first * c->y.axis[1] + p2 * c->y.axis[2], c->y.axis[2] * c->axis[2].phases,
                             c->y.feature, bias, c->activation};
      conv_phase_band(c, p, &fy, &fx, first, to, kernel, g);
    }
  }
}

#include "conv_planes.h"
#include "conv_few.h"
#include "conv_winograd.h"

// Units are groups, images, planes and bands of rows.
static void netc_conv(netc_thread *t, const netc_instr *i, unsigned part) {
  conv_call c = conv_words(words(t, i));
  const long rows = c.axis[1].positions, bands = (rows + c.band - 1) / c.band, planes = c.axis[0].positions;
  const long size = conv_packed_size(&c);
  const int first = c.statistics ? 3 : 1, lists = first + (c.prologue ? 4 : 2);
  const REAL *x = operand(t, i, first), *kernel = operand(t, i, first + 1), *bias = 0;
  if (i->n > lists) bias = operand(t, i, lists);
  REAL *y = operand(t, i, 0);
#ifdef CONV_HAS_FEW
  const int few = !c.tiled && conv_is_few(&c), paired = few && conv_is_paired(&c);
#endif
  conv_winograd w = {0};
  if (c.tiled) w = conv_winograd_at(&c, t->scratch);
  long transformed = -1;  // the group whose kernel is transformed
  span s = part_of(c.groups * c.outer * planes * bands, part, i->parts);
  for (long unit = s.from; unit < s.to; unit++) {
    const long band = unit % bands, plane = unit / bands % planes, image = unit / (bands * planes) % c.outer;
    const long group = unit / (bands * planes * c.outer);
    conv_prologue(&c, t, i, first + 2, group);
    const long from = band * c.band, to = from + c.band < rows ? from + c.band : rows;
    const REAL *own = x + group * c.x.group + image * c.x.outer, *b = bias ? bias + group * c.features : 0;
    REAL *target = y + group * c.y.group + image * c.y.outer + plane * c.y.axis[0];
#ifdef CONV_HAS_FEW
    if (few) {
      conv_planes f = conv_pack_planes(&c, own, plane, from, to, paired, (REAL *)t->scratch);
      conv_ahead ahead = {0};
      if (paired && bands == 1 && planes == 1 && image + 1 < c.outer && unit + 1 < s.to) {
        ahead = conv_ahead_of(own + c.x.outer, &c.x, 1, c.axis[1].size, c.axis[2].size, c.channels);
      }
      conv_few_band(&c, &f, kernel + group * size, b, target, from, to, &ahead);
    } else
#endif
    if (c.tiled) {
      if (group != transformed) conv_winograd_kernel(&c, kernel + group * size, w.kernel);
      transformed = group;
      conv_rows_packed p = conv_pack_rows(&c, own, plane, from, to, w.rows);
      conv_winograd_band(&c, &w, &p, b, target, from, to);
    } else {
      conv_rows_packed p = conv_pack_rows(&c, own, plane, from, to, (REAL *)t->scratch);
      conv_band(&c, &p, kernel + group * size, b, target, from, to);
    }
    if (c.statistics) {
      conv_statistics(&c, target, from, to, (REAL *)operand(t, i, 1) + unit * c.features,
                      (REAL *)operand(t, i, 2) + unit * c.features);
    }
  }
}
