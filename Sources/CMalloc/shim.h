#include <malloc.h>

/* Blocks of 1 MB and more go back to the system when they are freed. By itself glibc stops doing so after the first of them (its limit
   grows to 32 MB), and the states of detectors that were saved and restored stay in the memory of every thread that had one. */
static inline int mizumori_return_large_blocks(void) { return mallopt(M_MMAP_THRESHOLD, 1 << 20); }
