/*
 * publisher PORT QOS COUNT [SENSORS]: publishes COUNT readings of SENSORS (1) meters in turn to a real broker as fast as it takes them, at
 * most 1,000 in flight. Ends when the broker has them all.
 */
#include "workload.h"
#include <mosquitto.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW 1000

static long done;
static int connected;

static void on_connect(struct mosquitto *m, void *context, int code) {
  (void)m, (void)context;
  connected = code == 0;
}

static void on_publish(struct mosquitto *m, void *context, int id) {
  (void)m, (void)context, (void)id;
  done++;
}

/* A reading of a minute, the newest now. */
static int compose(char *out, size_t size, long n, long count, int sensors, time_t now) {
  long rounds = (count + sensors - 1) / sensors, round = n / sensors;
  time_t time = now - (rounds - 1 - round) * 60;
  struct tm t;
  gmtime_r(&time, &t);
  return snprintf(out, size, "{\"ts\":\"%04d-%02d-%02dT%02d:%02d:%02dZ\",\"value\":%ld.%02ld,\"unit\":\"m3/h\",\"seq\":%ld}",
                  t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, 10 + n % 7, n % 100, round);
}

int main(int argc, char **argv) {
  if (argc < 4) {
    fprintf(stderr, "usage: publisher PORT QOS COUNT [SENSORS]\n");
    return 64;
  }
  const int qos = atoi(argv[2]), sensors = argc > 4 ? atoi(argv[4]) : 1;
  const long count = atol(argv[3]);
  const time_t now = time(NULL);
  char topic[64], payload[160];
  mosquitto_lib_init();
  struct mosquitto *m = mosquitto_new("publisher", true, NULL);
  mosquitto_connect_callback_set(m, on_connect);
  mosquitto_publish_callback_set(m, on_publish);
  mosquitto_max_inflight_messages_set(m, WINDOW);
  if (mosquitto_connect(m, "127.0.0.1", atoi(argv[1]), 60)) return 1;
  for (long sent = 0; done < count;) {
    for (int k = 0; k < 100 && connected && sent < count && sent - done < WINDOW; k++, sent++) {
      int n = compose(payload, sizeof payload, sent, count, sensors, now);
      snprintf(topic, sizeof topic, "water/town/z%02ld/m%04ld/flow", sent % sensors / 50, sent % sensors);
      if (mosquitto_publish(m, NULL, topic, n, payload, qos, false)) return 1;
    }
    if (mosquitto_loop(m, connected && sent < count && sent - done < WINDOW ? 0 : 5, 100)) return 1;
  }
  mosquitto_disconnect(m);
  return 0;
}
