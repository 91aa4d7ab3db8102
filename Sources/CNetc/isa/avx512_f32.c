#define NETC_ISA 2
#define NETC_TYPE 0
#define NETC_UNIT(name) name##_avx512_f32
#include "../kernels/unit.h"
