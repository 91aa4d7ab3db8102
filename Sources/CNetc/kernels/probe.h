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
