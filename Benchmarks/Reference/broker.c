#include "broker.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int listen_at(int port) {
  int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 1)) return -1;
  return s;
}

int accept_client(client *c, int listener) {
  int on = 1;
  c->socket = accept(listener, NULL, NULL);
  if (c->socket < 0) return -1;
  setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fcntl(c->socket, F_SETFL, O_NONBLOCK);
}

static void answer(client *c, const void *bytes, size_t n) {
  if (c->replying + n > sizeof c->reply) return;
  memcpy(c->reply + c->replying, bytes, n);
  c->replying += n;
}

static void answer_subscribe(client *c, const uint8_t *body) {
  uint8_t v4[] = {0x90, 3, body[0], body[1], (uint8_t)c->qos}, v5[] = {0x90, 4, body[0], body[1], 0, (uint8_t)c->qos};
  if (c->version == 5) {
    answer(c, v5, sizeof v5);
  } else {
    answer(c, v4, sizeof v4);
  }
  c->subscribed = 1;
}

/* One packet: bytes[0] is its type, `body` begins behind its length. */
static void packet(client *c, const uint8_t *bytes, const uint8_t *body) {
  switch (bytes[0] >> 4) {
    case 1: { /* CONNECT: length, "MQTT", version */
      c->version = body[6];
      uint8_t connack[] = {0x20, 2, 0, 0, 0};
      if (c->version == 5) connack[1] = 3;
      answer(c, connack, c->version == 5 ? 5 : 4);
      break;
    }
    case 3: /* its `online` */
      if (bytes[0] & 2) {
        size_t named = (size_t)body[0] << 8 | body[1];
        answer(c, (uint8_t[]){0x40, 2, body[2 + named], body[3 + named]}, 4);
      }
      break;
    case 4: c->acknowledged++; break;
    case 8: answer_subscribe(c, body); break;
    case 12: answer(c, (uint8_t[]){0xd0, 0}, 2); break;
    default: break;
  }
}

static void parse(client *c) {
  size_t at = 0;
  while (c->have - at >= 2) {
    size_t length = 0, i = at + 1;
    int shift = 0, whole = 0;
    while (i < c->have && shift < 28) {
      length |= (size_t)(c->in[i] & 127) << shift;
      shift += 7;
      if (!(c->in[i++] & 128)) {
        whole = 1;
        break;
      }
    }
    if (!whole || c->have - i < length) break;
    packet(c, c->in + at, c->in + i);
    at = i + length;
  }
  memmove(c->in, c->in + at, c->have - at);
  c->have -= at;
}

int receive_from(client *c) {
  ssize_t n = recv(c->socket, c->in + c->have, sizeof c->in - c->have, 0);
  if (n == 0 || (n < 0 && errno != EAGAIN)) return 0;
  if (n > 0) {
    c->have += (size_t)n;
    parse(c);
  }
  return 1;
}

size_t publish_head(uint8_t *out, const client *c, const char *topic, long number, size_t length) {
  size_t named = strlen(topic), rest = 2 + named + (c->qos ? 2 : 0) + (c->version == 5) + length, at = 0;
  out[at++] = (uint8_t)(0x30 | c->qos << 1);
  do {
    uint8_t digit = rest & 127;
    rest >>= 7;
    out[at++] = digit | (rest ? 128 : 0);
  } while (rest);
  out[at++] = (uint8_t)(named >> 8);
  out[at++] = (uint8_t)named;
  memcpy(out + at, topic, named);
  at += named;
  if (c->qos) {
    unsigned id = (unsigned)(number % 65535) + 1;
    out[at++] = (uint8_t)(id >> 8);
    out[at++] = (uint8_t)id;
  }
  if (c->version == 5) out[at++] = 0;
  return at;
}
