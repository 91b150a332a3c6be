/*
 * The canonical payload, {"ts":…,"value":…,"unit":…,"seq":…}, read in one pass as Sources/Codecs does.
 *
 * Included: grammar of the object, ASCII strings, numbers of up to 18 digits (Clinger's exact path), ISO 8601 with offset,
 * duplicate keys, the units of a flow, range of value and time.
 * Not included: escapes, UTF-8 beyond ASCII, exponents, nested values, arrays, bare numbers, the name of a sensor, places of errors.
 */
#include "scanner.h"
#include <string.h>

typedef struct {
  const uint8_t *at, *end;
} cursor;

static void blank(cursor *c) {
  while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n' || *c->at == '\r')) c->at++;
}

static int take(cursor *c, uint8_t wanted) {
  if (c->at >= c->end || *c->at != wanted) return 0;
  c->at++;
  return 1;
}

static int string(cursor *c, const uint8_t **from, int *length) {
  if (!take(c, '"')) return 0;
  *from = c->at;
  while (c->at < c->end && *c->at != '"' && *c->at != '\\' && *c->at >= 0x20 && *c->at < 0x80) c->at++;
  *length = (int)(c->at - *from);
  return take(c, '"');
}

typedef struct {
  uint64_t digits;
  int decimals, negative;
} decimal;

static int number(cursor *c, decimal *out) {
  out->negative = take(c, '-');
  const uint8_t *start = c->at;
  uint64_t v = 0;
  while (c->at < c->end && (uint8_t)(*c->at - '0') <= 9) v = v * 10 + (uint64_t)(*c->at++ - '0');
  if (c->at == start || (*start == '0' && c->at - start > 1)) return 0;
  out->decimals = 0;
  if (take(c, '.')) {
    const uint8_t *point = c->at;
    while (c->at < c->end && (uint8_t)(*c->at - '0') <= 9) v = v * 10 + (uint64_t)(*c->at++ - '0');
    out->decimals = (int)(c->at - point);
    if (out->decimals == 0) return 0;
  }
  out->digits = v;
  return c->at - start <= 19;
}

static double value_of(decimal d) {
  static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
  double v = (double)d.digits / tens[d.decimals];
  return d.negative ? -v : v;
}

static int digits(const uint8_t *b, int n, int *out) {
  int v = 0;
  for (int i = 0; i < n; i++) {
    if ((uint8_t)(b[i] - '0') > 9) return 0;
    v = v * 10 + (b[i] - '0');
  }
  *out = v;
  return 1;
}

static int is_date(int y, int m, int d) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (y < 1 || m < 1 || m > 12 || d < 1) return 0;
  int leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  return d <= lengths[m - 1] + (m == 2 && leap);
}

/* Days since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms"). */
static int64_t days(int y, int m, int d) {
  y -= m <= 2;
  int64_t era = y / 400;
  int64_t year = y - era * 400;
  int64_t day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}

/* YYYY-MM-DDTHH:MM:SS[.fff](Z|±HH:MM) */
static int iso8601(const uint8_t *b, int n, int64_t *out) {
  int y, mo, d, h, mi, s, oh = 0, om = 0, i = 19;
  if (n < 20 || !digits(b, 4, &y) || b[4] != '-' || !digits(b + 5, 2, &mo) || b[7] != '-' || !digits(b + 8, 2, &d)) return 0;
  if (b[10] != 'T' || !digits(b + 11, 2, &h) || b[13] != ':' || !digits(b + 14, 2, &mi) || b[16] != ':' || !digits(b + 17, 2, &s)) return 0;
  if (!is_date(y, mo, d) || h > 23 || mi > 59 || s > 60) return 0;
  int ms = 0;
  if (b[i] == '.') {
    int scale = 100;
    for (i++; i < n && (uint8_t)(b[i] - '0') <= 9; i++, scale /= 10) ms += (b[i] - '0') * scale;
  }
  int sign = 1;
  if (i + 1 == n && b[i] == 'Z') {
    sign = 0;
  } else {
    if (n - i != 6 || (b[i] != '+' && b[i] != '-') || !digits(b + i + 1, 2, &oh) || b[i + 3] != ':' || !digits(b + i + 4, 2, &om)) return 0;
    if (oh > 23 || om > 59) return 0;
    sign = b[i] == '-' ? -1 : 1;
  }
  *out = ((days(y, mo, d) * 86400) + h * 3600 + mi * 60 + s - sign * (oh * 3600 + om * 60)) * 1000 + ms;
  return 1;
}

static double unit_factor(const uint8_t *b, int n) {
  if (n == 4 && !memcmp(b, "m3/h", 4)) return 1;
  if (n == 4 && !memcmp(b, "m3/s", 4)) return 3600;
  if (n == 6 && !memcmp(b, "m3/min", 6)) return 60;
  if (n == 3 && !memcmp(b, "l/s", 3)) return 3.6;
  if (n == 5 && !memcmp(b, "l/min", 5)) return 0.06;
  return 0;
}

typedef struct {
  unsigned seen;
  decimal value, sequence;
  int64_t time;
  double factor;
} fields;

enum { TIME = 1, VALUE = 2, UNIT = 4, SEQUENCE = 8 };

static int name_of(const uint8_t *b, int n) {
  if (n == 2 && !memcmp(b, "ts", 2)) return TIME;
  if (n == 5 && !memcmp(b, "value", 5)) return VALUE;
  if (n == 4 && !memcmp(b, "unit", 4)) return UNIT;
  if (n == 3 && !memcmp(b, "seq", 3)) return SEQUENCE;
  return 0;
}

static int member(cursor *c, fields *f) {
  const uint8_t *text;
  int length;
  if (!string(c, &text, &length)) return -1;
  int name = name_of(text, length);
  if (name == 0 || (f->seen & (unsigned)name)) return -2;
  f->seen |= (unsigned)name;
  blank(c);
  if (!take(c, ':')) return -1;
  blank(c);
  if (name == VALUE) return number(c, &f->value) ? 0 : -1;
  if (name == SEQUENCE) return number(c, &f->sequence) ? 0 : -1;
  if (!string(c, &text, &length)) return -1;
  if (name == TIME) return iso8601(text, length, &f->time) ? 0 : -2;
  f->factor = unit_factor(text, length);
  return f->factor > 0 ? 0 : -2;
}

int scan_payload(const uint8_t *bytes, int count, int64_t now, scanned_reading *out) {
  cursor c = {bytes, bytes + count};
  fields f = {.factor = 1};
  blank(&c);
  if (!take(&c, '{')) return -1;
  do {
    blank(&c);
    int code = member(&c, &f);
    if (code) return code;
    blank(&c);
  } while (take(&c, ','));
  if (!take(&c, '}')) return -1;
  blank(&c);
  if (c.at != c.end) return -1;
  if (!(f.seen & VALUE) || (f.seen & SEQUENCE && (f.sequence.decimals || f.sequence.negative))) return -2;
  double v = value_of(f.value) * f.factor + 0.0;
  if (v < 0 || v > 1e6 || ((f.seen & TIME) && (f.time < 946684800000LL || f.time > now + 600000))) return -2;
  *out = (scanned_reading){f.time, v, f.seen & SEQUENCE ? (int64_t)f.sequence.digits : -1};
  return 0;
}
