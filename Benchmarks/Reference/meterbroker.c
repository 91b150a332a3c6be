/*
 * meterbroker PORT QOS MESSAGES SENSORS READINGS: as fakebroker, with messages that differ: SENSORS meters report in turn, READINGS readings
 * 15 s apart in each message, the newest at most a day old. With QoS 1 at most 1,000 are in flight.
 *
 * The whole stream is composed when the client has said which MQTT it speaks, before CONNACK, so that no time goes by here later. It begins
 * when a line, or the end, comes on standard input. Prints `ready` when it listens, `subscribed`, and at the end: messages, seconds from
 * the beginning until the last was sent or acknowledged.
 */
#include "workload.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WINDOW 1000
#define STEP 15 /* seconds between the readings of one meter */

typedef struct {
  int socket, qos, version, subscribed, begun;
  long count, acknowledged, released;
  uint8_t in[65536];
  size_t have;
  uint8_t *stream;
  size_t *ends; /* where each packet of the stream ends */
  size_t from;
  uint8_t reply[64];
  size_t replying;
} session;

static int listen_at(int port) {
  int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 1)) return -1;
  return s;
}

/* One reading; behind a comma unless it is the first. */
static size_t reading(char *out, time_t time, double value, long sequence) {
  struct tm t;
  gmtime_r(&time, &t);
  return (size_t)sprintf(out, "{\"ts\":\"%04d-%02d-%02dT%02d:%02d:%02dZ\",\"value\":%.2f,\"unit\":\"m3/h\",\"seq\":%ld}", t.tm_year + 1900,
                         t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, value, sequence);
}

static size_t publish(uint8_t *out, const session *s, long n, int sensors, int readings, time_t since, uint64_t *random) {
  static char payload[1 << 20];
  char topic[64];
  size_t length = 0;
  long round = n / sensors;
  if (readings > 1) payload[length++] = '[';
  for (int k = 0; k < readings; k++) {
    if (k) payload[length++] = ',';
    long step = round * readings + k;
    time_t time = since + step * STEP;
    length += reading(payload + length, time, reading_value(time * 1000, random), step);
  }
  if (readings > 1) payload[length++] = ']';
  size_t named = (size_t)sprintf(topic, "water/town/z%02ld/m%06ld/flow", n % sensors / 100 % 100, n % sensors);
  size_t rest = 2 + named + (s->qos ? 2 : 0) + (s->version == 5) + length, at = 0;
  out[at++] = (uint8_t)(0x30 | s->qos << 1);
  do {
    uint8_t digit = rest & 127;
    rest >>= 7;
    out[at++] = digit | (rest ? 128 : 0);
  } while (rest);
  out[at++] = 0;
  out[at++] = (uint8_t)named;
  memcpy(out + at, topic, named);
  at += named;
  if (s->qos) {
    unsigned id = (unsigned)(n % 65535) + 1;
    out[at++] = (uint8_t)(id >> 8);
    out[at++] = (uint8_t)id;
  }
  if (s->version == 5) out[at++] = 0;
  memcpy(out + at, payload, length);
  return at + length;
}

static int compose(session *s, int sensors, int readings) {
  size_t one = 128 + (size_t)readings * 96, used = 0;
  uint64_t random = 1;
  long steps = (s->count + sensors - 1) / sensors * readings;
  time_t since = time(NULL) - 60 - steps * STEP;
  s->stream = malloc((size_t)s->count * one);
  s->ends = malloc(sizeof(size_t) * (size_t)s->count);
  if (!s->stream || !s->ends) return 0;
  for (long n = 0; n < s->count; n++) {
    used += publish(s->stream + used, s, n, sensors, readings, since, &random);
    s->ends[n] = used;
  }
  return 1;
}

static void put(session *s, const uint8_t *bytes, size_t n) {
  memcpy(s->reply + s->replying, bytes, n);
  s->replying += n;
}

/* One packet: bytes[0] is its type, `body` begins behind its length. */
static void packet(session *s, const uint8_t *bytes, const uint8_t *body) {
  uint8_t kind = bytes[0] >> 4;
  if (kind == 1) {
    s->version = body[6];
    uint8_t reply[] = {0x20, 2, 0, 0, 0};
    if (s->version == 5) reply[1] = 3;
    put(s, reply, s->version == 5 ? 5 : 4);
  } else if (kind == 8) {
    uint8_t reply[] = {0x90, 3, body[0], body[1], (uint8_t)s->qos, 0};
    if (s->version == 5) {
      reply[1] = 4;
      reply[4] = 0;
      reply[5] = (uint8_t)s->qos;
    }
    put(s, reply, s->version == 5 ? 6 : 5);
    s->subscribed = 1;
    printf("subscribed\n");
    fflush(stdout);
  } else if (kind == 3 && bytes[0] & 2) { /* our own `online` */
    size_t named = (size_t)body[0] << 8 | body[1];
    uint8_t reply[] = {0x40, 2, body[2 + named], body[3 + named]};
    put(s, reply, 4);
  } else if (kind == 4) {
    s->acknowledged++;
  } else if (kind == 12) {
    put(s, (uint8_t[]){0xd0, 0}, 2);
  }
}

static void parse(session *s) {
  size_t at = 0;
  while (s->have - at >= 2) {
    size_t length = 0, i = at + 1;
    int shift = 0, whole = 0;
    while (i < s->have && shift < 28) {
      length |= (size_t)(s->in[i] & 127) << shift;
      shift += 7;
      if (!(s->in[i++] & 128)) {
        whole = 1;
        break;
      }
    }
    if (!whole || s->have - i < length) break;
    packet(s, s->in + at, s->in + i);
    at = i + length;
  }
  memmove(s->in, s->in + at, s->have - at);
  s->have -= at;
}

/* Replies go only between two packets of the stream. */
static int send_some(session *s) {
  size_t start = s->released ? s->ends[s->released - 1] : 0;
  if (s->replying && s->from == start) {
    ssize_t n = send(s->socket, s->reply, s->replying, MSG_NOSIGNAL);
    if (n != (ssize_t)s->replying) return 0;
    s->replying = 0;
  }
  if (!s->begun) return 1;
  if (s->from == start && !s->replying) {
    s->released = s->qos && s->acknowledged + WINDOW < s->count ? s->acknowledged + WINDOW : s->released + WINDOW;
    if (s->released > s->count) s->released = s->count;
  }
  size_t end = s->released ? s->ends[s->released - 1] : 0;
  if (s->from < end) {
    ssize_t n = send(s->socket, s->stream + s->from, end - s->from, MSG_NOSIGNAL);
    if (n > 0) s->from += (size_t)n;
  }
  return 1;
}

static int serve(session *s, int sensors, int readings) {
  double since = 0;
  int told = 0;
  for (;;) {
    if (s->version && !s->stream && !compose(s, sensors, readings)) return 1;
    if (!send_some(s)) return 1;
    if (s->begun && since == 0) since = seconds_now();
    if (!told && s->stream && s->from == s->ends[s->count - 1] && (!s->qos || s->acknowledged >= s->count)) {
      printf("%ld %.6f\n", s->count, seconds_now() - since);
      fflush(stdout);
      told = 1;
    }
    size_t end = s->released ? s->ends[s->released - 1] : 0;
    int more = s->from < end || s->replying || (s->begun && s->released < s->count && (!s->qos || s->released < s->acknowledged + WINDOW));
    struct pollfd p[] = {{s->socket, POLLIN | (more ? POLLOUT : 0), 0}, {STDIN_FILENO, POLLIN, 0}};
    if (poll(p, s->subscribed && !s->begun ? 2 : 1, 600000) <= 0) return 1;
    if (s->subscribed && !s->begun && p[1].revents) s->begun = 1;
    if (p->revents & (POLLIN | POLLHUP | POLLERR)) {
      ssize_t n = recv(s->socket, s->in + s->have, sizeof s->in - s->have, 0);
      if (n == 0 || (n < 0 && errno != EAGAIN)) return !told;
      if (n > 0) {
        s->have += (size_t)n;
        parse(s);
      }
    }
  }
}

int main(int argc, char **argv) {
  static session s;
  int on = 1;
  if (argc != 6) {
    fprintf(stderr, "usage: meterbroker PORT QOS MESSAGES SENSORS READINGS\n");
    return 64;
  }
  int listener = listen_at(atoi(argv[1]));
  s.qos = atoi(argv[2]) != 0;
  s.count = atol(argv[3]);
  printf("ready\n");
  fflush(stdout);
  if (listener < 0 || (s.socket = accept(listener, NULL, NULL)) < 0) return 1;
  setsockopt(s.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(s.socket, F_SETFL, O_NONBLOCK);
  return serve(&s, atoi(argv[4]), atoi(argv[5]));
}
