// What depends on the processor but not on element types: detection, waiting, denormals.
#define _GNU_SOURCE
#include "cnetc.h"

#include <sched.h>
#include <unistd.h>

#if defined(__x86_64__) || defined(__i386__)
#include <xmmintrin.h>
#endif

_Static_assert(sizeof(netc_instr) == 64, "an instruction is one cache line");

int netc_detect_isa(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("fma")) {
    return 2;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
  return 0;
}

int netc_processors(void) {
#if defined(__linux__)
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
#endif
  return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

void netc_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

uint64_t netc_flush_denormals(void) {
#if defined(__x86_64__) || defined(__i386__)
  unsigned state = _mm_getcsr();
  _mm_setcsr(state | 0x8040u);  // FTZ and DAZ
  return state;
#elif defined(__aarch64__)
  uint64_t state;
  __asm__ volatile("mrs %0, fpcr" : "=r"(state));
  __asm__ volatile("msr fpcr, %0" ::"r"(state | (1ull << 24)));
  return state;
#else
  return 0;
#endif
}

void netc_restore_denormals(uint64_t state) {
#if defined(__x86_64__) || defined(__i386__)
  _mm_setcsr((unsigned)state);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" ::"r"(state));
#else
  (void)state;
#endif
}

static const char *const opcode_names[] = {
#define NAME_OF(name, kernel) #name,
    NETC_OPCODES(NAME_OF)
#undef NAME_OF
};

static const char *const micro_names[] = {
#define NAME_OF(name) #name,
    NETC_MICRO_OPCODES(NAME_OF)
#undef NAME_OF
};

const char *netc_opcode_name(int op) {
  return op >= 0 && op < NETC_OPCODE_COUNT ? opcode_names[op] : NULL;
}

const char *netc_micro_name(int op) {
  return op >= 0 && op < NETC_MICRO_COUNT ? micro_names[op] : NULL;
}
