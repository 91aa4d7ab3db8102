// One translation unit: all kernels for one instruction set and element type. The unit names its set, type and suffix.
#include "vectors.h"

#if NETC_ISA == 0 || defined(__x86_64__)

// Wide vectors are passed only between inlined functions of this unit.
#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang diagnostic ignored "-Wunused-function"

#if NETC_ISA == 2
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#elif NETC_ISA == 1
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#endif

#include "access.h"
#include "math.h"
#include "micro.h"
#include "map.h"
#include "reduce.h"
#include "order.h"
#include "move.h"
#include "im2col.h"
#include "window.h"
#include "step.h"
#include "random.h"
#include "softmax.h"
#include "xent.h"
#include "norm.h"
#include "adam.h"
#include "gemm.h"
#include "conv.h"
#include "conv_kernel.h"
#include "depthwise.h"
#include "probe.h"

#if NETC_ISA > 0
#pragma clang attribute pop
#endif

#define netc_none 0
#define UNIT_ENTRY(name, kernel) kernel,
extern const netc_fn NETC_UNIT(netc_table)[NETC_OPCODE_COUNT];
const netc_fn NETC_UNIT(netc_table)[NETC_OPCODE_COUNT] = {NETC_OPCODES(UNIT_ENTRY)};

#endif
