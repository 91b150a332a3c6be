/* What fakebroker and meterbroker share: one client over TCP, MQTT 3.1.1 or 5, and the packets that it sends. */
#ifndef BROKER_H
#define BROKER_H

#include <stddef.h>
#include <stdint.h>

/* QoS 1 messages that may be in flight. */
#define WINDOW 1000

typedef struct {
  int socket, qos;
  int version;    /* 4 or 5, from CONNECT; 0 before it */
  int subscribed; /* it has sent SUBSCRIBE */
  long acknowledged;
  uint8_t in[65536];
  size_t have;
  uint8_t reply[256]; /* answers, to be sent between two messages */
  size_t replying;
} client;

/* Listens on 127.0.0.1; negative on failure. */
int listen_at(int port);
/* Waits for the client; negative on failure. */
int accept_client(client *c, int listener);
/* Takes what has come. 0 when the client has gone. */
int receive_from(client *c);
/* A PUBLISH up to its payload of `length` bytes, which follows it; returns the bytes written, at most 80 + the topic's. */
size_t publish_head(uint8_t *out, const client *c, const char *topic, long number, size_t length);

#endif
