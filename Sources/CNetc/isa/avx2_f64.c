#define NETC_ISA 1
#define NETC_TYPE 1
#define NETC_UNIT(name) name##_avx2_f64
#include "../kernels/unit.h"
