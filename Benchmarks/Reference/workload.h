/* The inputs that both programs get: the Swift probe makes the same ones (Probe/Workload.swift). */
#ifndef WORKLOAD_H
#define WORKLOAD_H
#include <stdint.h>
#include <time.h>

#define PAYLOAD "{\"ts\":\"2026-11-23T10:00:00+09:00\",\"value\":12.34,\"unit\":\"m3/h\",\"seq\":123456}"
#define PAYLOAD_NOW 1795395601000LL /* ms: a second after the time in the payload */
#define FIRST_TIME 1780000000000LL  /* ms */
#define INTERVAL 300000LL           /* ms between the readings of one sensor */

/* Knuth's linear congruence: the same numbers everywhere. */
static inline uint32_t next_random(uint64_t *state) {
  *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (uint32_t)(*state >> 33);
}

/* Readings of each sensor before time is taken: four days by the hour and 30 at INTERVAL. */
#define WARM_UP 126

/* ms; time of a sensor's reading number k. */
static inline int64_t reading_time(int64_t k) {
  return FIRST_TIME + (k < 96 ? k : 96) * 3600000 + (k > 96 ? k - 96 : 0) * INTERVAL;
}

/* The sensors of one round, each once; scattered by a multiplier that has no factor in common with a power of ten. */
static inline int reading_slot(int64_t n, int sensors, int random_order) {
  return (int)(random_order ? n % sensors * 2654435761LL % sensors : n % sensors);
}

/* m3/h: a course of the day and 8 % of noise. */
static inline double reading_value(int64_t time, uint64_t *state) {
  int64_t hour = (time / 3600000 + 9) % 24;
  double course = hour < 5 ? 6 : hour < 9 ? 14 : hour < 17 ? 10 : 13;
  return course * (0.96 + (double)(next_random(state) % 1000) * 0.00008);
}

static inline double clock_now(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static inline double seconds_now(void) { return clock_now(CLOCK_MONOTONIC); }

/* CPU time of this thread: what other programs do meanwhile does not count, but for what they leave in the caches. */
static inline double cpu_now(void) { return clock_now(CLOCK_THREAD_CPUTIME_ID); }
#endif
