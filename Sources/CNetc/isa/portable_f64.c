#define NETC_ISA 0
#define NETC_TYPE 1
#define NETC_UNIT(name) name##_portable_f64
#include "../kernels/unit.h"
