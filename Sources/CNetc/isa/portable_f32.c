#define NETC_ISA 0
#define NETC_TYPE 0
#define NETC_UNIT(name) name##_portable_f32
#include "../kernels/unit.h"
