// The elementary functions of this unit's type under one name each.
#include "math_f64.h"
#include "math_wide_f64.h"

#if NETC_TYPE == 0
#include "math_f32.h"
#define MATH(name) name##_f32
#else
#define MATH(name) name##_f64
#endif

INLINE V v_abs(V x) { return MATH(abs)(x); }
INLINE V v_exp(V x) { return MATH(exp)(x); }
INLINE V v_expm1(V x) { return MATH(expm1)(x); }
INLINE V v_log(V x) { return MATH(log)(x); }
INLINE V v_log1p(V x) { return MATH(log1p)(x); }
INLINE V v_tanh(V x) { return MATH(tanh)(x); }
INLINE V v_logistic(V x) { return MATH(logistic)(x); }
INLINE V v_erf(V x) { return MATH(erf)(x); }
INLINE V v_sin(V x) { return MATH(sin)(x); }
INLINE V v_cos(V x) { return MATH(cos)(x); }
INLINE V v_pow(V a, V b) { return MATH(pow)(a, b); }

// 1 + erf(x / √2), twice the normal distribution function, and exp(-x²/2), where it is asked for.
INLINE V v_twice_normal(V x, V *bell) {
  V b, share = MATH(normal)(x, &b);
  if (bell) *bell = b;
  return (V)2 * share;
}

// -1, 0 or 1; NaN stays.
INLINE V v_sign(V x) {
  V y = x > (V)0 ? (V)1 : x;
  return x < (V)0 ? (V)-1 : y;
}

// The remainder with the dividend's sign, exact. fmod is exact in every library, so its version does not matter.
INLINE V v_rem(V a, V b) {
  V y;
#if NETC_TYPE == 0
  for (int j = 0; j < LANES; j++) y[j] = __builtin_fmodf(a[j], b[j]);
#else
  for (int j = 0; j < LANES; j++) y[j] = __builtin_fmod(a[j], b[j]);
#endif
  return y;
}

// To int32 by truncation; NaN gives 0 and what does not fit the nearest end.
INLINE VJ v_to_int(V x) {
  V low = -2147483648.0, high = 2147483520.0;
#if NETC_TYPE == 1
  high = 2147483647.0;
#endif
  VI above = x > high;
  V y = x != x ? (V)0 : x;
  y = y < low ? low : y;
  y = y > high ? high : y;
  VJ j = CONVERT(y, VJ);
  return CONVERT(above, VJ) != 0 ? (VJ)INT32_MAX : j;
}
