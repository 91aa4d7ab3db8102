// DEPTHWISE and its adjoint in the kernel: convolutions of each channel by itself, channels adjacent in memory.
//
// The words are those of CONV; the group is the channel, groups hold one channel and one feature.

// A kernel as [tap][channel].
static REAL *depthwise_kernel(const conv_call *c, const REAL *from, REAL *to) {
  const long taps = c->axis[0].window * c->axis[1].window * c->axis[2].window;
  for (long k = 0; k < taps; k++) {
    const REAL *x = from + conv_tap_offset(c, k);
    for (long g = 0; g < c->groups; g++) to[k * c->groups + g] = x[g * c->w.group];
  }
  return to;
}

// The element under a tap from a position of an axis; -1 for padding and gaps.
INLINE long depthwise_element(const conv_axis *a, long position, long tap) {
  const long at = position * a->stride + tap * a->dilation - a->low;
  if (at < 0 || at % a->spread) return -1;
  return at / a->spread < a->size ? at / a->spread : -1;
}

typedef struct depthwise_tap {
  long x, kernel;  // distances of the element and of the tap's numbers
} depthwise_tap;

// The taps that meet elements from a position of each axis.
static long depthwise_taps(const conv_call *c, const long *at, depthwise_tap *taps) {
  long n = 0;
  for (long k0 = 0; k0 < c->axis[0].window; k0++) {
    const long z = depthwise_element(&c->axis[0], at[0], k0);
    for (long k1 = 0; z >= 0 && k1 < c->axis[1].window; k1++) {
      const long y = depthwise_element(&c->axis[1], at[1], k1);
      for (long k2 = 0; y >= 0 && k2 < c->axis[2].window; k2++) {
        const long x = depthwise_element(&c->axis[2], at[2], k2);
        if (x < 0) continue;
        taps[n++] = (depthwise_tap){z * c->x.axis[0] + y * c->x.axis[1] + x * c->x.axis[2],
                                    ((k0 * c->axis[1].window + k1) * c->axis[2].window + k2) * c->groups};
      }
    }
  }
  return n;
}

// Units are rows of results.
static void netc_depthwise(netc_thread *t, const netc_instr *i, unsigned part) {
  const conv_call c = conv_words(words(t, i));
  const REAL *kernel = depthwise_kernel(&c, operand(t, i, 2), (REAL *)t->scratch);
  depthwise_tap taps[CONV_TAPS];
  const long rows = c.axis[1].positions, planes = c.axis[0].positions, n = c.groups;
  span s = part_of(c.outer * planes * rows, part, i->parts);
  for (long unit = s.from; unit < s.to; unit++) {
    long at[3] = {unit / rows % planes, unit % rows, 0};
    const long image = unit / (rows * planes);
    const REAL *x = (const REAL *)operand(t, i, 1) + image * c.x.outer;
    REAL *y = (REAL *)operand(t, i, 0) + image * c.y.outer + at[0] * c.y.axis[0] + at[1] * c.y.axis[1];
    for (; at[2] < c.axis[2].positions; at[2]++, y += c.y.axis[2]) {
      const long count = depthwise_taps(&c, at, taps);
      for (long g = 0; g < n; g += LANES) {
        const long lanes = n - g < LANES ? n - g : LANES;
        V acc = (V)0;
        for (long k = 0; k < count; k++) {
          const REAL *a = x + taps[k].x + g, *b = kernel + taps[k].kernel + g;
          acc = lanes == LANES ? FMA(load(a), load(b), acc) : FMA(load_part(a, lanes), load_part(b, lanes), acc);
        }
        if (lanes == LANES) {
          store(y + g, acc);
        } else {
          store_part(y + g, acc, lanes);
        }
      }
    }
  }
}

// The sums of one tap over an image's positions, for up to LANES channels.
static V depthwise_sum(const conv_call *c, const REAL *x, const REAL *d, const long *tap, long lanes) {
  V acc = (V)0;
  for (long q0 = 0; q0 < c->axis[0].positions; q0++) {
    const long z = depthwise_element(&c->axis[0], q0, tap[0]);
    for (long q1 = 0; z >= 0 && q1 < c->axis[1].positions; q1++) {
      const long y = depthwise_element(&c->axis[1], q1, tap[1]);
      for (long q2 = 0; y >= 0 && q2 < c->axis[2].positions; q2++) {
        const long p = depthwise_element(&c->axis[2], q2, tap[2]);
        if (p < 0) continue;
        const REAL *a = x + z * c->x.axis[0] + y * c->x.axis[1] + p * c->x.axis[2];
        const REAL *b = d + q0 * c->y.axis[0] + q1 * c->y.axis[1] + q2 * c->y.axis[2];
        acc = lanes == LANES ? FMA(load(a), load(b), acc) : FMA(load_part(a, lanes), load_part(b, lanes), acc);
      }
    }
  }
  return acc;
}

// Units are taps times blocks of 16 channels; each image is summed by itself.
static void netc_depthwise_kernel(netc_thread *t, const netc_instr *i, unsigned part) {
  const conv_call c = conv_words(words(t, i));
  const long taps = c.axis[0].window * c.axis[1].window * c.axis[2].window;
  const long blocks = (c.groups + CONV_BLOCK - 1) / CONV_BLOCK;
  const REAL *x = operand(t, i, 1), *d = operand(t, i, 2);
  span s = part_of(taps * blocks, part, i->parts);
  for (long unit = s.from; unit < s.to; unit++) {
    const long k = unit / blocks, first = unit % blocks * CONV_BLOCK;
    const long tap[3] = {k / (c.axis[1].window * c.axis[2].window), k / c.axis[2].window % c.axis[1].window,
                         k % c.axis[2].window};
    REAL *to = (REAL *)operand(t, i, 0) + conv_tap_offset(&c, k);
    for (long g = first; g < first + CONV_BLOCK && g < c.groups; g += LANES) {
      const long lanes = c.groups - g < LANES ? c.groups - g : LANES;
      V sum = (V)0;
      for (long image = 0; image < c.outer; image++) {
        sum += depthwise_sum(&c, x + image * c.x.outer + g, d + image * c.y.outer + g, tap, lanes);
      }
      for (long j = 0; j < lanes; j++) to[(g + j) * c.w.group] = sum[j];
    }
  }
}
