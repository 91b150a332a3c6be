/*
 * fakebroker PORT QOS COUNT: serves one client (MQTT 3.1.1 or 5, one SUBSCRIBE) with COUNT readings as fast as it takes them, so that no
 * broker is the limit. With QoS 1 at most 1,000 are in flight. Prints: messages, seconds until the last was sent or acknowledged.
 */
#include "broker.h"
#include "workload.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TOPIC "water/town/z01/m0001/flow"

typedef struct {
  client client;
  long count, sent;
  uint8_t out[131072];
  size_t from, to;
} session;

static void put(session *s, const void *bytes, size_t n) {
  memcpy(s->out + s->to, bytes, n);
  s->to += n;
}

/* Answers, then as many PUBLISH packets as fit and may be in flight. */
static void fill(session *s) {
  const size_t payload = sizeof PAYLOAD - 1, room = 512 + sizeof s->client.reply;
  client *c = &s->client;
  if (s->from == s->to) s->from = s->to = 0;
  if (s->to + room >= sizeof s->out) return;
  put(s, c->reply, c->replying);
  c->replying = 0;
  while (c->subscribed && s->sent < s->count && s->to + room < sizeof s->out && (!c->qos || s->sent - c->acknowledged < WINDOW)) {
    s->to += publish_head(s->out + s->to, c, TOPIC, s->sent, payload);
    put(s, PAYLOAD, payload);
    s->sent++;
  }
}

static int serve(session *s) {
  client *c = &s->client;
  double since = 0;
  int told = 0;
  for (;;) {
    fill(s);
    if (c->subscribed && since == 0) since = seconds_now();
    struct pollfd p = {c->socket, POLLIN | (s->from < s->to ? POLLOUT : 0), 0};
    if (poll(&p, 1, 30000) <= 0) return 1;
    if (p.revents & POLLOUT) {
      ssize_t n = send(c->socket, s->out + s->from, s->to - s->from, MSG_NOSIGNAL);
      if (n > 0) s->from += (size_t)n;
    }
    if (p.revents & (POLLIN | POLLHUP | POLLERR) && !receive_from(c)) return !told;
    if (!told && s->sent == s->count && s->from == s->to && (!c->qos || c->acknowledged == s->count)) {
      printf("%ld %.6f\n", s->count, seconds_now() - since);
      fflush(stdout);
      told = 1;
    }
  }
}

int main(int argc, char **argv) {
  static session s;
  if (argc != 4) {
    fprintf(stderr, "usage: fakebroker PORT QOS COUNT\n");
    return 64;
  }
  int listener = listen_at(atoi(argv[1]));
  s.client.qos = atoi(argv[2]) != 0;
  s.count = atol(argv[3]);
  if (listener < 0 || accept_client(&s.client, listener) < 0) return 1;
  return serve(&s);
}
