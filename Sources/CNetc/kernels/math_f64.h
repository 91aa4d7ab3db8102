// Elementary functions on eight doubles. Coefficients are minimax fits on the ranges stated; r, z and s are the
// reduced arguments. All ranges, infinities, NaN and both zeros are handled without branches.

#define POLY(r, p, c, n) for (int j_ = (n) - 1; j_ >= 0; j_--) p = FMA(p, r, (__typeof__(p))(c)[j_])

INLINE f64x8 abs_f64(f64x8 x) { return (f64x8)((i64x8)x & 0x7fffffffffffffffll); }

INLINE f64x8 with_sign_f64(f64x8 magnitude, f64x8 sign) {
  i64x8 bit = (i64x8)sign & INT64_MIN;
  return (f64x8)((i64x8)magnitude | bit);
}

// 2^n for -1022 <= n <= 1023.
INLINE f64x8 power_of_two_f64(i64x8 n) { return (f64x8)((n + 1023) << 52); }

// y * 2^n in one rounding, gradual underflow and overflow included; `whole` is n.
INLINE f64x8 scale_f64(f64x8 y, i64x8 n, f64x8 whole) {
#if NETC_ISA == 2
  (void)n;
  return (f64x8)__builtin_ia32_scalefpd512_mask(y, whole, y, (uint8_t)-1, 4);
#else
  (void)whole;
  i64x8 half = n >> 1;
  return y * power_of_two_f64(half) * power_of_two_f64(n - half);
#endif
}

static const double exp_coefficients_f64[] = {
    0x1.000000000000bp-1,  0x1.5555555555561p-3,  0x1.555555555000fp-5,  0x1.111111110d62bp-7,
    0x1.6c16c185aeb9bp-10, 0x1.a01a01bae6e54p-13, 0x1.a019967f223c0p-16, 0x1.71dddfc229868p-19,
    0x1.28b05ca48667cp-22, 0x1.af85964090871p-26};

// exp(r) - 1 for |r| <= ln(2) / 2.
INLINE f64x8 expm1_reduced_f64(f64x8 r) {
  const double *c = exp_coefficients_f64;
  f64x8 p = c[9];
  POLY(r, p, c, 9);
  return FMA(r * r, p, r);
}

// n = round(x / ln 2), returned with r = x - n ln 2 and n as `whole`.
INLINE i64x8 reduce_exp_f64(f64x8 x, f64x8 *r, f64x8 *whole) {
  const f64x8 magic = 0x1.8p52;
  f64x8 k = FMA(x, (f64x8)0x1.71547652b82fep0, magic);
  i64x8 n = (i64x8)k - (i64x8)magic;
  k -= magic;
  f64x8 t = FMA(k, (f64x8)-0x1.62e42fee00000p-1, x);
  *r = FMA(k, (f64x8)-0x1.a39ef35793c76p-33, t);
  *whole = k;
  return n;
}

// For -746 <= x <= 710.
INLINE f64x8 exp_within_f64(f64x8 x) {
  f64x8 r, whole;
  i64x8 n = reduce_exp_f64(x, &r, &whole);
  return scale_f64(1.0 + expm1_reduced_f64(r), n, whole);
}

// For x <= 710.
INLINE f64x8 exp_below_f64(f64x8 x) { return exp_within_f64(x < -746.0 ? (f64x8)-746.0 : x); }

INLINE f64x8 exp_f64(f64x8 x) { return exp_below_f64(x > 710.0 ? (f64x8)710.0 : x); }

INLINE f64x8 expm1_f64(f64x8 x) {
  x = x > 710.0 ? (f64x8)710.0 : x;
  x = x < -40.0 ? (f64x8)-40.0 : x;
  f64x8 r, whole;
  i64x8 n = reduce_exp_f64(x, &r, &whole);
  f64x8 s = power_of_two_f64(n - 1);
  return 2.0 * FMA(s, expm1_reduced_f64(r), s - 0.5);
}

// x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)); x positive and finite.
INLINE f64x8 split_f64(f64x8 x, f64x8 *f) {
  i64x8 tiny = x < 0x1p-1022;
  x = tiny ? x * 0x1p54 : x;
  i64x8 bits = (i64x8)x;
  i64x8 k = (bits - 0x3fe6a09e667f3bcdll) >> 52;
  *f = (f64x8)(bits - (k << 52)) - 1.0;
  k = tiny ? k - 54 : k;
  const f64x8 magic = 0x1.8p52;
  return (f64x8)(k + (i64x8)magic) - magic;
}

static const double log_coefficients_f64[] = {
    0x1.5555555555593p-1, 0x1.999999997fb31p-2, 0x1.2492494217a8bp-2, 0x1.c71c51e7f3125p-3,
    0x1.7466462d33713p-3, 0x1.39a0f4f5f828fp-3, 0x1.2f0d8ef234f70p-3};

// k ln 2 + log(1 + f) + extra, where s = f / (2 + f): log(1 + f) = f - f²/2 + s (f²/2 + z P(z)), z = s².
INLINE f64x8 log_sum_f64(f64x8 k, f64x8 f, f64x8 extra) {
  const double *c = log_coefficients_f64;
  f64x8 s = f / (2.0 + f);
  f64x8 z = s * s;
  f64x8 p = c[6];
  POLY(z, p, c, 6);
  f64x8 half = 0.5 * f * f;
  f64x8 low = FMA(k, (f64x8)0x1.a39ef35793c76p-33, extra);
  f64x8 t = FMA(s, FMA(z, p, half), low);
  return FMA(k, (f64x8)0x1.62e42fee00000p-1, f - (half - t));
}

INLINE f64x8 log_edges_f64(f64x8 x, f64x8 y) {
  y = x == (f64x8)__builtin_inf() ? x : y;
  y = x == 0.0 ? (f64x8)-__builtin_inf() : y;
  return ((x < 0.0) | (x != x)) ? (f64x8)__builtin_nan("") : y;
}

INLINE f64x8 log_f64(f64x8 x) {
  f64x8 f;
  f64x8 k = split_f64(x, &f);
  return log_edges_f64(x, log_sum_f64(k, f, (f64x8)0.0));
}

// The rounding error of u = 1 + x is returned to the sum as c / u.
INLINE f64x8 log1p_f64(f64x8 x) {
  f64x8 u = 1.0 + x, f;
  f64x8 k = split_f64(u, &f);
  f64x8 c = x > 1.0 ? 1.0 - (u - x) : x - (u - 1.0);
  return log_edges_f64(u, log_sum_f64(k, f, c / u));
}

// tanh |x| = -t / (2 + t) with t = expm1(-2 |x|).
INLINE f64x8 tanh_f64(f64x8 x) {
  f64x8 t = expm1_f64(-2.0 * abs_f64(x));
  return with_sign_f64(abs_f64(t / (2.0 + t)), x);
}

// 1 / (1 + exp(-x)), from exp(-|x|) so that nothing overflows.
INLINE f64x8 logistic_f64(f64x8 x) {
  f64x8 e = exp_below_f64(-abs_f64(x));
  return (x < 0.0 ? e : (f64x8)1.0) / (1.0 + e);
}

static const double erf_coefficients_f64[] = {
    0x1.20dd750429b6dp+0,  -0x1.812746b0379e6p-2, 0x1.ce2f21a042b20p-4,  -0x1.b82ce3128499cp-6,
    0x1.565bcd0db02d4p-8,  -0x1.c02db3d8ecfdfp-11, 0x1.f9a321a11a349p-14, -0x1.f4d1df391244ap-17,
    0x1.b9def19b9e2ffp-20, -0x1.5f1d36b25e4a8p-23, 0x1.f7a411a79d0b6p-27, -0x1.386abf87c42c6p-30,
    0x1.0579a84a13714p-34};
static const double erfcx_coefficients_f64[] = {
    0x1.058671b52c776p-2,  -0x1.b57034efd3f55p-2, 0x1.eeea7dc8a78c8p-3,  -0x1.437f0b68cd78dp-4,
    0x1.e947158af9d4dp-9,  0x1.ca95ed8b1e827p-8,  -0x1.bc258d27418d0p-11, -0x1.016b5542898d0p-10,
    0x1.6d335fe089193p-15, 0x1.6d81ffb4e24adp-13, 0x1.cf91c13172beap-16, -0x1.be0e73e405c87p-16,
    -0x1.a78719c376832p-17};

typedef _Bool b1x8 __attribute__((ext_vector_type(8)));

// Whether a comparison holds in any lane.
INLINE int any_f64(i64x8 mask) { return __builtin_reduce_or(CONVERT(mask, b1x8)); }

// x P(x²) up to 1; 1 - exp(-x²) Q((x - 2) / (x + 2)) from there to 6, where erf rounds to 1.
INLINE f64x8 erf_f64(f64x8 x) {
  f64x8 a = abs_f64(x);
  const double *c = erf_coefficients_f64, *d = erfcx_coefficients_f64;
  f64x8 z = a * a, p = c[12];
  POLY(z, p, c, 12);
  // Most numbers of a network are small.
  if (!any_f64(a >= 1.0)) return with_sign_f64(a * p, x);
  f64x8 b = a > 6.0 ? (f64x8)6.0 : a;
  f64x8 t = (b - 2.0) / (b + 2.0), q = d[12];
  POLY(t, q, d, 12);
  f64x8 far = 1.0 - exp_within_f64(-b * b) * q;
  f64x8 y = a < 1.0 ? a * p : far;
  return with_sign_f64(y, x);
}

// The normal distribution function of x, and exp(-x²/2), in the parts of erf: see math_f32.h.
INLINE f64x8 normal_f64(f64x8 x, f64x8 *bell) {
  f64x8 a = 0x1.6a09e667f3bcdp-1 * abs_f64(x), z = 0.5 * x * x;
  const double *c = erf_coefficients_f64, *d = erfcx_coefficients_f64;
  f64x8 p = c[12];
  POLY(z, p, c, 12);
  *bell = exp_below_f64(-z);
  f64x8 near = FMA(0.5 * with_sign_f64(a, x), p, (f64x8)0.5);
  if (!any_f64(a >= 1.0)) return near;
  f64x8 b = a > 6.0 ? (f64x8)6.0 : a;
  f64x8 t = (b - 2.0) / (b + 2.0), q = d[12];
  POLY(t, q, d, 12);
  f64x8 tail = 0.5 * q * *bell;
  f64x8 far = x < 0.0 ? tail : 1.0 - tail;
  return a < 1.0 ? near : far;
}
