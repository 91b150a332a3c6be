#include <stddef.h>
#include <sys/mman.h>

/* Asks the processor to bring the cache line at `place` near, and does not wait for it; any address will do. Swift has no word for that. */
static inline void mizumori_prefetch(const void *place) { __builtin_prefetch(place, 1); }

/* Asks the system for large pages there, which is only advice: a table of records that is read at random does not find its pages' addresses in
   the processor's memory of them. */
static inline void mizumori_want_large_pages(void *start, size_t bytes) { (void)madvise(start, bytes, MADV_HUGEPAGE); }

/* Four square roots by one instruction. Swift's `SIMD4.squareRoot()` takes them one by one, each behind a branch that asks for a negative value,
   and works out lane by lane what goes into them. */
typedef float mizumori_float4 __attribute__((ext_vector_type(4)));
static inline mizumori_float4 mizumori_square_roots(mizumori_float4 v) { return __builtin_elementwise_sqrt(v); }
