/* Asks the processor to bring the cache line at `place` near, and does not wait for it; any address will do. Swift has no word for that. */
static inline void mizumori_prefetch(const void *place) { __builtin_prefetch(place, 1); }
