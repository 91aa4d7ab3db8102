// What the convolution kernels share: the axes of a convolution, its phases and taps, and the order of packed kernels.
//
// Position q of an axis and tap k meet the input at (q stride + k dilation - low) / spread where that is whole. With a
// spread above 1 positions fall into `phases` classes, each with taps of its own; within a class the next position is
// `advance` elements further in the input.

// The most taps of a kernel, which the planner keeps to.
#define CONV_TAPS 512

typedef struct conv_axis {
  long size, positions, window, stride, dilation, spread, low;
  long phases, advance;
  long tap_step, coordinate_step;  // from one tap of a phase to the next
} conv_axis;

// The taps of a class of positions; `coordinate` is where the first one meets the input from the first position.
typedef struct conv_phase {
  long taps, first_tap, coordinate, positions;
  long before;  // taps of the classes before
} conv_phase;

typedef struct conv_strides {
  long group, outer, feature, axis[3];
} conv_strides;

typedef struct conv_call {
  long groups, outer, channels, features;
  conv_axis axis[3];
  long all_taps[3];  // of all classes of an axis
  long band;         // rows of results that are made from one packing
  conv_strides x, y, w;  // of w: `feature` the result's, `outer` the channel
  int32_t activation;
  long blocks, splits;  // of CONV_WGRAD: blocks of the batch, splits of the features
  int32_t prologue;     // of the input: 0 none, 1 by channel x scale + shift, 2 then negative results made 0
  const REAL *scale, *shift;  // of the group at hand
  int32_t statistics;   // whether sums by feature leave each unit
  int32_t tiled;        // whether results are computed in tiles from transformed elements and kernels
} conv_call;

INLINE long conv_gcd(long a, long b) {
  while (b) {
    long r = a % b;
    a = b, b = r;
  }
  return a;
}

INLINE long floor_div(long a, long b) { return a / b - (a % b < 0); }

INLINE conv_phase conv_phase_of(const conv_axis *a, long p) {
  conv_phase f = {0, 0, 0, p < a->positions ? (a->positions - 1 - p) / a->phases + 1 : 0, 0};
  for (long k = 0; k < a->window && k < a->tap_step; k++) {
    const long at = p * a->stride + k * a->dilation - a->low;
    if (at % a->spread) continue;
    f.first_tap = k;
    f.coordinate = at / a->spread;
    f.taps = (a->window - 1 - k) / a->tap_step + 1;
    break;
  }
  return f;
}

// The classes before p counted: O(phases taps), which is O(window).
INLINE conv_phase conv_phase_at(const conv_axis *a, long p) {
  long before = 0;
  for (long q = 0; q < p; q++) before += conv_phase_of(a, q).taps;
  conv_phase f = conv_phase_of(a, p);
  f.before = before;
  return f;
}

INLINE conv_strides conv_strides_of(const int32_t *w) {
  return (conv_strides){w[0], w[1], w[2], {w[3], w[4], w[5]}};
}

INLINE conv_call conv_words(const int32_t *w) {
  conv_call c = {w[0], w[1], w[2], w[3]};
  for (int d = 0; d < 3; d++) {
    conv_axis *a = &c.axis[d];
    *a = (conv_axis){w[4 + d], w[7 + d], w[10 + d], w[13 + d], w[16 + d], w[19 + d], w[22 + d]};
    const long g = conv_gcd(a->spread, a->stride), h = conv_gcd(a->spread, a->dilation);
    a->phases = a->spread / g, a->advance = a->stride / g;
    a->tap_step = a->spread / h, a->coordinate_step = a->dilation / h;
    conv_phase last = conv_phase_at(a, a->phases - 1);
    c.all_taps[d] = last.before + last.taps;
  }
  c.band = w[25];
  c.x = conv_strides_of(w + 26);
  c.y = conv_strides_of(w + 32);
  c.w = conv_strides_of(w + 38);
  c.activation = w[44];
  c.blocks = w[45], c.splits = w[46], c.tiled = w[47], c.prologue = w[48], c.statistics = w[49];
  return c;
}

// Columns of a packed kernel come in blocks of 16, absent features as 0.
#define CONV_BLOCK 16

INLINE long conv_feature_blocks(const conv_call *c) { return (c->features + CONV_BLOCK - 1) / CONV_BLOCK; }

// A packed kernel is `[group][phase z, y, x][block of features][tap z, y, x][channel][16]`. The elements of a group:
INLINE long conv_packed_size(const conv_call *c) {
  return c->all_taps[0] * c->all_taps[1] * c->all_taps[2] * c->channels * conv_feature_blocks(c) * CONV_BLOCK;
}

// The first element of three phases within a group.
INLINE long conv_packed_start(const conv_call *c, const conv_phase *z, const conv_phase *y, const conv_phase *x) {
  const long taps =
      (z->before * c->all_taps[1] + z->taps * y->before) * c->all_taps[2] + z->taps * y->taps * x->before;
  return taps * c->channels * conv_feature_blocks(c) * CONV_BLOCK;
}

// Where a tap lies in the packed kernel of a group: the place of channel 0 in block 0, -1 for a tap that no result
// uses; from one block of features to the next.
typedef struct conv_tap {
  long start, block;
} conv_tap;

static void conv_tap_table(const conv_call *c, conv_tap *table) {
  const long window = c->axis[1].window * c->axis[2].window;
  for (long k = 0; k < c->axis[0].window * window; k++) table[k] = (conv_tap){-1, 0};
  for (long p0 = 0; p0 < c->axis[0].phases; p0++) {
    const conv_phase z = conv_phase_at(&c->axis[0], p0);
    for (long p1 = 0; p1 < c->axis[1].phases; p1++) {
      const conv_phase y = conv_phase_at(&c->axis[1], p1);
      for (long p2 = 0; p2 < c->axis[2].phases; p2++) {
        const conv_phase x = conv_phase_at(&c->axis[2], p2);
        const long taps = z.taps * y.taps * x.taps, row = c->channels * CONV_BLOCK;
        const long start = conv_packed_start(c, &z, &y, &x);
        for (long t = 0; t < taps; t++) {
          const long k0 = z.first_tap + t / (y.taps * x.taps) * c->axis[0].tap_step;
          const long k1 = y.first_tap + t / x.taps % y.taps * c->axis[1].tap_step;
          const long k2 = x.first_tap + t % x.taps * c->axis[2].tap_step;
          table[(k0 * c->axis[1].window + k1) * c->axis[2].window + k2] = (conv_tap){start + t * row, taps * row};
        }
      }
    }
  }
}
