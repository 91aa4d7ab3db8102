// Counts the process's heap allocations, for tests alone: malloc and its kind are wrapped where the C library
// can be reached by other names (glibc).
#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

/// Whether allocations are counted on this platform.
int allocation_counter_works(void);

/// Blocks asked for and given back since the process began, on all threads: malloc, calloc, realloc, free and
/// the aligned ones.
uint64_t allocation_count(void);

#endif
