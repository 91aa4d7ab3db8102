// The register tile of all matrix products: MR rows by NV vectors of columns, summed over k in order.

#if NETC_ISA == 2
#define GEMM_MR 14
#define GEMM_NV 2
#define GEMM_SMALL_MR 14
#define GEMM_NARROW_MR 16
#elif NETC_ISA == 1
#define GEMM_MR 6
#define GEMM_NV 1
#define GEMM_SMALL_MR 6
#define GEMM_NARROW_MR 6
#elif defined(__aarch64__)
#define GEMM_MR 6
#define GEMM_NV 1
#define GEMM_SMALL_MR 4
#define GEMM_NARROW_MR 6
#else
#define GEMM_MR 2
#define GEMM_NV 1
#define GEMM_SMALL_MR 2
#define GEMM_NARROW_MR 2
#endif

#define GEMM_NR (GEMM_NV * LANES)
// One depth of k in every set, so that sums have one order.
#define GEMM_KC 320

// How a finished tile goes to C: C = alpha acc + base, with base = beta D + bias in the first block of k, C after.
typedef struct gemm_target {
  REAL alpha, beta;
  long row;           // C's row stride, and D's
  int first;          // whether this is the first block of k
  const REAL *bias;   // of the tile's first column, or null
  const REAL *added;  // D's element for `origin`; not read when beta is 0
  REAL *origin;       // C's element of this product
} gemm_target;

// What is added to the element of C at `to`: C itself after the first block.
INLINE const REAL *tile_old(const gemm_target *g, REAL *to) {
  return g->first ? g->added + (to - g->origin) : to;
}

INLINE V tile_base(const gemm_target *g, V c, V bias) {
  if (!g->first) return c;
  V base = g->beta == (REAL)0 ? (V)0 : g->beta == (REAL)1 ? c : g->beta * c;
  return g->bias ? base + bias : base;
}

INLINE int tile_reads(const gemm_target *g) { return !g->first || g->beta != (REAL)0; }

// The lanes of a tile's last vector; masks cost nothing where there are any.
#if NETC_ISA == 2
#define TILE_LOAD_LAST(p, tail) load_part(p, tail)
#define TILE_STORE_LAST(p, y, tail) store_part(p, y, tail)
#else
#define TILE_LOAD_LAST(p, tail) ((tail) == LANES ? load(p) : load_part(p, tail))
#define TILE_STORE_LAST(p, y, tail) ((tail) == LANES ? store(p, y) : store_part(p, y, tail))
#endif

// Adds a tile of mr rows and nv vectors to C; the last vector has `tail` columns (LANES when it is whole).
INLINE void tile_store(int mr, int nv, REAL *c, const V acc[GEMM_NARROW_MR][GEMM_NV], const gemm_target *g, long tail) {
  const V alpha = (V)g->alpha, factor = (V)(g->first ? g->beta : (REAL)1);
  const int last = nv - 1;
  V bias[GEMM_NV];
  _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) bias[v] = (V)0;
  if (g->first && g->bias) {
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) {
      bias[v] = v < last ? load(g->bias + v * LANES) : TILE_LOAD_LAST(g->bias + v * LANES, tail);
    }
  }
  // A masked store holds up the next load beside it: all loads come first.
  V y[GEMM_NARROW_MR][GEMM_NV];
  if (tile_reads(g)) {
    const REAL *old = tile_old(g, c);
    _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++) {
      _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) {
        V x = v < last ? load(old + v * LANES) : TILE_LOAD_LAST(old + v * LANES, tail);
        y[i][v] = FMA(alpha, acc[i][v], factor * x + bias[v]);
      }
      old += g->row;
    }
  } else if (g->alpha == (REAL)1 && !g->bias) {
    // The multiplication would cost as much as another step of k.
    _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++) {
      _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) y[i][v] = acc[i][v];
    }
  } else {
    _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++) {
      _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) y[i][v] = FMA(alpha, acc[i][v], bias[v]);
    }
  }
  _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++) {
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) {
      if (v < last) {
        store(c + v * LANES, y[i][v]);
      } else {
        TILE_STORE_LAST(c + v * LANES, y[i][v], tail);
      }
    }
    c += g->row;
  }
}

// Byte distances of rows: odd multiples of the stride are kept in registers, the others are scaled from them in the
// address. Hidden from the compiler, which would make a chain of additions of them.
typedef struct tile_rows {
  long odd[GEMM_NARROW_MR / 2 + 1];
} tile_rows;

INLINE tile_rows tile_row_strides(int mr, long ai) {
  tile_rows r;
  _Pragma("clang loop unroll(full)") for (int i = 0; 2 * i + 1 < mr; i++) {
    r.odd[i] = (2 * i + 1) * ai * (long)sizeof(REAL);
    __asm__("" : "+r"(r.odd[i]));
  }
  return r;
}

INLINE long tile_row_offset(const tile_rows *r, int i) {
  if (i == 0) return 0;
  const int twos = __builtin_ctz((unsigned)i);
  return r->odd[(i >> twos) / 2] << twos;
}

// The sums of mr rows (strides ai, ak) and nv vectors of b (row stride bk), whose last vector has `tail` columns, all
// of them there to read when `whole`. With `adjacent`, ai is 1. With `asks`, asks for the element of A that lies `ahead`
// behind the first of each k.
INLINE void tile_sum(int mr, int nv, long k, const REAL *a, long ai, long ak, const REAL *b, long bk, long tail,
                     REAL *c, const gemm_target *g, int whole, int adjacent, int asks, long ahead) {
  V acc[GEMM_NARROW_MR][GEMM_NV];
  tile_rows rows;
  if (!adjacent) rows = tile_row_strides(mr, ai);
  _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++) {
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) acc[i][v] = (V)0;
  }
  for (long p = 0; p < k; p++) {
    if (asks) __builtin_prefetch(a + ahead);
    V row[GEMM_NV];
    _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) {
      row[v] = whole || v < nv - 1 ? load(b + v * LANES) : load_part(b + v * LANES, tail);
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < mr; i++) {
      V x = (V)(adjacent ? a[i] : *(const REAL *)((const char *)a + tile_row_offset(&rows, i)));
      _Pragma("clang loop unroll(full)") for (int v = 0; v < nv; v++) acc[i][v] = FMA(x, row[v], acc[i][v]);
    }
    a += ak;
    b += bk;
  }
  tile_store(mr, nv, c, (const V(*)[GEMM_NV])acc, g, tail);
}

// Asks for the memory of a tile of C before its sums, for matrices that leave the caches.
INLINE void tile_prefetch(long mr, const REAL *c, const gemm_target *g) {
  for (long i = 0; i < mr; i++, c += g->row) {
    __builtin_prefetch(c, 1);
    __builtin_prefetch(c + GEMM_NR - 1, 1);
  }
}

// One height of tile on packed panels: A as [k][height], B as [k][GEMM_NR].
#define TILE_PACKED(height)                                                                                      \
  static void tile_packed_##height(long k, const REAL *a, const REAL *b, REAL *c, const gemm_target *g,          \
                                   long columns) {                                                               \
    tile_prefetch(height, c, g);                                                                                 \
    if (GEMM_NV == 1 || columns > LANES) {                                                                       \
      tile_sum(height, GEMM_NV, k, a, 1, height, b, GEMM_NR, columns - (GEMM_NV - 1) * LANES, c, g, 1, 1, 0, 0); \
    } else {                                                                                                     \
      tile_sum(height, 1, k, a, 1, height, b, GEMM_NR, columns, c, g, 1, 1, 0, 0);                               \
    }                                                                                                            \
  }

// One height of tile on matrices in place: A with any strides, B with adjacent columns, `tail` of them in the last
// vector, which are there up to the next whole vector when `whole`. Asks for what of A lies `ahead`, unless that is 0.
#define TILE_PLAIN(kind, height, nv)                                                                             \
  static void tile_##kind##_##height(long k, const REAL *a, long ai, long ak, long ahead, const REAL *b,         \
                                     long bk, REAL *c, const gemm_target *g, long tail, int whole) {             \
    if (whole && ahead) {                                                                                        \
      tile_sum(height, nv, k, a, ai, ak, b, bk, tail, c, g, 1, 0, 1, ahead);                                     \
    } else if (whole) {                                                                                          \
      tile_sum(height, nv, k, a, ai, ak, b, bk, tail, c, g, 1, 0, 0, 0);                                         \
    } else {                                                                                                     \
      tile_sum(height, nv, k, a, ai, ak, b, bk, tail, c, g, 0, 0, 0, 0);                                         \
    }                                                                                                            \
  }

typedef void (*tile_packed_fn)(long, const REAL *, const REAL *, REAL *, const gemm_target *, long);
typedef void (*tile_plain_fn)(long, const REAL *, long, long, long, const REAL *, long, REAL *, const gemm_target *,
                              long, int);

#define TILES_2(X) X(1) X(2)
#define TILES_4(X) TILES_2(X) X(3) X(4)
#define TILES_6(X) TILES_4(X) X(5) X(6)
#define TILES_8(X) TILES_6(X) X(7) X(8)
#define TILES_14(X) TILES_8(X) X(9) X(10) X(11) X(12) X(13) X(14)
#define TILES_16(X) TILES_14(X) X(15) X(16)
#define TILES_OF(count) TILES_##count
#define TILES(count) TILES_OF(count)

TILES(GEMM_MR)(TILE_PACKED)
#define TILE_WIDE(height) TILE_PLAIN(plain, height, GEMM_NV)
TILES(GEMM_SMALL_MR)(TILE_WIDE)
#define TILE_NARROW(height) TILE_PLAIN(narrow, height, 1)
TILES(GEMM_NARROW_MR)(TILE_NARROW)

#define PACKED_ENTRY(height) tile_packed_##height,
static const tile_packed_fn tile_packed[GEMM_MR + 1] = {0, TILES(GEMM_MR)(PACKED_ENTRY)};
#define WIDE_ENTRY(height) tile_plain_##height,
static const tile_plain_fn tile_plain[GEMM_SMALL_MR + 1] = {0, TILES(GEMM_SMALL_MR)(WIDE_ENTRY)};
#define NARROW_ENTRY(height) tile_narrow_##height,
static const tile_plain_fn tile_narrow[GEMM_NARROW_MR + 1] = {0, TILES(GEMM_NARROW_MR)(NARROW_ENTRY)};
