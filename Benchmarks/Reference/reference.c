/*
 * reference decode N | core|scale|minutes SENSORS READINGS order|random | commit ROWS BATCH DIRECTORY |
 * sync ROWS BATCH BYTES DIRECTORY
 * Prints: operations, seconds (CPU seconds, but for commit and sync), of scale and minutes also bytes of memory at the peak. The Swift probe
 * (Benchmarks/Probe) has the same commands, but for sync.
 */
#include "detector.h"
#include "scanner.h"
#include "workload.h"
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void report(long n, double seconds) { printf("%ld %.6f\n", n, seconds); }

static int decode(long n) {
  const uint8_t *payload = (const uint8_t *)PAYLOAD;
  double since = cpu_now(), sum = 0;
  for (long i = 0; i < n; i++) {
    scanned_reading r;
    __asm__ volatile("" : "+r"(payload) : : "memory");
    if (scan_payload(payload, sizeof PAYLOAD - 1, PAYLOAD_NOW, &r)) return 1;
    sum += r.value;
  }
  report(n, cpu_now() - since);
  return sum <= 0;
}

static int core(int sensors, long readings, int random_order) {
  detector *d = detector_new(sensors);
  if (!d) return 1;
  uint64_t values = 1;
  double since = 0;
  const long first = (long)WARM_UP * sensors;
  for (long n = 0; n < first + readings; n++) {
    if (n == first) since = cpu_now();
    int64_t time = reading_time(n / sensors);
    detector_process(d, reading_slot(n, sensors, random_order), time, time, reading_value(time, &values));
  }
  report(readings, cpu_now() - since);
  int wrong = !(detector_sum(d) > 0);
  detector_free(d);
  return wrong;
}

#define BATCH 500
/* A processor learns the data of few sensors by heart, and foresees what a real town's would not let it. */
#define KINDS 40
#define SETTLING 16200000LL /* ms until a new pace is known, and two hours */
#define LEARNING (60 * 24)
#define AHEAD 8 /* readings between asking for a record and using it */

/* ms; as Scale.time of the probe: reading number k of a sensor that has learnt for 60 days and some hours. */
static int64_t scale_time(int hour, int64_t k, int64_t interval) { return FIRST_TIME + (LEARNING + hour) * 3600000LL + k * interval; }

/* Up to KINDS × 24 sensors that have learnt until 24 hours of a day, each from readings of its own. */
static detector *learn(int sensors, int64_t interval) {
  detector *d = detector_new(sensors);
  uint64_t values = 2;
  if (!d) return NULL;
  for (int slot = 0; slot < sensors; slot++)
    for (int64_t hour = slot % 24, k = 0; k < LEARNING + hour + SETTLING / interval; k++) {
      int64_t time = k < LEARNING + hour ? FIRST_TIME + k * 3600000 : scale_time((int)hour, k - LEARNING - hour, interval);
      detector_process(d, slot, time, time, reading_value(time, &values));
    }
  return d;
}

/* Bytes, of this program alone: getrusage counts the one that started it, until its exec. */
static long peak_bytes(void) {
  char line[256];
  long kb = 0;
  FILE *f = fopen("/proc/self/status", "r");
  while (f && fgets(line, sizeof line, f) && sscanf(line, "VmHWM: %ld", &kb) != 1) continue;
  if (f) fclose(f);
  return kb * 1024;
}

/* An hour of every sensor, in batches, records fetched ahead; again and again until there are that many readings. */
static int scale(int sensors, long readings, int random_order, int64_t interval) {
  static struct { int slot; int64_t time; double value; } batch[BATCH];
  uint64_t values = 1;
  double spent = 0, sum = 0;
  long done = 0;
  const int learners = 24 * (sensors / 24 + 1 < KINDS ? sensors / 24 + 1 : KINDS);
  detector *learnt = learn(learners, interval);
  if (!learnt) return 1;
  for (int round = 0; done < readings; round++) {
    detector *d = detector_new(sensors);
    if (!d) return 1;
    for (int i = 0; i < sensors; i++) detector_copy(d, i, learnt, (i + round) % learners);
    const long total = sensors * (3600000 / interval);
    for (long n = 0; n < total;) {
      long count = total - n < BATCH ? total - n : BATCH;
      for (long k = 0; k < count; k++) {
        int slot = reading_slot(n + k, sensors, random_order);
        int64_t time = scale_time((slot + round) % learners % 24, SETTLING / interval + (n + k) / sensors, interval);
        batch[k].slot = slot;
        batch[k].time = time;
        batch[k].value = reading_value(time, &values);
      }
      double since = cpu_now();
      for (long k = 0; k < count; k++) {
        if (k + AHEAD < count) detector_prefetch(d, batch[k + AHEAD].slot);
        detector_process(d, batch[k].slot, batch[k].time, batch[k].time, batch[k].value);
      }
      spent += cpu_now() - since;
      n += count;
    }
    sum += detector_sum(d);
    done += total;
    detector_free(d);
  }
  detector_free(learnt);
  printf("%ld %.6f %ld\n", done, spent, peak_bytes());
  return !(sum > 0);
}

static int run(sqlite3 *db, const char *sql) { return sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK; }

/* The least that SQLite does for readings that must survive a power cut: a row by rowid, no index, one transaction a batch. */
static int commit(long rows, int batch, const char *directory) {
  char path[4096];
  sqlite3 *db;
  sqlite3_stmt *insert;
  snprintf(path, sizeof path, "%s/reference.db", directory);
  if (sqlite3_open(path, &db) || run(db, "PRAGMA journal_mode=WAL") || run(db, "PRAGMA synchronous=FULL")) return 1;
  if (run(db, "CREATE TABLE history (id INTEGER PRIMARY KEY, slot INTEGER, time INTEGER, arrival INTEGER, seq INTEGER, value REAL)")) return 1;
  if (sqlite3_prepare_v2(db, "INSERT INTO history (slot, time, arrival, seq, value) VALUES (?,?,?,?,?)", -1, &insert, NULL)) return 1;
  uint64_t values = 1;
  double since = seconds_now();
  for (long n = 0; n < rows; n++) {
    int64_t time = FIRST_TIME + n / 1000 * INTERVAL;
    if (n % batch == 0 && run(db, "BEGIN IMMEDIATE")) return 1;
    sqlite3_bind_int64(insert, 1, n % 1000);
    sqlite3_bind_int64(insert, 2, time);
    sqlite3_bind_int64(insert, 3, time);
    sqlite3_bind_int64(insert, 4, n / 1000);
    sqlite3_bind_double(insert, 5, reading_value(time, &values));
    if (sqlite3_step(insert) != SQLITE_DONE) return 1;
    sqlite3_reset(insert);
    if ((n % batch == batch - 1 || n == rows - 1) && run(db, "COMMIT")) return 1;
  }
  report(rows, seconds_now() - since);
  sqlite3_finalize(insert);
  return sqlite3_close(db) != SQLITE_OK;
}

/* The bare disk: BYTES at once and a sync for each batch of rows, over and over in a file that has its size. */
static int sync_only(long rows, int batch, long bytes, const char *directory) {
  enum { SIZE = 32 << 20 };
  char path[4096];
  snprintf(path, sizeof path, "%s/sync.bin", directory);
  int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  char *data = malloc(SIZE);
  if (file < 0 || !data || bytes < 1 || bytes > SIZE) return 1;
  memset(data, 7, SIZE);
  if (pwrite(file, data, SIZE, 0) != SIZE || fsync(file)) return 1;
  double since = seconds_now();
  for (long n = 0, at = 0; n < rows; n += batch, at = at + 2 * bytes <= SIZE ? at + bytes : 0)
    if (pwrite(file, data, bytes, at) != bytes || fdatasync(file)) return 1;
  report(rows, seconds_now() - since);
  free(data);
  return close(file);
}

int main(int argc, char **argv) {
  if (argc == 3 && !strcmp(argv[1], "decode")) return decode(atol(argv[2]));
  if (argc == 5 && !strcmp(argv[1], "core") && atoi(argv[2]) > 0) return core(atoi(argv[2]), atol(argv[3]), !strcmp(argv[4], "random"));
  int minutes = argc == 5 && !strcmp(argv[1], "minutes");
  if ((minutes || (argc == 5 && !strcmp(argv[1], "scale"))) && atoi(argv[2]) > 0)
    return scale(atoi(argv[2]), atol(argv[3]), !strcmp(argv[4], "random"), minutes ? 60000 : INTERVAL);
  if (argc == 5 && !strcmp(argv[1], "commit") && atoi(argv[3]) > 0) return commit(atol(argv[2]), atoi(argv[3]), argv[4]);
  if (argc == 6 && !strcmp(argv[1], "sync") && atoi(argv[3]) > 0) return sync_only(atol(argv[2]), atoi(argv[3]), atol(argv[4]), argv[5]);
  fprintf(stderr, "usage: reference decode N | core|scale|minutes SENSORS READINGS order|random | commit ROWS BATCH DIRECTORY |\n"
    "  sync ROWS BATCH BYTES DIRECTORY\n");
  return 64;
}
