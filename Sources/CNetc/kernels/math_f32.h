// Elementary functions on sixteen floats: the forms of math_f64.h with shorter polynomials.

INLINE f32x16 abs_f32(f32x16 x) { return (f32x16)((i32x16)x & 0x7fffffff); }

INLINE f32x16 with_sign_f32(f32x16 magnitude, f32x16 sign) {
  return (f32x16)((i32x16)magnitude | ((i32x16)sign & INT32_MIN));
}

// 2^n for -126 <= n <= 127.
INLINE f32x16 power_of_two_f32(i32x16 n) { return (f32x16)((n + 127) << 23); }

// y * 2^n in one rounding, gradual underflow and overflow included; `whole` is n.
INLINE f32x16 scale_f32(f32x16 y, i32x16 n, f32x16 whole) {
#if NETC_ISA == 2
  return (f32x16)__builtin_ia32_scalefps512_mask(y, whole, y, (uint16_t)-1, 4);
#else
  (void)whole;
  i32x16 half = n >> 1;
  return y * power_of_two_f32(half) * power_of_two_f32(n - half);
#endif
}

static const float exp_coefficients_f32[] = {0.5f, 0.166665181517601f, 0.04166620597243309f,
                                             0.00836890283972025f, 0.0013950514839962125f};

// exp(r) - 1 for |r| <= ln(2) / 2.
INLINE f32x16 expm1_reduced_f32(f32x16 r) {
  const float *c = exp_coefficients_f32;
  f32x16 p = c[4];
  POLY(r, p, c, 4);
  return FMA(r * r, p, r);
}

// n = round(x / ln 2), returned with r = x - n ln 2 and n as `whole`.
INLINE i32x16 reduce_exp_f32(f32x16 x, f32x16 *r, f32x16 *whole) {
  const f32x16 magic = 0x1.8p23f;
  f32x16 k = FMA(x, (f32x16)1.44269504f, magic);
  i32x16 n = (i32x16)k - (i32x16)magic;
  k -= magic;
  f32x16 t = FMA(k, (f32x16)-0.693145751953125f, x);
  *r = FMA(k, (f32x16)-1.4286068203e-6f, t);
  *whole = k;
  return n;
}

// exp(x) for -104 <= x <= 89.
INLINE f32x16 exp_within_f32(f32x16 x) {
  f32x16 r, whole;
  i32x16 n = reduce_exp_f32(x, &r, &whole);
  return scale_f32(1.0f + expm1_reduced_f32(r), n, whole);
}

// exp(x) for x <= 89.
INLINE f32x16 exp_below_f32(f32x16 x) { return exp_within_f32(x < -104.0f ? (f32x16)-104.0f : x); }

INLINE f32x16 exp_f32(f32x16 x) { return exp_below_f32(x > 89.0f ? (f32x16)89.0f : x); }

INLINE f32x16 expm1_f32(f32x16 x) {
  x = x > 89.0f ? (f32x16)89.0f : x;
  x = x < -18.0f ? (f32x16)-18.0f : x;
  f32x16 r, whole;
  i32x16 n = reduce_exp_f32(x, &r, &whole);
  f32x16 s = power_of_two_f32(n - 1);
  return 2.0f * FMA(s, expm1_reduced_f32(r), s - 0.5f);
}

// x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)); x positive and finite.
INLINE f32x16 split_f32(f32x16 x, f32x16 *f) {
  i32x16 tiny = x < 0x1p-126f;
  x = tiny ? x * 0x1p25f : x;
  i32x16 bits = (i32x16)x;
  i32x16 k = (bits - 0x3f3504f3) >> 23;
  *f = (f32x16)(bits - (k << 23)) - 1.0f;
  k = tiny ? k - 25 : k;
  return CONVERT(k, f32x16);
}

static const float log_coefficients_f32[] = {0.6666666269302368f, 0.4000033736228943f,
                                             0.28537237644195557f, 0.23583568632602692f};

// k ln 2 + log(1 + f) + extra, as in double.
INLINE f32x16 log_sum_f32(f32x16 k, f32x16 f, f32x16 extra) {
  const float *c = log_coefficients_f32;
  f32x16 s = f / (2.0f + f);
  f32x16 z = s * s;
  f32x16 p = c[3];
  POLY(z, p, c, 3);
  f32x16 half = 0.5f * f * f;
  f32x16 low = FMA(k, (f32x16)1.4286068203e-6f, extra);
  f32x16 t = FMA(s, FMA(z, p, half), low);
  return FMA(k, (f32x16)0.693145751953125f, f - (half - t));
}

INLINE f32x16 log_edges_f32(f32x16 x, f32x16 y) {
  y = x == (f32x16)__builtin_inff() ? x : y;
  y = x == 0.0f ? (f32x16)-__builtin_inff() : y;
  return ((x < 0.0f) | (x != x)) ? (f32x16)__builtin_nanf("") : y;
}

INLINE f32x16 log_f32(f32x16 x) {
  f32x16 f;
  f32x16 k = split_f32(x, &f);
  return log_edges_f32(x, log_sum_f32(k, f, (f32x16)0.0f));
}

// The rounding error of u = 1 + x is returned to the sum as c / u.
INLINE f32x16 log1p_f32(f32x16 x) {
  f32x16 u = 1.0f + x, f;
  f32x16 k = split_f32(u, &f);
  f32x16 c = x > 1.0f ? 1.0f - (u - x) : x - (u - 1.0f);
  return log_edges_f32(u, log_sum_f32(k, f, c / u));
}

// tanh |x| = -t / (1 + t) with 2 t = expm1(-2 |x|).
INLINE f32x16 tanh_f32(f32x16 x) {
  f32x16 a = abs_f32(x), r, whole;
  a = a > 9.0f ? (f32x16)9.0f : a;
  i32x16 n = reduce_exp_f32(-2.0f * a, &r, &whole);
  f32x16 s = power_of_two_f32(n - 1);
  f32x16 t = FMA(s, expm1_reduced_f32(r), s - 0.5f);
  return with_sign_f32(abs_f32(t / (1.0f + t)), x);
}

// 1 / (1 + exp(-x)), from exp(-|x|) so that nothing overflows.
INLINE f32x16 logistic_f32(f32x16 x) {
  f32x16 e = exp_below_f32(-abs_f32(x));
  return (x < 0.0f ? e : (f32x16)1.0f) / (1.0f + e);
}

static const float erf_coefficients_f32[] = {
    1.1283791065216064f,    -0.3761262595653534f,   0.1128358542919159f,  -0.026853812858462334f,
    0.005188327748328447f, -0.0008010193705558777f, 7.853861461626366e-05f};
static const float erfcx_coefficients_f32[] = {0.25539568066596985f,  -0.42718586325645447f,
                                               0.24165721237659454f,  -0.07898743450641632f,
                                               0.0037279364187270403f, 0.007210456300526857f};

// x P(x²) up to 1; 1 - exp(-x²) Q((x - 2) / (x + 2)) from there to 4, where erf rounds to 1.
INLINE f32x16 erf_f32(f32x16 x) {
  f32x16 a = abs_f32(x);
  const float *c = erf_coefficients_f32, *d = erfcx_coefficients_f32;
  f32x16 z = a * a, p = c[6];
  POLY(z, p, c, 6);
  f32x16 b = a > 4.0f ? (f32x16)4.0f : a;
  f32x16 t = (b - 2.0f) / (b + 2.0f), q = d[5];
  POLY(t, q, d, 5);
  f32x16 far = 1.0f - exp_within_f32(-b * b) * q;
  f32x16 y = a < 1.0f ? a * p : far;
  return with_sign_f32(y, x);
}

// The normal distribution function of x, and exp(-x²/2), in the parts of erf: (1 + y P(y²)) / 2 with y = x / √2 near 0,
// where erfc has digits of its own exp(-y²) Q / 2 below and 1 less that above.
INLINE f32x16 normal_f32(f32x16 x, f32x16 *bell) {
  f32x16 a = 0.70710678f * abs_f32(x), z = 0.5f * x * x;
  const float *c = erf_coefficients_f32, *d = erfcx_coefficients_f32;
  f32x16 p = c[6];
  POLY(z, p, c, 6);
  f32x16 b = a > 4.0f ? (f32x16)4.0f : a;
  f32x16 t = (b - 2.0f) / (b + 2.0f), q = d[5];
  POLY(t, q, d, 5);
  *bell = exp_below_f32(-z);
  f32x16 tail = 0.5f * q * *bell;
  f32x16 far = x < 0.0f ? tail : 1.0f - tail;
  return a < 1.0f ? FMA(0.5f * with_sign_f32(a, x), p, (f32x16)0.5f) : far;
}

// A function on two halves in double, rounded once.
#define IN_DOUBLE(low_half, high_half)                                                   \
  f32x8 l_ = CONVERT((low_half), f32x8), h_ = CONVERT((high_half), f32x8);               \
  return __builtin_shufflevector(l_, h_, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

INLINE f32x16 sin_f32(f32x16 x) {
  IN_DOUBLE(sin_f64(CONVERT(x.lo, f64x8)), sin_f64(CONVERT(x.hi, f64x8)));
}

INLINE f32x16 cos_f32(f32x16 x) {
  IN_DOUBLE(cos_f64(CONVERT(x.lo, f64x8)), cos_f64(CONVERT(x.hi, f64x8)));
}

INLINE f32x16 pow_f32(f32x16 a, f32x16 b) {
  IN_DOUBLE(pow_f64(CONVERT(a.lo, f64x8), CONVERT(b.lo, f64x8)),
            pow_f64(CONVERT(a.hi, f64x8), CONVERT(b.hi, f64x8)));
}
