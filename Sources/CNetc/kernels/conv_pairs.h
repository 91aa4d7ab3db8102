// CONV with at most half a vector of features and the result's features side by side: each feature has two lanes, for
// two pixels side by side, so that every lane works whatever the width. Sums have the order of the other tiles.

// The most pairs of a row that are summed at a time.
#define CONV_PAIRS 7

// The first eight numbers, each in two lanes.
INLINE V conv_twice(V x) {
  return __builtin_shufflevector(x, x, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
}

// The sums of pairs of two rows.
INLINE void conv_pair_sums(int pairs, const conv_few_sum *s, V acc[2][CONV_PAIRS]) {
  const tile_rows places = tile_row_strides(pairs, 2 * s->pixel);
  _Pragma("clang loop unroll(full)") for (int i = 0; i < pairs; i++) acc[0][i] = acc[1][i] = (V)0;
  const REAL *b = s->b;
  const long channel = s->channel, other = (s->a[1] - s->a[0]) * (long)sizeof(REAL);
  for (long r = 0; r < s->row_count; r++) {
    for (long t = 0; t < s->taps; t++) {
      const REAL *a = s->a[0] + s->rows[r] + t * s->step;
      for (long k = 0; k < s->channels; k++) {
        const V w = conv_twice(load(b));
        _Pragma("clang loop unroll(full)") for (int i = 0; i < pairs; i++) {
          const char *at = (const char *)a + tile_row_offset(&places, i);
          double first, second;
          __builtin_memcpy(&first, at, sizeof first);
          __builtin_memcpy(&second, at + other, sizeof second);
          acc[0][i] = FMA((V)(f64x8)first, w, acc[0][i]);
          acc[1][i] = FMA((V)(f64x8)second, w, acc[1][i]);
        }
        a += channel;
        b += CONV_BLOCK;
      }
    }
  }
}

// The features of the two pixels of a pair one behind the other.
INLINE V conv_pair_turn(V x) {
  return __builtin_shufflevector(x, x, 0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);
}

INLINE V conv_second_half(V x) {
  return __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
}

// Writes a pair, or its first pixel alone.
INLINE void conv_pair_store(const conv_call *c, V x, REAL *y, long position, int both) {
  const V turned = conv_pair_turn(x);
  if (c->features == CONV_FEW && position == CONV_FEW && both) {
    store(y, turned);
    return;
  }
  store_part(y, turned, c->features);
  if (both) store_part(y + position, conv_second_half(turned), c->features);
}

// Where the results of two rows of pairs go.
typedef struct conv_pair_out {
  REAL *y[2];
  long position, pixels;  // from one to the next; of the tile
  const REAL *bias;
} conv_pair_out;

INLINE void conv_pair_tile(int pairs, const conv_call *c, const conv_few_sum *s, const conv_pair_out *out) {
  V acc[2][CONV_PAIRS];
  conv_pair_sums(pairs, s, acc);
  const V bias = out->bias ? conv_twice(load_part(out->bias, c->features)) : (V)0;
  _Pragma("clang loop unroll(full)") for (int row = 0; row < 2; row++) {
    REAL *y = out->y[row];
    if (!y) continue;
    _Pragma("clang loop unroll(full)") for (int i = 0; i < pairs; i++, y += 2 * out->position) {
      conv_pair_store(c, conv_finish(acc[row][i], bias, c->activation), y, out->position, 2 * i + 1 < out->pixels);
    }
  }
}

typedef void (*conv_pair_tile_fn)(const conv_call *, const conv_few_sum *, const conv_pair_out *);

#define PAIR_TILE(pairs)                                                                                \
  static void conv_pairs_##pairs(const conv_call *c, const conv_few_sum *s, const conv_pair_out *out) { \
    conv_pair_tile(pairs, c, s, out);                                                                   \
  }

PAIR_TILE(1)
PAIR_TILE(2)
PAIR_TILE(3)
PAIR_TILE(4)
PAIR_TILE(5)
PAIR_TILE(6)
PAIR_TILE(7)
static const conv_pair_tile_fn conv_pair_tiles[CONV_PAIRS] = {
    conv_pairs_1, conv_pairs_2, conv_pairs_3, conv_pairs_4, conv_pairs_5, conv_pairs_6, conv_pairs_7,
};

// The results of two rows of `count` pixels, or of one where y[1] is null.
INLINE void conv_pair_rows(const conv_call *c, conv_few_sum s, conv_pair_out out, long count) {
  const long pairs = (count + 1) / 2, tiles = (pairs + CONV_PAIRS - 1) / CONV_PAIRS;
  const long width = (pairs + tiles - 1) / tiles;
  for (long i = 0; i < pairs; i += width) {
    const long own = pairs - i < width ? pairs - i : width;
    out.pixels = count - 2 * i;
    conv_pair_tiles[own - 1](c, &s, &out);
    for (int row = 0; row < 2; row++) {
      s.a[row] += 2 * width * s.pixel;
      if (out.y[row]) out.y[row] += 2 * width * out.position;
    }
  }
}
