/*
 * What Sources/Detection does once an hour and once a day for a meter without a leak, in C: sustained shift over seven windows, the short
 * windows, noise of means, common factor, profile and spread by medians, weights, night minimum, Theil-Sen trends, the strongest finding. By the
 * same ways: running sums for what is older than a day, days without holes some hours at a time, the median slope looked for near the last.
 * Not included: leak events and what follows them, neighbours, holidays, the queue of days that wait, fading of thresholds.
 */
#ifndef SLOW_H
#define SLOW_H
#include <math.h>
#include <stdint.h>
#include <string.h>

#define MISSING INT16_MIN
#define RING_HOURS 336
#define DAYS 35
#define NIGHTS 42

typedef struct {
  int16_t ring[DAYS * 24], nights[NIGHTS], day_means[NIGHTS];
  uint8_t types[DAYS];
  float today[24], profile[72], weight[24], means[7], scores[7];
  float slopes[2], errors[2];
  float mean, level, factor, noise, correlation, eight_noise, eight, six, lowest, night_score, trend_score;
  float older[5][4]; /* sums of the windows from 2 days on without the newest day, for the hour `older_for` */
  int64_t day, older_for;
  int count, next, type;
} slow;

static inline float clampf(float v, float most) { return v > most ? most : v < -most ? -most : v; }

static float nth(float *p, int n, int k) {
  int lo = 0, hi = n - 1;
  while (lo < hi) {
    float pivot = p[(lo + hi) / 2];
    int i = lo, j = hi;
    while (i <= j) {
      while (p[i] < pivot) i++;
      while (p[j] > pivot) j--;
      if (i <= j) {
        float t = p[i];
        p[i++] = p[j];
        p[j--] = t;
      }
    }
    if (k <= j) hi = j;
    else if (k >= i) lo = i;
    else break;
  }
  return p[k];
}

static float median(float *p, int n) {
  if (n == 0) return 0;
  float upper = nth(p, n, n / 2), lower = p[0];
  if (n % 2) return upper;
  for (int i = 1; i < n / 2; i++) lower = fmaxf(lower, p[i]);
  return (lower + upper) / 2;
}

/* The median, sooner where it lies in low ... high. What lies there is copied behind the values. */
static float median_near(float *p, int n, float low, float high) {
  float *kept = p + n;
  int below = 0, count = 0, limit = n / 4, i = 0;
  if (!(low < high)) return median(p, n);
  for (; i < n && count < limit; i++) {
    kept[count] = p[i];
    below += p[i] < low;
    count += p[i] >= low && p[i] <= high;
  }
  int upper = n / 2 - below;
  if (i < n || upper < 1 || upper >= count) return median(p, n);
  float value = nth(kept, count, upper), lower = kept[0];
  if (n % 2) return value;
  for (i = 1; i < upper; i++) lower = fmaxf(lower, kept[i]);
  return (lower + value) / 2;
}

static float deviation(float *p, int n) {
  for (int i = 0; i < n; i++) p[i] = fabsf(p[i]);
  return 1.4826f * median(p, n);
}

static float mean_sigma(const slow *s, float days) {
  float f = 1, power = s->correlation;
  for (float k = 1; k < days; k++) {
    f += 2 * (1 - k / days) * power;
    power *= s->correlation;
  }
  return s->noise * sqrtf(f / fmaxf(days, 1));
}

/* What one hour adds to the sums: clipped residual by weight, weight, number, standardised residual and its square. */
static void slow_add(const slow *s, int16_t code, int h, const float *spread, float quantum, float sign, float *sums) {
  if (code == MISSING) return;
  float e = (float)code * quantum, z = clampf(e / spread[h], 8);
  sums[0] += sign * s->weight[h] * clampf(e, 3.3f * spread[h]);
  sums[1] += sign * s->weight[h];
  sums[2] += sign;
  sums[3] += sign * z;
  sums[4] += sign * z * z;
}

static const int slow_hours[7] = {6, 12, 24, 48, 96, 168, 336};

/* Moves the sums of older hours on to `hour`, whose place still holds the hour 14 days before it. */
static void slow_move_on(slow *s, const int16_t *residuals, int64_t hour, const float *spread, float quantum) {
  if (s->older_for != hour - 1) return;
  int h = (int)(hour % 24);
  float new[5] = {0};
  slow_add(s, residuals[(hour - 24) % RING_HOURS], h, spread, quantum, 1, new);
  for (int w = 0; w < 4; w++) {
    float sums[5];
    for (int i = 0; i < 5; i++) sums[i] = s->older[i][w] + new[i];
    slow_add(s, residuals[(hour - slow_hours[w + 3]) % RING_HOURS], h, spread, quantum, -1, sums);
    for (int i = 0; i < 5; i++) s->older[i][w] = sums[i];
  }
  s->older_for = hour;
}

/* The sums of older hours from all of these: once a day, when weights and spreads are new. */
static void slow_sum_older(slow *s, const int16_t *residuals, int64_t hour, const float *spread, float quantum) {
  int place = (int)((hour - 24) % RING_HOURS), h = (int)(hour % 24), window = 3;
  float sums[5] = {0};
  for (int age = 24; age < RING_HOURS; age++) {
    slow_add(s, residuals[place], h, spread, quantum, 1, sums);
    place = place == 0 ? RING_HOURS - 1 : place - 1;
    h = h == 0 ? 23 : h - 1;
    if (age + 1 != slow_hours[window]) continue;
    for (int i = 0; i < 5; i++) s->older[i][window - 3] = sums[i];
    window++;
  }
  s->older_for = hour;
}

static void slow_record(slow *s, int window, const float *sums) {
  float weights = sums[1], n = fmaxf(sums[2], 1), m = sums[3] / n, scatter = fmaxf(1, (sums[4] / n - m * m) / (1.45f * 1.45f));
  float floor = 0.0082f * fabsf(s->mean), least = window < 2 ? 0.4f : 0.6f * (float)slow_hours[window] / 24;
  s->means[window] = s->scores[window] = 0;
  if (weights < least) return;
  float sigma = window < 2 && weights < 1 ? mean_sigma(s, 1) / sqrtf(weights) : mean_sigma(s, weights);
  float variance = window < 2 ? sigma * sigma : scatter * sigma * sigma;
  s->means[window] = sums[0] / weights;
  s->scores[window] = s->means[window] / fmaxf(sqrtf(variance + floor * floor), 1e-9f);
}

/* The newest day hour by hour, what is older by running sums. */
static void slow_windows(slow *s, const int16_t *residuals, int64_t newest, const float *spread, float quantum) {
  int place = (int)(newest % RING_HOURS), h = (int)(newest % 24), window = 0;
  float sums[5] = {0};
  for (int age = 0; age < 24; age++) {
    slow_add(s, residuals[place], h, spread, quantum, 1, sums);
    place = place == 0 ? RING_HOURS - 1 : place - 1;
    h = h == 0 ? 23 : h - 1;
    if (age + 1 == slow_hours[window]) slow_record(s, window++, sums);
  }
  if (s->older_for != newest) slow_sum_older(s, residuals, newest, spread, quantum);
  for (; window < 7; window++) {
    float all[5];
    for (int i = 0; i < 5; i++) all[i] = sums[i] + s->older[i][window - 3];
    slow_record(s, window, all);
  }
}

static void slow_short(slow *s, const int16_t *residuals, int64_t newest, const float *spread, float quantum) {
  float sum = 0, smallest = INFINITY, second = INFINITY;
  int valid = 0, recent = 0;
  for (int age = 0; age < 8; age++) {
    int64_t hour = newest - age;
    int16_t code = residuals[hour % RING_HOURS], usual = 0;
    if (code == MISSING) continue;
    for (int k = 1; k <= 4; k++) {
      int16_t c = residuals[(hour - 24 * (k == 4 ? 7 : k)) % RING_HOURS];
      if (c > usual) usual = c;
    }
    float z = ((float)code - (float)usual) * quantum / spread[hour % 24];
    sum += clampf(z, 3.3f);
    valid++;
    if (age >= 6) continue;
    recent++;
    if (z < smallest) {
      second = smallest;
      smallest = z;
    } else if (z < second) second = z;
  }
  s->eight = valid >= 6 ? sum / (float)valid / fmaxf(s->eight_noise, 0.1f) : 0;
  s->six = recent >= 5 ? second : 0;
}

static void slow_profile(slow *s, float *spread, float quantum, float *scratch) {
  float raw[24], sum = 0;
  for (int h = 0; h < 24; h++) {
    int n = 0;
    for (int d = 0; d < s->count; d++)
      if (s->types[d] == 0 && s->ring[d * 24 + h] != MISSING) scratch[n++] = s->ring[d * 24 + h];
    float work = median(scratch, n);
    n = 0;
    for (int d = 0; d < s->count; d++)
      if (s->types[d] != 0 && s->ring[d * 24 + h] != MISSING) scratch[n++] = s->ring[d * 24 + h];
    float pool = n ? work + (median(scratch, n) - work) * (float)n / ((float)n + 0.7f) : work;
    s->profile[h] = work * quantum;
    for (int t = 1; t < 3; t++) {
      n = 0;
      for (int d = 0; d < s->count; d++)
        if (s->types[d] == t && s->ring[d * 24 + h] != MISSING) scratch[n++] = s->ring[d * 24 + h];
      s->profile[t * 24 + h] = (n ? pool + (median(scratch, n) - pool) * (float)n / ((float)n + 1.4f) : pool) * quantum;
    }
    n = 0;
    for (int d = 0; d < s->count; d++)
      if (s->ring[d * 24 + h] != MISSING) scratch[n++] = (float)s->ring[d * 24 + h] * quantum - s->profile[s->types[d] * 24 + h];
    float q = fmaxf((float)n, 1), own = deviation(scratch, n) * (1 + 2 / q);
    raw[h] = q * own * own / (q + 1.5f);
    sum += 5 * s->profile[h] + s->profile[24 + h] + s->profile[48 + h];
  }
  s->mean = s->factor * sum / 168 + s->level;
  float a = 0, b = 0, total = 0, floor = 0.02f * fabsf(s->mean), prior = 0.1f * fabsf(s->mean);
  for (int h = 0; h < 24; h++) {
    float smooth = (raw[(h + 23) % 24] + 2 * raw[h] + raw[(h + 1) % 24]) / 4 + 1.5f * prior * prior / ((float)s->count + 1.5f);
    spread[h] = fmaxf(sqrtf(smooth + floor * floor), 1e-9f);
    float m = s->factor * s->profile[h] + s->level;
    a += m / (spread[h] * spread[h]);
    b += m * m / (spread[h] * spread[h]);
  }
  float f = 0.0049f * a / (1 + 0.0049f * b);
  for (int h = 0; h < 24; h++) {
    s->weight[h] = fmaxf(0, 1 - (s->factor * s->profile[h] + s->level) * f) / (spread[h] * spread[h]);
    total += s->weight[h];
  }
  for (int h = 0; h < 24; h++) s->weight[h] = total > 0 ? s->weight[h] / total : 1.0f / 24;
}

/* How a day without holes lies around the profile: its terms by hour first, so that the compiler takes some at a time. */
static void slow_day_residuals(const slow *s, int d, const float *spread, float quantum, float *mean, float *blocks) {
  float terms[24], z[24], whole = 0, sum = 0;
  const float *profile = s->profile + s->types[d] * 24;
  for (int h = 0; h < 24; h++) {
    float e = (float)s->ring[d * 24 + h] * quantum - profile[h];
    terms[h] = s->weight[h] * clampf(e, 3.3f * spread[h]);
    z[h] = clampf(e / spread[h], 3.3f);
  }
  for (int h = 0; h < 24; h++) {
    sum += terms[h];
    whole += s->weight[h];
  }
  *mean = whole > 0.3f ? sum / whole : NAN;
  for (int block = 0; block < 3; block++) {
    blocks[block] = 0;
    for (int h = 0; h < 8; h++) blocks[block] += z[block * 8 + h] / 8;
  }
}

static void slow_day_with_holes(const slow *s, int d, const float *spread, float quantum, float *mean, float *blocks) {
  float sum = 0, weights = 0;
  for (int block = 0; block < 3; block++) {
    float z = 0;
    int valid = 0;
    for (int h = block * 8; h < block * 8 + 8; h++) {
      if (s->ring[d * 24 + h] == MISSING) continue;
      float e = (float)s->ring[d * 24 + h] * quantum - s->profile[s->types[d] * 24 + h];
      sum += s->weight[h] * clampf(e, 3.3f * spread[h]);
      weights += s->weight[h];
      z += clampf(e / spread[h], 3.3f);
      valid++;
    }
    blocks[block] = valid >= 6 ? z / (float)valid : NAN;
  }
  *mean = weights > 0.3f ? sum / weights : NAN;
}

static void slow_noise(slow *s, const float *spread, float quantum, float *scratch) {
  float squares = 0, products = 0, previous = NAN, *eights = scratch + DAYS;
  int n = 0, m = 0;
  for (int k = 0; k < s->count; k++) {
    int d = s->count < DAYS ? k : (s->next + k) % DAYS, is_whole = 1;
    float mean, blocks[3];
    for (int h = 0; h < 24; h++) is_whole &= s->ring[d * 24 + h] != MISSING;
    (is_whole ? slow_day_residuals : slow_day_with_holes)(s, d, spread, quantum, &mean, blocks);
    if (isfinite(mean)) {
      scratch[n++] = mean;
      squares += mean * mean;
      if (isfinite(previous)) products += mean * previous;
    }
    previous = mean;
    for (int block = 0; block < 3; block++)
      if (isfinite(blocks[block])) eights[m++] = blocks[block];
  }
  float q = fmaxf((float)n, 1), own = deviation(scratch, n);
  float tail = n ? nth(scratch, n, (int)(0.85f * (float)(n - 1) + 0.5f)) / 1.44f : 0, prior = 0.0185f * fabsf(s->mean);
  own = fmaxf(own, tail) * (1 + 2 / q);
  s->noise = sqrtf((q * own * own + 5 * prior * prior) / (q + 5));
  s->correlation = fminf(fmaxf((q * (squares > 0 ? products / squares : 0) + 4.8f) / (q + 12), 0.1f), 0.9f);
  own = deviation(eights, m);
  s->eight_noise = sqrtf(((float)m * own * own + 3.6f) / ((float)m + 10));
}

/* What the last day says besides a constant moves the common factor, its mean the level. */
static void slow_follow(slow *s, const int16_t *residuals, int64_t newest, const float *spread, float quantum) {
  float w = 0, wm = 0, wmm = 0, we = 0, wem = 0;
  int n = 0;
  for (int age = 0; age < 24; age++) {
    int16_t code = residuals[(newest - age) % RING_HOURS];
    int h = (int)((newest - age) % 24);
    if (code == MISSING) continue;
    float p = 1 / (spread[h] * spread[h]), m = s->factor * s->profile[s->type * 24 + h] + s->level;
    float e = clampf((float)code * quantum, 6 * spread[h]);
    n++;
    w += p;
    wm += p * m;
    wmm += p * m * m;
    we += p * e;
    wem += p * e * m;
  }
  float contrast = wmm - wm * wm / fmaxf(w, 1e-9f), mean = fabsf(s->mean);
  s->level += fminf(fmaxf(0.2f * s->means[2], -0.01f * mean), 0.00054f * mean);
  if (n < 16 || contrast <= 0) return;
  float step = 1.6e-5f / (1.6e-5f + 2 / contrast) * (wem - we * wm / w) / contrast;
  s->factor = fminf(fmaxf(s->factor * (1 + fminf(fmaxf(step, -0.03f), 0.01f)), 0.3f), 3);
}

static void slow_day(slow *s, const int16_t *residuals, int64_t newest, float *spread, float quantum, float *scratch) {
  if (s->count >= 7) slow_follow(s, residuals, newest, spread, quantum);
  float sum = 0;
  for (int h = 0; h < 24; h++) {
    s->ring[s->next * 24 + h] = isfinite(s->today[h]) ? (int16_t)clampf(rintf(s->today[h] / quantum), 32767) : MISSING;
    sum += s->factor * s->today[h] + s->level;
    s->today[h] = NAN;
  }
  s->day_means[s->day % NIGHTS] = isfinite(sum) ? (int16_t)clampf(rintf(sum / 24 / quantum), 32767) : MISSING;
  s->types[s->next] = (uint8_t)s->type;
  s->next = (s->next + 1) % DAYS;
  if (s->count < DAYS) s->count++;
  slow_profile(s, spread, quantum, scratch);
  slow_noise(s, spread, quantum, scratch);
}

/* Slope a day and its sigma over six weeks; 0 with fewer than 28 days. They come in as they were the night before. */
static int slow_line(const int16_t *codes, int64_t newest, float *slope, float *error, float *centre, float *scratch) {
  float ages[NIGHTS], values[NIGHTS];
  int n = 0, m = 0;
  for (int age = 0; age < NIGHTS; age++) {
    int16_t code = codes[(newest - age) % NIGHTS];
    if (code == MISSING) continue;
    ages[n] = (float)age;
    values[n++] = code;
  }
  if (n < 28) return 0;
  memcpy(scratch, values, (size_t)n * sizeof *values);
  *centre = median(scratch, n);
  for (int i = 0; i < n; i++)
    for (int k = i + 1; k < n; k++) scratch[m++] = (values[i] - values[k]) / (ages[k] - ages[i]);
  *slope = median_near(scratch, m, *slope - 0.75f * *error, *slope + 0.75f * *error);
  for (int i = 0; i < n; i++) scratch[i] = values[i] = values[i] + *slope * ages[i];
  float middle = median(scratch, n), squares = 0, products = 0;
  for (int i = 0; i < n; i++) {
    scratch[i] = values[i] -= middle;
    squares += values[i] * values[i];
    if (i > 0) products += values[i] * values[i - 1];
  }
  float own = fmaxf(deviation(scratch, n), 1), rho = squares > 0 ? fminf(fmaxf(products / squares, 0.2f), 0.8f) : 0.2f;
  *error = own * sqrtf((1 + rho) / (1 - rho) * 12 / ((float)n * (float)n * (float)n));
  return 1;
}

static void slow_night(slow *s, int64_t day, float quantum, float *scratch) {
  s->nights[day % NIGHTS] = isfinite(s->lowest) ? (int16_t)clampf(rintf(s->lowest / quantum), 32767) : MISSING;
  s->lowest = NAN;
  s->night_score = s->trend_score = 0;
  int n = 0;
  for (int k = 0; k < 3; k++)
    if (s->nights[(day - k) % NIGHTS] != MISSING) scratch[n++] = s->nights[(day - k) % NIGHTS];
  float recent = median(scratch, n) * quantum;
  n = 0;
  for (int k = 7; k < NIGHTS; k++)
    if (s->nights[(day - k) % NIGHTS] != MISSING) scratch[n++] = s->nights[(day - k) % NIGHTS];
  if (n >= 8) {
    float centre = median(scratch, n), floor = 0.02f * fabsf(s->mean);
    for (int i = 0; i < n; i++) scratch[i] -= centre;
    float own = deviation(scratch, n) * quantum * (1 + 2 / (float)n);
    s->night_score = (recent - centre * quantum) / fmaxf(sqrtf(own * own + floor * floor), 1e-9f);
  }
  float *slope = s->slopes, *error = s->errors, centre[2];
  if (!slow_line(s->nights, day, slope, error, centre, scratch)) return;
  if (!slow_line(s->day_means, day - 1, slope + 1, error + 1, centre + 1, scratch) || centre[1] <= centre[0]) return;
  float share = centre[0] / centre[1], sigma = sqrtf(error[0] * error[0] + share * share * error[1] * error[1]) / (1 - share);
  float added = (slope[0] - share * slope[1]) / (1 - share);
  if (added > 0 && sigma > 0) s->trend_score = added / sigma;
}

/* Score over threshold of the strongest statistic; the median of a window is looked at only where the statistic is half-way there. */
static float slow_finding(const slow *s, const int16_t *residuals, int64_t newest, float quantum, float *scratch) {
  static const int hours[7] = {6, 12, 24, 48, 96, 168, 336};
  static const float limits[7] = {5, 5, 5, 4.5f, 4.5f, 4, 3.4f};
  float best = fmaxf(s->eight / 10, s->six / 5.3f);
  for (int i = 0; i < 7; i++) {
    float ratio = s->scores[i] / limits[i];
    if (ratio <= 0.5f || ratio <= best) continue;
    int n = 0;
    for (int age = 0; age < hours[i]; age++) {
      int16_t code = residuals[(newest - age) % RING_HOURS];
      if (code != MISSING) scratch[n++] = (float)code * quantum;
    }
    if (median(scratch, n) > 0.83f * s->means[i]) best = ratio;
  }
  return fmaxf(best, fmaxf(s->trend_score / 4, s->night_score / 9));
}

/* As after five weeks of that course of the day with some noise: rings are full, so that a day's end costs what it costs for good. */
static void slow_init(slow *s, const float *expected, float quantum) {
  memset(s, 0, sizeof *s);
  s->mean = 10.7f;
  uint32_t noise = 1;
  for (int i = 0; i < DAYS * 24; i++) {
    noise = noise * 1664525u + 1013904223u;
    s->ring[i] = (int16_t)(expected[i % 24] / quantum * (0.96f + (float)(noise >> 16) * (0.08f / 65536)));
  }
  for (int i = 0; i < NIGHTS; i++) {
    s->nights[i] = s->ring[i * 19 % DAYS * 24 + 2];
    s->day_means[i] = (int16_t)(s->mean / quantum) + s->ring[i * 17 % DAYS * 24 + 12] / 8;
  }
  for (int d = 0; d < DAYS; d++) s->types[d] = d % 7 == 5 ? 1 : d % 7 == 6 ? 2 : 0;
  memcpy(s->profile, expected, 24 * sizeof *expected);
  memcpy(s->profile + 24, expected, 24 * sizeof *expected);
  memcpy(s->profile + 48, expected, 24 * sizeof *expected);
  s->count = DAYS;
  for (int h = 0; h < 24; h++) {
    s->today[h] = NAN;
    s->weight[h] = 1.0f / 24;
  }
  s->factor = 1;
  s->lowest = NAN;
  s->noise = 0.2f;
  s->correlation = 0.4f;
  s->eight_noise = 1;
}

/* Ends a local hour with that mean. Returns the strongest score over its threshold. */
static float slow_hour(slow *s, int16_t *residuals, int64_t hour, float mean, float *expected, float *spread, float quantum) {
  float scratch[1280];
  int64_t day = hour / 24;
  int h = (int)(hour % 24);
  if (day != s->day) {
    s->older_for = 0;
    if (s->day != 0 || h == 0) slow_day(s, residuals, hour - 1, spread, quantum, scratch);
    s->day = day;
    s->type = (day + 3) % 7 == 5 ? 1 : (day + 3) % 7 == 6 ? 2 : 0;
    if (s->count > 0)
      for (int k = 0; k < 24; k++) expected[k] = s->factor * s->profile[s->type * 24 + k] + s->level;
  }
  s->today[h] = (mean - s->level) / s->factor;
  if (h >= 1 && h <= 3) s->lowest = isfinite(s->lowest) ? fminf(s->lowest, mean) : mean;
  if (h == 3) slow_night(s, day, quantum, scratch);
  slow_move_on(s, residuals, hour, spread, quantum);
  residuals[hour % RING_HOURS] = (int16_t)clampf(rintf((mean - expected[h]) / quantum), 32767);
  slow_windows(s, residuals, hour, spread, quantum);
  slow_short(s, residuals, hour, spread, quantum);
  return slow_finding(s, residuals, hour, quantum, scratch);
}
#endif
