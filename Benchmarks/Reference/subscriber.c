/*
 * subscriber forever|own|journal PORT QOS COUNT [FILE]: a bare libmosquitto client that counts.
 *
 *   forever  mosquitto_loop_forever: the library acknowledges before the callback, message by message
 *   own      a loop of its own: drains the socket, then writes the acknowledgements together
 *   journal  the same, with the payloads appended to FILE and fdatasync before the acknowledgements
 *
 * Prints: messages, seconds from the first to the last, CPU seconds of the process.
 */
#include "workload.h"
#include <fcntl.h>
#include <mosquitto.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define BATCH 500

static struct {
  long wanted, got, pending;
  double first;
  int qos, file;
  size_t used;
  char journal[1 << 20];
} run = {.file = -1};

static void on_connect(struct mosquitto *m, void *context, int code) {
  (void)context;
  if (code == 0) mosquitto_subscribe(m, NULL, "water/#", run.qos);
}

static void on_message(struct mosquitto *m, void *context, const struct mosquitto_message *message) {
  (void)context;
  if (run.got == 0) run.first = seconds_now();
  run.got++;
  run.pending++;
  if (run.file >= 0 && run.used + (size_t)message->payloadlen <= sizeof run.journal) {
    memcpy(run.journal + run.used, message->payload, (size_t)message->payloadlen);
    run.used += (size_t)message->payloadlen;
  }
  if (run.got == run.wanted) mosquitto_disconnect(m);
}

static int save(void) {
  if (run.file < 0 || run.used == 0) return 0;
  ssize_t n = write(run.file, run.journal, run.used);
  run.used = 0;
  return n <= 0 || fdatasync(run.file);
}

static void cork(int socket, int on) { setsockopt(socket, IPPROTO_TCP, TCP_CORK, &on, sizeof on); }

/* Threaded mode only queues acknowledgements in callbacks, so that they leave with mosquitto_loop_write. */
static int own_loop(struct mosquitto *m) {
  while (run.got < run.wanted) {
    struct pollfd p = {mosquitto_socket(m), POLLIN | (run.got == 0 && mosquitto_want_write(m) ? POLLOUT : 0), 0};
    int ready = poll(&p, 1, 10);
    if (ready < 0 || (p.revents & (POLLERR | POLLHUP))) return 1;
    if (ready > 0 && (p.revents & POLLIN)) {
      /* One packet a call is what the library promises; the socket tells when it is empty. */
      do {
        if (mosquitto_loop_read(m, 1)) return run.got < run.wanted;
      } while (run.pending < BATCH && poll(&(struct pollfd){p.fd, POLLIN, 0}, 1, 0) > 0);
    }
    if (run.pending >= BATCH || ready == 0 || run.got == 0 || run.got == run.wanted) {
      if (save()) return 1;
      cork(p.fd, 1);
      while (mosquitto_want_write(m) && !mosquitto_loop_write(m, 1)) {}
      cork(p.fd, 0);
      run.pending = 0;
    }
    mosquitto_loop_misc(m);
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 5 || (!strcmp(argv[1], "journal") && argc < 6)) {
    fprintf(stderr, "usage: subscriber forever|own|journal PORT QOS COUNT [FILE]\n");
    return 64;
  }
  run.qos = atoi(argv[3]);
  run.wanted = atol(argv[4]);
  if (!strcmp(argv[1], "journal") && (run.file = open(argv[5], O_WRONLY | O_CREAT | O_APPEND, 0600)) < 0) return 1;
  mosquitto_lib_init();
  struct mosquitto *m = mosquitto_new("reference", true, NULL);
  mosquitto_connect_callback_set(m, on_connect);
  mosquitto_message_callback_set(m, on_message);
  int is_own = strcmp(argv[1], "forever") != 0;
  if (is_own) mosquitto_threaded_set(m, true);
  if (mosquitto_connect(m, "127.0.0.1", atoi(argv[2]), 60)) return 1;
  if (is_own ? own_loop(m) : (mosquitto_loop_forever(m, -1, 1) && run.got < run.wanted)) return 1;
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  double cpu = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
  printf("%ld %.6f %.6f\n", run.got, seconds_now() - run.first, cpu);
  mosquitto_destroy(m);
  return 0;
}
