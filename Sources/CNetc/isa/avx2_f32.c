#define NETC_ISA 1
#define NETC_TYPE 0
#define NETC_UNIT(name) name##_avx2_f32
#include "../kernels/unit.h"
