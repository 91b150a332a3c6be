/*
 * What Sources/Detection does on each reading of a flow meter whose profile is learnt, in C.
 *
 * Included, with the same arithmetic: lateness of the line, order by time (ring of 16, window of 10 min), interval, run of equal values,
 * plausibility, sums of hour and unit, the expected value between two hours, standardised residual, spike, CUSUM, edge bins.
 * By the same ways: the order is a ring; what is expected is worked out once in half an hour; hours and bins end at moments that are known;
 * the sequential test sums only above its drift. What happens once an hour or a day is in slow.h. Not included: events, works, zones, totalizers, faults that are open.
 * A record is as long as Swift's (RECORD_BYTES), so that memory is touched at the same distances.
 */
#include "detector.h"
#include "slow.h"
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#ifndef RECORD_BYTES
#define RECORD_BYTES 4096
#endif
#define NEVER INT64_MIN
#define HOUR 3600000LL

typedef struct {
  int64_t newest, released;
  int count, first;
  struct { int64_t time; double value; } entries[16];
} reorder;

typedef struct {
  int64_t last_time, run_start, interval, candidate;
  int votes, count, run_length, bad_run;
  float running, last_value, repeat_share, low_share, usual_run;
} health;

typedef struct {
  int64_t last_arrival, last_lag, late_since;
  float usual;
  int in_time;
} line;

typedef struct {
  int64_t start, last_time;
  float score, scale, excess_sum, excess_hours, largest, steady, previous, before_previous;
} fast;

typedef struct {
  float bins[16];
  int64_t number, width, end;
  float sum;
  int count, is_done;
} edge;

/* What is expected in half an hour. */
typedef struct {
  int64_t from, to, start, interval;
  float here, there, spread, habit;
} present;

typedef struct {
  reorder order;
  health health;
  line line;
  struct { double sum; int64_t hour, end; int count; } hour;
  struct { int64_t began; float sum; int count; } unit;
  float expected[24], spread[24];
  int16_t residuals[336];
  int64_t newest_hour;
  float quantum;
  present present;
  fast fast;
  edge edge;
  int opened;
  slow slow;
} state;

typedef union {
  state s;
  char size[RECORD_BYTES];
} record;

_Static_assert(sizeof(state) <= RECORD_BYTES, "the record is too short");

struct detector {
  record *records;
  int count;
};

static inline int64_t local_hour(int64_t time) { return (time + 9 * HOUR) / HOUR; }

static void record_init(state *s) {
  memset(s, 0, sizeof *s);
  s->order.newest = s->order.released = NEVER;
  s->health.last_time = s->health.run_start = NEVER;
  s->health.last_value = NAN;
  s->health.repeat_share = 0.05f;
  s->line.last_arrival = s->line.late_since = NEVER;
  s->hour.hour = s->hour.end = s->newest_hour = s->present.to = s->edge.end = NEVER;
  s->fast.start = s->fast.last_time = NEVER;
  s->fast.scale = 1;
  s->edge.number = NEVER;
  s->quantum = 11.0f / 2048;
  for (int h = 0; h < 24; h++) {
    s->expected[h] = h < 5 ? 6 : h < 9 ? 14 : h < 17 ? 10 : 13;
    s->spread[h] = 0.05f * s->expected[h];
  }
  slow_init(&s->slow, s->expected, s->quantum);
}

detector *detector_new(int sensors) {
  detector *d = malloc(sizeof *d);
  if (!d) return NULL;
  d->count = sensors;
  d->records = malloc((size_t)sensors * sizeof(record));
  if (!d->records) {
    free(d);
    return NULL;
  }
  for (int i = 0; i < sensors; i++) record_init(&d->records[i].s);
  return d;
}

void detector_free(detector *d) {
  free(d->records);
  free(d);
}

int detector_bytes_per_sensor(void) { return (int)sizeof(record); }

static void note_line(line *l, int64_t time, int64_t arrival, int64_t interval) {
  if (interval <= 0) return;
  int64_t lag = arrival - time, limit = interval + interval / 2, slow = (int64_t)(1.2 * l->usual);
  if (limit < 2700000) limit = 2700000;
  if (limit < slow) limit = slow;
  if (lag <= limit) {
    l->last_arrival = l->late_since = NEVER;
    l->last_lag = 0;
    if (l->in_time < 1000000) l->in_time++;
    return;
  }
  l->last_arrival = arrival;
  l->last_lag = lag;
  if (l->late_since == NEVER) l->late_since = time;
}

static inline int order_place(const reorder *o, int k) { return (o->first + k) & 15; }

static void order_insert(reorder *o, int64_t time, double value) {
  int i = o->count;
  if (time <= o->newest) {
    if (time <= o->released) return;
    while (i > 0 && o->entries[order_place(o, i - 1)].time > time) i--;
    if (i > 0 && o->entries[order_place(o, i - 1)].time == time) return;
    for (int k = o->count; k > i; k--) o->entries[order_place(o, k)] = o->entries[order_place(o, k - 1)];
  } else {
    o->newest = time;
  }
  o->entries[order_place(o, i)].time = time;
  o->entries[order_place(o, i)].value = value;
  o->count++;
}

static int order_next(reorder *o, int64_t interval, int64_t *time, float *value) {
  if (o->count == 0) return 0;
  int64_t oldest = o->entries[o->first].time;
  if (!(o->newest - oldest >= 600000 || interval > 600000 || o->count == 16)) return 0;
  *time = o->released = oldest;
  *value = (float)o->entries[o->first].value;
  o->first = (o->first + 1) & 15;
  o->count--;
  return 1;
}

static void learn_interval(health *h, int64_t difference) {
  if (difference <= 0) return;
  if (llabs(difference - h->candidate) * 5 <= h->candidate) {
    if (h->votes < 20) h->votes++;
  } else if (--h->votes <= 0) {
    h->candidate = difference;
    h->votes = 1;
  }
  if (h->votes >= 3) h->interval = h->candidate;
}

static int is_stuck(const health *h, int64_t at) {
  if (h->run_length < 4) return 0;
  float longest = fmaxf(5400000, 1.5f * h->usual_run);
  if ((int64_t)h->count * h->interval < 259200000 && longest < 21600000) longest = 21600000;
  if ((float)(at - h->run_start) < longest) return 0;
  float p = 1;
  for (int i = 0; i < h->run_length && i < 64; i++) p *= fmaxf(h->repeat_share, 0.02f);
  return p < 1e-6f;
}

static void track_run(health *h, float v, int64_t time, int64_t previous) {
  if (v == h->last_value) {
    h->usual_run *= 0.9999f;
    h->run_length++;
    if (time - h->run_start < 5400000) h->repeat_share += (1 - h->repeat_share) / 300;
    return;
  }
  int was_usual = h->run_start != NEVER && previous != NEVER && !is_stuck(h, previous);
  h->usual_run *= 0.9999f;
  if (was_usual) h->usual_run = fmaxf(h->usual_run, fminf((float)(previous - h->run_start), 86400000));
  h->run_length = 1;
  h->run_start = time;
  h->repeat_share -= h->repeat_share / 300;
}

static int assess(health *h, float v, int64_t time) {
  int64_t previous = h->last_time;
  if (previous != NEVER) learn_interval(h, time - previous);
  h->last_time = time;
  track_run(h, v, time, previous);
  h->last_value = v;
  if (v < 0 || v > 1e9f || is_stuck(h, time)) return 0;
  if (h->count > 20 && h->running > 0) {
    int low = v < 0.02f * h->running;
    if (!low || time - h->run_start < 7200000) h->low_share += ((low ? 1.0f : 0.0f) - h->low_share) / 2000;
    if (v > 12 * h->running || (low && h->low_share < 0.03f)) return 0;
  }
  if (h->count < 1000000) h->count++;
  float most = 4 * fmaxf(h->running, h->count < 5 ? v : 0);
  h->running += (fminf(v, most) - h->running) / (float)(h->count < 2000 ? h->count : 2000);
  return 1;
}

static float usual_excess(const state *s) {
  int16_t most = 0;
  for (int k = 1; k <= 4; k++) {
    int64_t place = (s->hour.hour - 24 * (k == 4 ? 7 : k)) % 336;
    if (s->residuals[place] > most) most = s->residuals[place];
  }
  return (float)most * s->quantum;
}

static void add_fast(fast *f, float z, float residual, float spread, int64_t time, int64_t longest) {
  if (f->score == 0) f->scale += (1.2533f * fminf(fabsf(residual / spread), 5) - f->scale) / 1000;
  f->steady = fminf(z, f->previous);
  f->before_previous = f->previous;
  f->previous = z;
  if (f->score <= 0 && f->steady <= 1.5f) {
    f->last_time = time;
    return;
  }
  int64_t step = f->last_time == NEVER ? 0 : time - f->last_time;
  if (step > longest) step = longest;
  f->last_time = time;
  float hours = (float)step / 3600000;
  if (f->score <= 0) f->start = time - step;
  f->score += (fminf(f->steady, 8) - 1.5f) * hours;
  if (f->score <= 0) {
    f->score = f->excess_sum = f->excess_hours = 0;
    f->start = NEVER;
  } else {
    f->excess_sum += residual * hours;
    f->excess_hours += hours;
  }
  f->largest = fmaxf(f->largest, f->score);
}

static int add_edge(edge *e, float residual, int64_t time, int64_t interval) {
  int64_t width = interval > 600000 ? interval : 600000;
  if (time >= e->end || width != e->width) {
    int64_t n = time / width;
    e->width = width;
    e->end = (n + 1) * width;
    if (n != e->number) {
      if (e->number != NEVER && !e->is_done && e->count > 0) e->bins[e->number & 15] = e->sum / (float)e->count;
      e->number = n;
      e->sum = 0;
      e->count = e->is_done = 0;
    }
  }
  if (e->is_done) return 0;
  e->sum += residual;
  e->count++;
  if (time + interval < e->end) return 0;
  e->bins[e->number & 15] = e->sum / (float)e->count;
  e->is_done = 1;
  return 1;
}

static float edge_height(const edge *e, float spread) {
  float least = INFINITY, earlier = 0;
  for (int k = 9; k < 12; k++) earlier += e->bins[(e->number - k) & 15];
  earlier /= 3;
  for (int k = 0; k < 8; k++) {
    float v = e->bins[(e->number - k) & 15];
    if (!(v > earlier)) return 0;
    least = fminf(least, v);
  }
  float height = least - earlier;
  return height > 0 && least > 0.5f * height ? height / fmaxf(spread, 1e-9f) : 0;
}

static void renew_present(state *s, int64_t time, int64_t interval) {
  present *p = &s->present;
  int h = (int)(s->hour.hour % 24), is_later;
  p->start = s->hour.end - HOUR;
  is_later = time - p->start >= HOUR / 2;
  p->from = p->start + (is_later ? HOUR / 2 : 0);
  p->to = p->from + HOUR / 2;
  p->interval = interval;
  p->here = p->there = s->expected[h];
  p->spread = s->spread[h];
  p->habit = usual_excess(s);
  if (interval <= 0 || interval >= HOUR / 2) return;
  int other = is_later ? (h + 1) % 24 : (h + 23) % 24;
  p->there = s->expected[other];
  p->spread = fmaxf(p->spread, s->spread[other]);
}

static void test(state *s, float v, int64_t time, int64_t interval) {
  const present *p = &s->present;
  if (time >= p->to || time < p->from || interval != p->interval) renew_present(s, time, interval);
  float expected = p->here + (p->there - p->here) * fabsf((float)(time - p->start) / 3600000 - 0.5f);
  float spread = p->spread, residual = v - expected - p->habit;
  float z = residual / (spread * fmaxf(s->fast.scale, 0.5f));
  if (s->fast.previous > 12 && z < 3 && s->fast.before_previous < 3) s->opened++;
  add_fast(&s->fast, z, residual, spread, time, 2 * (interval > 60000 ? interval : 60000));
  if (s->fast.score > 12 && s->fast.steady >= 1.5f) s->opened++;
  if (interval > 0 && add_edge(&s->edge, residual, time, interval) && edge_height(&s->edge, spread) > 6) s->opened++;
}

static void judge(state *s, int64_t time, float v) {
  int valid = assess(&s->health, v, time);
  if (time >= s->hour.end) {
    int64_t h = local_hour(time);
    s->present.to = NEVER;
    if (s->hour.count > 0) {
      float mean = (float)(s->hour.sum / s->hour.count);
      if (slow_hour(&s->slow, s->residuals, s->hour.hour, mean, s->expected, s->spread, s->quantum) > 1) s->opened++;
    }
    s->hour.sum = 0;
    s->hour.hour = h;
    s->hour.end = (h + 1) * HOUR - 9 * HOUR;
    s->hour.count = 0;
    s->unit.sum = 0;
    s->unit.count = 0;
  }
  if (s->unit.count == 0) s->unit.began = time;
  s->unit.sum += v;
  s->unit.count++;
  if (!valid) {
    s->health.bad_run++;
    return;
  }
  s->health.bad_run = 0;
  s->hour.sum += (double)v;
  s->hour.count++;
  test(s, v, time, s->health.interval);
}

void detector_process(detector *d, int slot, int64_t time, int64_t arrival, double value) {
  if (slot < 0 || slot >= d->count || !isfinite(value) || time <= 0 || time - arrival > 600000) return;
  state *s = &d->records[slot].s;
  note_line(&s->line, time, arrival, s->health.interval);
  order_insert(&s->order, time, value);
  int64_t due;
  float v;
  while (order_next(&s->order, s->health.interval, &due, &v)) judge(s, due, v);
}

void detector_copy(detector *d, int slot, const detector *from, int other) { d->records[slot] = from->records[other]; }

void detector_prefetch(const detector *d, int slot) {
  const char *s = d->records[slot].size;
  for (size_t at = 0; at < offsetof(state, residuals); at += 64) __builtin_prefetch(s + at, 1);
  for (size_t at = offsetof(state, newest_hour); at < offsetof(state, slow); at += 64) __builtin_prefetch(s + at, 1);
}

double detector_sum(const detector *d) {
  double sum = 0;
  for (int i = 0; i < d->count; i++) sum += d->records[i].s.fast.scale + (double)d->records[i].s.opened;
  return sum;
}
