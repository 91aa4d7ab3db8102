// The register tile of all matrix products: MR rows by NV vectors of columns, summed over k in order.

#if NETC_ISA == 2
#define GEMM_MR 14
#define GEMM_NV 2
#define GEMM_SMALL_MR 8
#elif NETC_ISA == 1
#define GEMM_MR 6
#define GEMM_NV 1
#define GEMM_SMALL_MR 6
#elif defined(__aarch64__)
#define GEMM_MR 6
#define GEMM_NV 1
#define GEMM_SMALL_MR 4
#else
#define GEMM_MR 2
#define GEMM_NV 1
#define GEMM_SMALL_MR 2
#endif

#define GEMM_NR (GEMM_NV * LANES)
// One depth of k in every set, so that sums have one order.
#define GEMM_KC 320

// How a finished tile goes to C: C = alpha acc + base, with base = beta C + bias in the first block of k, C after.
typedef struct gemm_target {
  REAL alpha, beta;
  long row;          // C's row stride
  int first;         // whether this is the first block of k
  const REAL *bias;  // of the tile's first column, or null
} gemm_target;

INLINE V tile_base(const gemm_target *g, V c, V bias) {
  if (!g->first) return c;
  V base = g->beta == (REAL)0 ? (V)0 : g->beta == (REAL)1 ? c : g->beta * c;
  return g->bias ? base + bias : base;
}

INLINE int tile_reads(const gemm_target *g) { return !g->first || g->beta != (REAL)0; }

// Adds a tile of mr rows and nv vectors to C; the last vector has `tail` columns (LANES when it is whole).
INLINE void tile_store(int mr, int nv, REAL *c, const V acc[GEMM_MR][GEMM_NV], const gemm_target *g, long tail) {
  const V alpha = (V)g->alpha;
  const int reads = tile_reads(g);
  for (int v = 0; v < nv; v++) {
    const int part = v == nv - 1 && tail < LANES;
    V bias = (V)0;
    if (g->bias) bias = part ? load_part(g->bias + v * LANES, tail) : load(g->bias + v * LANES);
    _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++) {
      REAL *to = c + i * g->row + v * LANES;
      if (part) {
        V old = reads ? load_part(to, tail) : (V)0;
        store_part(to, FMA(alpha, acc[i][v], tile_base(g, old, bias)), tail);
      } else {
        V old = reads ? load(to) : (V)0;
        store(to, FMA(alpha, acc[i][v], tile_base(g, old, bias)));
      }
    }
  }
}

// The sums of mr rows (strides ai, ak) and nv vectors of b (row stride bk), whose last vector has `tail` columns.
INLINE void tile_sum(int mr, int nv, long k, const REAL *a, long ai, long ak, const REAL *b, long bk, long tail,
                     REAL *c, const gemm_target *g, int whole) {
  V acc[GEMM_MR][GEMM_NV];
  _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++) {
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) acc[i][v] = (V)0;
  }
  for (long p = 0; p < k; p++) {
    V row[GEMM_NV];
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) {
      row[v] = whole || v < nv - 1 || tail == LANES ? load(b + v * LANES) : load_part(b + v * LANES, tail);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++) {
      V x = (V)a[i * ai];
      _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) acc[i][v] = FMA(x, row[v], acc[i][v]);
    }
    a += ak;
    b += bk;
  }
  tile_store(mr, nv, c, (const V(*)[GEMM_NV])acc, g, tail);
}

// One height of tile on packed panels: A as [k][height], B as [k][GEMM_NR].
#define TILE_PACKED(height)                                                                                   \
  static void tile_packed_##height(long k, const REAL *a, const REAL *b, REAL *c, const gemm_target *g, long columns) { \
    if (GEMM_NV == 1 || columns > LANES) {                                                                    \
      tile_sum(height, GEMM_NV, k, a, 1, height, b, GEMM_NR, columns - (GEMM_NV - 1) * LANES, c, g, 1);       \
    } else {                                                                                                  \
      tile_sum(height, 1, k, a, 1, height, b, GEMM_NR, columns, c, g, 1);                                     \
    }                                                                                                         \
  }

// One height of tile on matrices in place: A with any strides, B with adjacent columns, which are there up to the
// next whole vector when `padded`.
#define TILE_PLAIN(height)                                                                                    \
  static void tile_plain_##height(long k, const REAL *a, long ai, long ak, const REAL *b, long bk, REAL *c,   \
                                  const gemm_target *g, long columns, int padded) {                           \
    const long last = columns - (GEMM_NV - 1) * LANES;                                                        \
    if (last > 0 && (padded || last == LANES)) {                                                              \
      tile_sum(height, GEMM_NV, k, a, ai, ak, b, bk, last, c, g, 1);                                          \
    } else if (last > 0) {                                                                                    \
      tile_sum(height, GEMM_NV, k, a, ai, ak, b, bk, last, c, g, 0);                                          \
    } else if (padded || columns == LANES) {                                                                  \
      tile_sum(height, 1, k, a, ai, ak, b, bk, columns, c, g, 1);                                             \
    } else {                                                                                                  \
      tile_sum(height, 1, k, a, ai, ak, b, bk, columns, c, g, 0);                                             \
    }                                                                                                         \
  }

typedef void (*tile_packed_fn)(long, const REAL *, const REAL *, REAL *, const gemm_target *, long);
typedef void (*tile_plain_fn)(long, const REAL *, long, long, const REAL *, long, REAL *, const gemm_target *, long,
                              int);

TILE_PACKED(1)
TILE_PACKED(2)
TILE_PLAIN(1)
TILE_PLAIN(2)
#if GEMM_MR >= 6
TILE_PACKED(3)
TILE_PACKED(4)
TILE_PACKED(5)
TILE_PACKED(6)
TILE_PLAIN(3)
TILE_PLAIN(4)
#endif
#if GEMM_SMALL_MR >= 6
TILE_PLAIN(5)
TILE_PLAIN(6)
#endif
#if GEMM_MR >= 14
TILE_PACKED(7)
TILE_PACKED(8)
TILE_PACKED(9)
TILE_PACKED(10)
TILE_PACKED(11)
TILE_PACKED(12)
TILE_PACKED(13)
TILE_PACKED(14)
TILE_PLAIN(7)
TILE_PLAIN(8)
#endif

static const tile_packed_fn tile_packed[GEMM_MR + 1] = {
    0, tile_packed_1, tile_packed_2,
#if GEMM_MR >= 6
    tile_packed_3, tile_packed_4, tile_packed_5, tile_packed_6,
#endif
#if GEMM_MR >= 14
    tile_packed_7, tile_packed_8, tile_packed_9, tile_packed_10, tile_packed_11, tile_packed_12, tile_packed_13,
    tile_packed_14,
#endif
};

static const tile_plain_fn tile_plain[GEMM_SMALL_MR + 1] = {
    0, tile_plain_1, tile_plain_2,
#if GEMM_SMALL_MR >= 4
    tile_plain_3, tile_plain_4,
#endif
#if GEMM_SMALL_MR >= 6
    tile_plain_5, tile_plain_6,
#endif
#if GEMM_SMALL_MR >= 8
    tile_plain_7, tile_plain_8,
#endif
};
