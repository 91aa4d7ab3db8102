#define NETC_ISA 2
#define NETC_TYPE 1
#define NETC_UNIT(name) name##_avx512_f64
#include "../kernels/unit.h"
