#ifndef DETECTOR_H
#define DETECTOR_H
#include <stdint.h>

typedef struct detector detector;

/* All memory at once; every sensor has a learnt profile already. */
detector *detector_new(int sensors);
void detector_free(detector *d);
/* One reading, O(1), no allocation. Times in ms, value in m3/h. */
void detector_process(detector *d, int slot, int64_t time, int64_t arrival, double value);
/* Makes a sensor know what one of another detector has learnt. */
void detector_copy(detector *d, int slot, const detector *from, int other);
/* Asks the memory for what detector_process will touch of that sensor. */
void detector_prefetch(const detector *d, int slot);
/* Depends on every result, so that nothing is optimised away. */
double detector_sum(const detector *d);
int detector_bytes_per_sensor(void);
#endif
