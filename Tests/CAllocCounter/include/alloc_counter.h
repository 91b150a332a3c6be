#ifndef ALLOC_COUNTER_H
#define ALLOC_COUNTER_H
#include <stdint.h>

/// Heap allocations made by the calling thread so far: malloc, calloc, realloc, aligned_alloc, memalign, posix_memalign.
uint64_t alloc_counter_thread(void);

#endif
