// Counts heap allocations of each thread by standing in for the C library's allocator, which it calls.
// An executable's own definitions win over those of shared libraries, so the Swift runtime is counted as well.
#include "alloc_counter.h"
#include <errno.h>
#include <stddef.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
// The sanitizers stand there already: nothing is counted.
uint64_t alloc_counter_thread(void) { return 0; }
#else

static __thread uint64_t count;

uint64_t alloc_counter_thread(void) { return count; }

void *malloc(size_t n) {
  count++;
  return __libc_malloc(n);
}

void *calloc(size_t n, size_t size) {
  count++;
  return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n) {
  count++;
  return __libc_realloc(p, n);
}

void *memalign(size_t alignment, size_t n) {
  count++;
  return __libc_memalign(alignment, n);
}

void *aligned_alloc(size_t alignment, size_t n) {
  count++;
  return __libc_memalign(alignment, n);
}

int posix_memalign(void **out, size_t alignment, size_t n) {
  count++;
  void *p = __libc_memalign(alignment, n);
  if (p == NULL) return ENOMEM;
  *out = p;
  return 0;
}
#endif
