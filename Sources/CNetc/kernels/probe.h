// The processor's own limit: independent multiply-adds in registers.

// Does `rounds` rounds of 16 vector multiply-adds; returns the number of floating-point operations.
uint64_t NETC_UNIT(netc_probe)(uint64_t rounds, double *sink);
uint64_t NETC_UNIT(netc_probe)(uint64_t rounds, double *sink) {
#if NETC_ISA == 2
#define PROBE_CHAINS 16
#else
#define PROBE_CHAINS 4
#endif
  V acc[PROBE_CHAINS], x = (V)(REAL)*sink, y = (V)(REAL)(*sink + 0.5);
  for (int j = 0; j < PROBE_CHAINS; j++) acc[j] = (V)(REAL)j;
  for (uint64_t r = 0; r < rounds; r++) {
    _Pragma("clang loop unroll(full)") for (int j = 0; j < PROBE_CHAINS; j++) acc[j] = FMA(acc[j], x, y);
  }
  V sum = (V)0;
  for (int j = 0; j < PROBE_CHAINS; j++) sum += acc[j];
  *sink = (double)fold_sum(sum);
  return rounds * PROBE_CHAINS * LANES * 2;
}

// Reads memory from one end to the other `rounds` times, in vectors; returns the number of bytes read.
uint64_t NETC_UNIT(netc_reader)(const void *memory, uint64_t bytes, uint64_t rounds, double *sink);
uint64_t NETC_UNIT(netc_reader)(const void *memory, uint64_t bytes, uint64_t rounds, double *sink) {
  enum { CHAINS = 8 };
  const REAL *x = memory;
  const uint64_t runs = bytes / sizeof(V) / CHAINS;
  V acc[CHAINS];
  for (int j = 0; j < CHAINS; j++) acc[j] = (V)(REAL)*sink;
  for (uint64_t r = 0; r < rounds; r++) {
    for (uint64_t i = 0; i < runs; i++) {
      _Pragma("clang loop unroll(full)") for (int j = 0; j < CHAINS; j++) {
        const REAL *from = x + (i * CHAINS + j) * LANES;
        // As products do with panels: the processor alone is late even with a single stream.
        __builtin_prefetch(from + GEMV_PANEL_AHEAD);
        acc[j] += load(from);
      }
    }
  }
  V sum = (V)0;
  for (int j = 0; j < CHAINS; j++) sum += acc[j];
  *sink = (double)fold_sum(sum);
  return rounds * runs * CHAINS * sizeof(V);
}
