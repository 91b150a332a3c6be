#ifndef SCANNER_H
#define SCANNER_H
#include <stdint.h>

typedef struct {
  int64_t time; /* ms since 1970; 0 = the payload has none */
  double value; /* m3/h */
  int64_t sequence; /* -1 = the payload has none */
} scanned_reading;

/* Reads one canonical object. Returns 0, or a negative code: -1 grammar, -2 meaning. O(bytes), no allocation. */
int scan_payload(const uint8_t *bytes, int count, int64_t now, scanned_reading *out);
#endif
