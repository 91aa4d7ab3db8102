// Vector types of 64 bytes and what every kernel says about them. A set with narrower registers splits them,
// so sums over lanes have one order everywhere.
#ifndef NETC_VECTORS_H
#define NETC_VECTORS_H

#include "cnetc.h"

#pragma clang fp contract(off)

typedef float f32x16 __attribute__((ext_vector_type(16)));
typedef float f32x8 __attribute__((ext_vector_type(8)));
typedef float f32x4 __attribute__((ext_vector_type(4)));
typedef double f64x8 __attribute__((ext_vector_type(8)));
typedef double f64x4 __attribute__((ext_vector_type(4)));
typedef int32_t i32x16 __attribute__((ext_vector_type(16)));
typedef int32_t i32x8 __attribute__((ext_vector_type(8)));
typedef uint32_t u32x16 __attribute__((ext_vector_type(16)));
typedef uint32_t u32x8 __attribute__((ext_vector_type(8)));
typedef int64_t i64x8 __attribute__((ext_vector_type(8)));
typedef uint64_t u64x8 __attribute__((ext_vector_type(8)));
typedef uint8_t u8x16 __attribute__((ext_vector_type(16)));
typedef uint8_t u8x8 __attribute__((ext_vector_type(8)));

#define INLINE static inline __attribute__((always_inline, unused))

// FMA in one rounding where the set has it; two roundings elsewhere, never a choice of the compiler.
#if NETC_ISA > 0 || defined(__FMA__) || defined(__aarch64__)
#define NETC_HAS_FMA 1
#define FMA(a, b, c) __builtin_elementwise_fma((a), (b), (c))
#else
#define NETC_HAS_FMA 0
#define FMA(a, b, c) ((a) * (b) + (c))
#endif

// The type of this translation unit: REAL, its vector V, integers of the same width VI, int32 lanes VJ, bytes VB.
#if NETC_TYPE == 0
typedef float REAL;
typedef f32x16 V;
typedef i32x16 VI;
typedef i32x16 VJ;
typedef u8x16 VB;
typedef u32x16 VJU;
#define LANES 16
#define LANE_NUMBERS (VI){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
#else
typedef double REAL;
typedef f64x8 V;
typedef i64x8 VI;
typedef i32x8 VJ;
typedef u8x8 VB;
typedef u32x8 VJU;
#define LANES 8
#define LANE_NUMBERS (VI){0, 1, 2, 3, 4, 5, 6, 7}
#endif

#define CONVERT(v, type) __builtin_convertvector((v), type)

#endif
