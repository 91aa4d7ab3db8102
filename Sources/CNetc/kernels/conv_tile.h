// The register tile of convolutions: acc[i][v] = sum over segments s and k of A[offset s + i ai + k ak] B[k, v].

#if NETC_ISA == 2
#define CONV_MR 14
#define CONV_NV 2
#elif NETC_ISA == 1 || defined(__aarch64__)
#define CONV_MR 6
#define CONV_NV 1
#else
#define CONV_MR 2
#define CONV_NV 1
#endif

// What a tile sums: segments of `length` elements of A, B going on from one to the next.
typedef struct conv_sum {
  const REAL *a;
  long ai, ak;
  const int32_t *offsets;
  long segments, length;
  const REAL *b;
  long bk;      // from one k to the next
  long vector;  // from a vector of B to the one beside it
  conv_ahead *ahead;  // two of them, which sums of channels ask for, and the lines in each segment; or null
  long lines[2];
} conv_sum;

// Where the sums of a tile go: row i of vector v to y + i row + v vector.
typedef struct conv_out {
  REAL *y;
  long row, vector;
  const REAL *bias;  // of the first vector, or null
  int32_t activation;
  int32_t fresh;  // whether sums of channels begin rather than go on
} conv_out;

INLINE V conv_finish(V y, V bias, int32_t activation) {
  y += bias;
  return activation ? (y <= (V)0 ? (V)0 : y) : y;
}

// Sums of mr rows and nv vectors; with `asks`, asks meanwhile for what is read later.
INLINE void conv_tile(int mr, int nv, const conv_sum *s, long ai, long ak, long bk, int asks, V acc[CONV_MR][CONV_NV]) {
  _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++) {
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) acc[i][v] = (V)0;
  }
  const REAL *b = s->b;
  const long vector = s->vector, length = s->length;
  for (long q = 0; q < s->segments; q++) {
    const REAL *a = s->a + s->offsets[q];
    if (asks && s->ahead) {
      conv_ask(&s->ahead[0], s->lines[0]);
      conv_ask(&s->ahead[1], s->lines[1]);
    }
    for (long k = 0; k < length; k++) {
      V row[CONV_NV];
      _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) row[v] = load(b + v * vector);
      _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++) {
        V x = (V)a[i * ai];
        _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) acc[i][v] = FMA(x, row[v], acc[i][v]);
      }
      a += ak;
      b += bk;
    }
  }
}

// Writes the sums of pixels with what is done to them at the end.
INLINE void conv_tile_store(int mr, int nv, const V acc[CONV_MR][CONV_NV], const conv_out *g) {
  V bias[CONV_NV];
  _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) {
    bias[v] = g->bias ? load(g->bias + v * LANES) : (V)0;
  }
  REAL *y = g->y;
  const long row = g->row, vector = g->vector;
  const int32_t activation = g->activation;
  _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++, y += row) {
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) {
      store(y + v * vector, conv_finish(acc[i][v], bias[v], activation));
    }
  }
}

// Writes or adds the sums of channels, which lie in blocks of features.
INLINE void conv_tile_add(int mr, int nv, const V acc[CONV_MR][CONV_NV], const conv_out *g) {
  REAL *y = g->y;
  const long vector = g->vector;
  const int fresh = g->fresh;
  _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++, y += CONV_BLOCK) {
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) {
      store(y + v * vector, fresh ? acc[i][v] : load(y + v * vector) + acc[i][v]);
    }
  }
}

typedef void (*conv_tile_fn)(const conv_sum *, const conv_out *);

// Rows are pixels, k the channels of a run of taps; B is a packed kernel.
#define CONV_ROWS(mr, nv)                                                         \
  static void conv_rows_##mr##_##nv(const conv_sum *s, const conv_out *g) {       \
    V acc[CONV_MR][CONV_NV];                                                      \
    conv_tile(mr, nv, s, s->ai, 1, CONV_BLOCK, 0, acc);                              \
    conv_tile_store(mr, nv, (const V(*)[CONV_NV])acc, g);                         \
  }
// Rows are channels side by side, k pixels.
#define CONV_CHANNELS(mr, nv)                                                     \
  static void conv_channels_##mr##_##nv(const conv_sum *s, const conv_out *g) {   \
    V acc[CONV_MR][CONV_NV];                                                      \
    conv_tile(mr, nv, s, 1, s->ak, s->bk, 1, acc);                                   \
    conv_tile_add(mr, nv, (const V(*)[CONV_NV])acc, g);                           \
  }

#if CONV_NV == 2
#define CONV_TILES(mr) CONV_ROWS(mr, 1) CONV_ROWS(mr, 2) CONV_CHANNELS(mr, 1) CONV_CHANNELS(mr, 2)
#define CONV_ENTRY(kind, mr) {kind##_##mr##_1, kind##_##mr##_2}
#else
#define CONV_TILES(mr) CONV_ROWS(mr, 1) CONV_CHANNELS(mr, 1)
#define CONV_ENTRY(kind, mr) {kind##_##mr##_1}
#endif

CONV_TILES(1)
CONV_TILES(2)
#if CONV_MR >= 6
CONV_TILES(3)
CONV_TILES(4)
CONV_TILES(5)
CONV_TILES(6)
#endif
#if CONV_MR >= 14
CONV_TILES(7)
CONV_TILES(8)
CONV_TILES(9)
CONV_TILES(10)
CONV_TILES(11)
CONV_TILES(12)
CONV_TILES(13)
CONV_TILES(14)
#endif

#if CONV_MR >= 14
#define CONV_TABLE(kind)                                                                                  \
  {CONV_ENTRY(kind, 1), CONV_ENTRY(kind, 2), CONV_ENTRY(kind, 3), CONV_ENTRY(kind, 4), CONV_ENTRY(kind, 5), \
   CONV_ENTRY(kind, 6), CONV_ENTRY(kind, 7), CONV_ENTRY(kind, 8), CONV_ENTRY(kind, 9), CONV_ENTRY(kind, 10), \
   CONV_ENTRY(kind, 11), CONV_ENTRY(kind, 12), CONV_ENTRY(kind, 13), CONV_ENTRY(kind, 14)}
#elif CONV_MR >= 6
#define CONV_TABLE(kind)                                                              \
  {CONV_ENTRY(kind, 1), CONV_ENTRY(kind, 2), CONV_ENTRY(kind, 3), CONV_ENTRY(kind, 4), \
   CONV_ENTRY(kind, 5), CONV_ENTRY(kind, 6)}
#else
#define CONV_TABLE(kind) {CONV_ENTRY(kind, 1), CONV_ENTRY(kind, 2)}
#endif

static const conv_tile_fn conv_rows[CONV_MR][CONV_NV] = CONV_TABLE(conv_rows);
static const conv_tile_fn conv_channels[CONV_MR][CONV_NV] = CONV_TABLE(conv_channels);

// Twice `half` rows of one vector: channels side by side in two runs of k that lie `apart`.
INLINE void conv_pair(int half, const conv_sum *s, long apart, const conv_out *g) {
  V acc[CONV_MR][CONV_NV];
  _Pragma("clang loop unroll(full)") for (int i = 0; i < 2 * half; i++) acc[i][0] = (V)0;
  const REAL *b = s->b;
  const long ak = s->ak, bk = s->bk;
  for (long q = 0; q < s->segments; q++) {
    const REAL *a = s->a + s->offsets[q];
    for (long k = 0; k < s->length; k++) {
      const V row = load(b);
      _Pragma("clang loop unroll(full)") for (int i = 0; i < half; i++) {
        acc[i][0] = FMA((V)a[i], row, acc[i][0]);
        acc[half + i][0] = FMA((V)a[apart + i], row, acc[half + i][0]);
      }
      a += ak;
      b += bk;
    }
  }
  conv_tile_add(2 * half, 1, (const V(*)[CONV_NV])acc, g);
}

#define CONV_PAIR(half) \
  static void conv_pair_##half(const conv_sum *s, long apart, const conv_out *g) { conv_pair(half, s, apart, g); }

typedef void (*conv_pair_fn)(const conv_sum *, long, const conv_out *);

CONV_PAIR(1)
#if CONV_MR >= 6
CONV_PAIR(2)
CONV_PAIR(3)
#endif
#if CONV_MR >= 14
CONV_PAIR(4)
CONV_PAIR(5)
CONV_PAIR(6)
CONV_PAIR(7)
#endif

static const conv_pair_fn conv_pairs[CONV_MR / 2] = {
    conv_pair_1,
#if CONV_MR >= 6
    conv_pair_2, conv_pair_3,
#endif
#if CONV_MR >= 14
    conv_pair_4, conv_pair_5, conv_pair_6, conv_pair_7,
#endif
};

// Heights of about equal size for a run of n rows.
INLINE long conv_height(long n) {
  const long tiles = (n + CONV_MR - 1) / CONV_MR;
  return (n + tiles - 1) / tiles;
}
