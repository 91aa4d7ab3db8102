// The tables of kernels by instruction set and element type.
#include "cnetc.h"

#define DECLARE(set)                                            \
  uint64_t netc_probe_##set##_f32(uint64_t rounds, double *sink); \
  uint64_t netc_probe_##set##_f64(uint64_t rounds, double *sink); \
  uint64_t netc_reader_##set##_f32(const void *memory, uint64_t bytes, uint64_t rounds, double *sink); \
  extern const netc_fn netc_table_##set##_f32[NETC_OPCODE_COUNT]; \
  extern const netc_fn netc_table_##set##_f64[NETC_OPCODE_COUNT];

DECLARE(portable)
#if defined(__x86_64__)
DECLARE(avx2)
DECLARE(avx512)
#endif

const netc_fn *netc_table(int isa, int type) {
#if defined(__x86_64__)
  if (isa == 2) return type ? netc_table_avx512_f64 : netc_table_avx512_f32;
  if (isa == 1) return type ? netc_table_avx2_f64 : netc_table_avx2_f32;
#endif
  (void)isa;
  return type ? netc_table_portable_f64 : netc_table_portable_f32;
}

uint64_t netc_multiply_add_probe(int isa, int type, uint64_t rounds, double *sink) {
#if defined(__x86_64__)
  if (isa == 2) return type ? netc_probe_avx512_f64(rounds, sink) : netc_probe_avx512_f32(rounds, sink);
  if (isa == 1) return type ? netc_probe_avx2_f64(rounds, sink) : netc_probe_avx2_f32(rounds, sink);
#endif
  (void)isa;
  return type ? netc_probe_portable_f64(rounds, sink) : netc_probe_portable_f32(rounds, sink);
}

uint64_t netc_read_probe(int isa, const void *memory, uint64_t bytes, uint64_t rounds, double *sink) {
#if defined(__x86_64__)
  if (isa == 2) return netc_reader_avx512_f32(memory, bytes, rounds, sink);
  if (isa == 1) return netc_reader_avx2_f32(memory, bytes, rounds, sink);
#endif
  (void)isa;
  return netc_reader_portable_f32(memory, bytes, rounds, sink);
}
