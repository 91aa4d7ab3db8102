#include "cnetc.h"
int netc_version(void) { return 1; }
