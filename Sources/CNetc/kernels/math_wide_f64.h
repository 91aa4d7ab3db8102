// Functions that both types compute in double: sine, cosine, power. Power carries its logarithm in two doubles.

static const double sin_coefficients_f64[] = {
    -0x1.5555555555549p-3, 0x1.111111110f87ap-7,   -0x1.a01a019c11996p-13,
    0x1.71de3577b6ac2p-19, -0x1.ae5e663a9d3b1p-26, 0x1.5d9300ffafae1p-33};
static const double cos_coefficients_f64[] = {
    0x1.555555555554cp-5,   -0x1.6c16c16c1517ep-10, 0x1.a01a019cb1bdap-16,
    -0x1.27e4f809f09efp-22, 0x1.1ee9ebe931b32p-29,  -0x1.8fae9c7b1e002p-37};

// Beyond this the three-part reduction by π/2 loses digits.
#define NETC_TRIG_LIMIT 1.6e6

// sin(x + quadrant π/2), with π/2 in parts of 33 bits whose products with n are exact.
INLINE f64x8 sine_at_f64(f64x8 x, int64_t quadrant) {
  const f64x8 magic = 0x1.8p52;
  f64x8 k = x * 0x1.45f306dc9c883p-1 + magic;
  i64x8 n = (i64x8)k - (i64x8)magic + quadrant;
  k -= magic;
  f64x8 r0 = x - k * 0x1.921fb54400000p0;
  f64x8 w = k * 0x1.0b4611a600000p-34;
  f64x8 r1 = r0 - w;
  f64x8 low = (r0 - r1) - w - k * 0x1.3198a2e037073p-69;
  f64x8 r = r1 + low;
  f64x8 z = r * r;
  f64x8 s = sin_coefficients_f64[5], c = cos_coefficients_f64[5];
  POLY(z, s, sin_coefficients_f64, 5);
  POLY(z, c, cos_coefficients_f64, 5);
  s = FMA(r * z, s, r);
  c = 1.0 - (0.5 * z - z * z * c);
  f64x8 y = (n & 1) != 0 ? c : s;
  return (n & 2) != 0 ? -y : y;
}

INLINE f64x8 sin_f64(f64x8 x) {
  f64x8 y = sine_at_f64(x, 0);
  for (int j = 0; j < 8; j++) {
    if (!(x[j] < NETC_TRIG_LIMIT && x[j] > -NETC_TRIG_LIMIT)) y[j] = __builtin_sin(x[j]);
  }
  return y;
}

INLINE f64x8 cos_f64(f64x8 x) {
  f64x8 y = sine_at_f64(x, 1);
  for (int j = 0; j < 8; j++) {
    if (!(x[j] < NETC_TRIG_LIMIT && x[j] > -NETC_TRIG_LIMIT)) y[j] = __builtin_cos(x[j]);
  }
  return y;
}

// a b + c in one rounding even where the set has no such instruction.
INLINE f64x8 exact_fma_f64(f64x8 a, f64x8 b, f64x8 c) {
#if NETC_HAS_FMA
  return FMA(a, b, c);
#else
  f64x8 y;
  for (int j = 0; j < 8; j++) y[j] = __builtin_fma(a[j], b[j], c[j]);
  return y;
#endif
}

static const double log_tail_coefficients_f64[] = {
    0x1.9999999999996p-2, 0x1.2492492493049p-2, 0x1.c71c71c57e007p-3, 0x1.745d18337a235p-3,
    0x1.3b13626747a7dp-3, 0x1.1120c1797051ep-3, 0x1.de318f89d6dd9p-4, 0x1.eb20cb71cd070p-4};

// log x as high + low, relative error near 2^-64; x positive and finite.
// log(1 + f) = 2 s + s z (2/3 + z P(z)) with s = f / (2 + f), z = s².
INLINE f64x8 log_pair_f64(f64x8 x, f64x8 *low) {
  f64x8 f;
  f64x8 k = split_f64(x, &f);
  f64x8 u = 2.0 + f, u_low = f - (u - 2.0);
  f64x8 s = f / u;
  f64x8 s_low = exact_fma_f64(-s, u_low, exact_fma_f64(-s, u, f)) / u;
  f64x8 z = s * s;
  f64x8 z_low = exact_fma_f64(s, s, -z) + 2.0 * s * s_low;
  const double *c = log_tail_coefficients_f64;
  f64x8 p = c[7];
  POLY(z, p, c, 7);
  f64x8 t = z * p;
  f64x8 q = 0x1.5555555555555p-1 + t;
  f64x8 q_low = (0x1.5555555555555p-1 - q) + t + 0x1.5555555555555p-55;
  f64x8 w = z * q;
  f64x8 w_low = exact_fma_f64(z, q, -w) + (z * q_low + z_low * q);
  f64x8 v = s * w;
  f64x8 v_low = exact_fma_f64(s, w, -v) + (s * w_low + s_low * w);
  f64x8 whole = k * 0x1.62e42fefa3800p-1;
  f64x8 a = whole + 2.0 * s;
  f64x8 a_part = a - whole;
  f64x8 a_low = (whole - (a - a_part)) + (2.0 * s - a_part);
  f64x8 b = a + v;
  f64x8 b_part = b - a;
  f64x8 b_low = (a - (b - b_part)) + (v - b_part);
  f64x8 rest = a_low + b_low + (2.0 * s_low + v_low + k * 0x1.ef35793c76730p-45);
  f64x8 high = b + rest;
  *low = (b - high) + rest;
  return high;
}

// a^b as C's pow defines it.
INLINE f64x8 pow_f64(f64x8 a, f64x8 b) {
  const f64x8 infinity = __builtin_inf(), one = 1.0, zero = 0.0;
  f64x8 x = abs_f64(a), low;
  f64x8 high = log_pair_f64(x, &low);
  f64x8 p = b * high;
  f64x8 p_low = exact_fma_f64(b, high, -p) + b * low;
  i64x8 far = (p > 720.0) | (p < -760.0) | (p != p);
  p_low = far ? zero : p_low;
  p = p > 720.0 ? (f64x8)720.0 : p;
  p = p < -760.0 ? (f64x8)-760.0 : p;
  f64x8 r, scale;
  i64x8 n = reduce_exp_f64(p, &r, &scale);
  f64x8 y = scale_f64(1.0 + expm1_reduced_f64(r + p_low), n, scale);
  f64x8 up = b > zero ? infinity : zero, down = b > zero ? zero : infinity;
  y = x == infinity ? up : y;
  y = x == zero ? down : y;
  f64x8 steep = x > one ? up : down;
  y = abs_f64(b) == infinity ? (x == one ? one : steep) : y;
  i64x8 whole = __builtin_elementwise_floor(b) == b;
  i64x8 odd = whole & (__builtin_elementwise_floor(b * 0.5) * 2.0 != b);
  i64x8 negative = (i64x8)a < 0;
  y = (negative & odd) ? -y : y;
  i64x8 invalid = (a < zero) & ~whole & (x != infinity) & (abs_f64(b) != infinity);
  y = invalid ? (f64x8)__builtin_nan("") : y;
  y = ((a != a) | (b != b)) ? a + b : y;
  return ((b == zero) | (a == one)) ? one : y;
}
