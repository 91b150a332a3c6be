/*
 * fakebroker PORT QOS COUNT: serves one client (MQTT 3.1.1 or 5, one SUBSCRIBE) with COUNT readings as fast as it takes them, so that no
 * broker is the limit. With QoS 1 at most 1,000 are in flight. Prints: messages, seconds until the last was sent or acknowledged.
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

#define TOPIC "water/town/z01/m0001/flow"
#define WINDOW 1000

typedef struct {
  int socket, qos, version, subscribed;
  long count, sent, acknowledged;
  uint8_t in[65536], out[131072];
  size_t have, from, to;
} session;

static int listen_at(int port) {
  int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 1)) return -1;
  return s;
}

static void put(session *s, const void *bytes, size_t n) {
  memcpy(s->out + s->to, bytes, n);
  s->to += n;
}

/* One packet: bytes[0] is its type, `body` begins behind its length. */
static void packet(session *s, const uint8_t *bytes, const uint8_t *body) {
  uint8_t kind = bytes[0] >> 4;
  if (kind == 1) { /* CONNECT: length, "MQTT", version */
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

/* As many PUBLISH packets as fit and may be in flight. */
static void fill(session *s) {
  uint8_t packet[256];
  const size_t topic = sizeof TOPIC - 1, payload = sizeof PAYLOAD - 1;
  if (s->from == s->to) s->from = s->to = 0;
  while (s->subscribed && s->sent < s->count && s->to + sizeof packet < sizeof s->out && (!s->qos || s->sent - s->acknowledged < WINDOW)) {
    size_t n = 0, length = 2 + topic + (s->qos ? 2 : 0) + (s->version == 5) + payload;
    packet[n++] = (uint8_t)(0x30 | s->qos << 1);
    if (length > 127) {
      packet[n++] = (uint8_t)(length & 127) | 128;
      packet[n++] = (uint8_t)(length >> 7);
    } else {
      packet[n++] = (uint8_t)length;
    }
    packet[n++] = 0;
    packet[n++] = (uint8_t)topic;
    memcpy(packet + n, TOPIC, topic);
    n += topic;
    if (s->qos) {
      unsigned id = (unsigned)(s->sent % 65535) + 1;
      packet[n++] = (uint8_t)(id >> 8);
      packet[n++] = (uint8_t)id;
    }
    if (s->version == 5) packet[n++] = 0;
    memcpy(packet + n, PAYLOAD, payload);
    put(s, packet, n + payload);
    s->sent++;
  }
}

static int serve(session *s) {
  double since = 0;
  int told = 0;
  for (;;) {
    fill(s);
    if (s->subscribed && since == 0) since = seconds_now();
    struct pollfd p = {s->socket, POLLIN | (s->from < s->to ? POLLOUT : 0), 0};
    if (poll(&p, 1, 30000) <= 0) return 1;
    if (p.revents & POLLOUT) {
      ssize_t n = send(s->socket, s->out + s->from, s->to - s->from, MSG_NOSIGNAL);
      if (n > 0) s->from += (size_t)n;
    }
    if (p.revents & (POLLIN | POLLHUP | POLLERR)) {
      ssize_t n = recv(s->socket, s->in + s->have, sizeof s->in - s->have, 0);
      if (n == 0 || (n < 0 && errno != EAGAIN)) return !told;
      if (n > 0) {
        s->have += (size_t)n;
        parse(s);
      }
    }
    if (!told && s->sent == s->count && s->from == s->to && (!s->qos || s->acknowledged == s->count)) {
      printf("%ld %.6f\n", s->count, seconds_now() - since);
      fflush(stdout);
      told = 1;
    }
  }
}

int main(int argc, char **argv) {
  static session s;
  int on = 1;
  if (argc != 4) {
    fprintf(stderr, "usage: fakebroker PORT QOS COUNT\n");
    return 64;
  }
  int listener = listen_at(atoi(argv[1]));
  s.qos = atoi(argv[2]) != 0;
  s.count = atol(argv[3]);
  if (listener < 0 || (s.socket = accept(listener, NULL, NULL)) < 0) return 1;
  setsockopt(s.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(s.socket, F_SETFL, O_NONBLOCK);
  return serve(&s);
}
