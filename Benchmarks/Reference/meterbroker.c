/*
 * meterbroker PORT QOS MESSAGES SENSORS READINGS STEP: as fakebroker, with messages that differ: SENSORS meters report in turn, READINGS
 * readings STEP seconds apart in each message, the last a minute old. With QoS 1 at most 1,000 are in flight.
 *
 * The whole stream is composed when the client has said which MQTT it speaks, before CONNACK, so that no time goes by here later. It begins
 * when a line, or the end, comes on standard input. Prints `ready` when it listens, `subscribed`, and at the end: messages, seconds from
 * the beginning until the last was sent or acknowledged.
 */
#include "broker.h"
#include "workload.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
  client client;
  int begun, told;
  long count, released;
  double since;
  uint8_t *stream;
  size_t *ends; /* where each packet of the stream ends */
  size_t from;
} session;

/* One reading; behind a comma unless it is the first. */
static size_t reading(char *out, time_t time, double value, long sequence) {
  struct tm t;
  gmtime_r(&time, &t);
  return (size_t)sprintf(out, "{\"ts\":\"%04d-%02d-%02dT%02d:%02d:%02dZ\",\"value\":%.2f,\"unit\":\"m3/h\",\"seq\":%ld}", t.tm_year + 1900,
                         t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, value, sequence);
}

static size_t publish(uint8_t *out, const client *c, long n, int sensors, int readings, int apart, time_t since, uint64_t *random) {
  static char payload[1 << 20];
  char topic[64];
  size_t length = 0;
  long round = n / sensors;
  if (readings > 1) payload[length++] = '[';
  for (int k = 0; k < readings; k++) {
    if (k) payload[length++] = ',';
    long step = round * readings + k;
    time_t time = since + step * apart;
    length += reading(payload + length, time, reading_value(time * 1000, random), step);
  }
  if (readings > 1) payload[length++] = ']';
  sprintf(topic, "water/town/z%02ld/m%06ld/flow", n % sensors / 100 % 100, n % sensors);
  size_t at = publish_head(out, c, topic, n, length);
  memcpy(out + at, payload, length);
  return at + length;
}

static int compose(session *s, int sensors, int readings, int apart) {
  size_t one = 128 + (size_t)readings * 96, used = 0;
  uint64_t random = 1;
  long steps = (s->count + sensors - 1) / sensors * readings;
  time_t since = time(NULL) - 60 - steps * apart;
  s->stream = malloc((size_t)s->count * one);
  s->ends = malloc(sizeof(size_t) * (size_t)s->count);
  if (!s->stream || !s->ends) return 0;
  for (long n = 0; n < s->count; n++) {
    used += publish(s->stream + used, &s->client, n, sensors, readings, apart, since, &random);
    s->ends[n] = used;
  }
  return 1;
}

/* The end of what may be sent. */
static size_t limit(const session *s) { return s->released ? s->ends[s->released - 1] : 0; }

/* Replies go only between two packets of the stream. */
static int send_some(session *s) {
  client *c = &s->client;
  size_t start = limit(s);
  if (c->replying && s->from == start) {
    ssize_t n = send(c->socket, c->reply, c->replying, MSG_NOSIGNAL);
    if (n != (ssize_t)c->replying) return 0;
    c->replying = 0;
  }
  if (!s->begun) return 1;
  if (s->from == start && !c->replying) {
    s->released = c->qos && c->acknowledged + WINDOW < s->count ? c->acknowledged + WINDOW : s->released + WINDOW;
    if (s->released > s->count) s->released = s->count;
  }
  if (s->from < limit(s)) {
    ssize_t n = send(c->socket, s->stream + s->from, limit(s) - s->from, MSG_NOSIGNAL);
    if (n > 0) s->from += (size_t)n;
  }
  return 1;
}

/* Whether something is to be sent, or will be as soon as the socket takes it. */
static int has_more(const session *s) {
  const client *c = &s->client;
  return s->from < limit(s) || c->replying || (s->begun && s->released < s->count && (!c->qos || s->released < c->acknowledged + WINDOW));
}

static void tell(session *s) {
  client *c = &s->client;
  if (s->told || !s->stream || s->from != s->ends[s->count - 1] || (c->qos && c->acknowledged < s->count)) return;
  printf("%ld %.6f\n", s->count, seconds_now() - s->since);
  fflush(stdout);
  s->told = 1;
}

static int serve(session *s, int sensors, int readings, int apart) {
  client *c = &s->client;
  int said = 0;
  for (;;) {
    if (c->version && !s->stream && !compose(s, sensors, readings, apart)) return 1;
    if (!send_some(s)) return 1;
    if (s->begun && s->since == 0) s->since = seconds_now();
    tell(s);
    struct pollfd p[] = {{c->socket, POLLIN | (has_more(s) ? POLLOUT : 0), 0}, {STDIN_FILENO, POLLIN, 0}};
    if (poll(p, c->subscribed && !s->begun ? 2 : 1, 600000) <= 0) return 1;
    if (c->subscribed && !s->begun && p[1].revents) s->begun = 1;
    if (p->revents & (POLLIN | POLLHUP | POLLERR) && !receive_from(c)) return !s->told;
    if (c->subscribed && !said) {
      printf("subscribed\n");
      fflush(stdout);
      said = 1;
    }
  }
}

int main(int argc, char **argv) {
  static session s;
  if (argc != 7) {
    fprintf(stderr, "usage: meterbroker PORT QOS MESSAGES SENSORS READINGS STEP\n");
    return 64;
  }
  int listener = listen_at(atoi(argv[1]));
  s.client.qos = atoi(argv[2]) != 0;
  s.count = atol(argv[3]);
  printf("ready\n");
  fflush(stdout);
  if (listener < 0 || accept_client(&s.client, listener) < 0) return 1;
  return serve(&s, atoi(argv[4]), atoi(argv[5]), atoi(argv[6]));
}
