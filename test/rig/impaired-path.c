/*
 * A network path in user space, for kernels without netem: a TUN device in each of two network namespaces, and between
 * them whatever a bad path does to packets, different in each direction and changeable while packets pass.
 *
 *   impaired-path NAMESPACE_0 DEVICE_0 NAMESPACE_1 DEVICE_1 SEED
 *       Prints "ready" when both devices exist. Each line on standard input sets one direction whole:
 *       TO DELAY_MS JITTER_MS LOSS_PERCENT BURST RATE_KBPS DUPLICATE_PERCENT REORDER_PERCENT REORDER_MS BLACKOUT HOLD
 *       TO is the end that is moved to, 0 or 1; RATE_KBPS 0 is no limit; BLACKOUT and HOLD are 0 or 1. Answers "ok" when
 *       it counts. Ends with its standard input; the devices go with it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MOST_WAITING = 16384, LONGEST = 65536 };
/* What a slow line keeps before it throws away: the deep queue of a mobile network. */
#define BACKLOG_MS 1000

struct impairment {
  double delay_ms, jitter_ms, loss, burst, bytes_per_ms, duplicate, reorder, reorder_ms;
  int blackout, hold;
};

struct packet {
  double due_ms;
  uint64_t number; /* of equal times the earlier goes first */
  int length;
  unsigned char *bytes;
};

struct direction {
  int in, out;
  struct impairment is;
  struct packet waiting[MOST_WAITING]; /* a heap, the next to leave on top */
  int count;
  double line_free_ms; /* when a line of limited rate has sent all it was given */
  int losing;          /* in the middle of a burst of loss */
};

static struct direction directions[2];
static uint64_t numbered;
static uint64_t random_state;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* xorshift64*, 0 to below 1. */
static double chance(void) {
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return ((random_state * 0x2545f4914f6cdd1dULL) >> 11) / 9007199254740992.0;
}

static int open_device(const char *namespace, const char *name) {
  char path[256];
  snprintf(path, sizeof path, "/var/run/netns/%s", namespace);
  int place = open(path, O_RDONLY | O_CLOEXEC);
  if (place < 0 || setns(place, CLONE_NEWNET)) fail(path);
  close(place);

  struct ifreq request;
  memset(&request, 0, sizeof request);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0 || ioctl(device, TUNSETIFF, &request)) fail(name);
  return device;
}

static int before(const struct packet *one, const struct packet *other) {
  return one->due_ms != other->due_ms ? one->due_ms < other->due_ms : one->number < other->number;
}

static void push(struct direction *way, const unsigned char *bytes, int length, double due_ms) {
  if (way->count == MOST_WAITING) return;
  struct packet packet = {due_ms, numbered++, length, malloc(length)};
  if (!packet.bytes) return;
  memcpy(packet.bytes, bytes, length);
  int place = way->count++;
  for (; place > 0 && before(&packet, &way->waiting[(place - 1) / 2]); place = (place - 1) / 2)
    way->waiting[place] = way->waiting[(place - 1) / 2];
  way->waiting[place] = packet;
}

static struct packet pop(struct direction *way) {
  struct packet top = way->waiting[0], last = way->waiting[--way->count];
  int place = 0;
  for (int child = 1; child < way->count; child = 2 * place + 1) {
    if (child + 1 < way->count && before(&way->waiting[child + 1], &way->waiting[child])) child++;
    if (!before(&way->waiting[child], &last)) break;
    way->waiting[place] = way->waiting[child];
    place = child;
  }
  way->waiting[place] = last;
  return top;
}

/* Two states (Gilbert's model): bursts of the given mean length, and the given share of packets lost in all. */
static int is_lost(struct direction *way) {
  double loss = way->is.loss, burst = way->is.burst > 1 ? way->is.burst : 1;
  if (loss <= 0) return way->losing = 0;
  if (loss >= 1) return 1;
  if (burst == 1) return chance() < loss;
  double enters = loss / (burst * (1 - loss));
  way->losing = way->losing ? chance() >= 1 / burst : chance() < enters;
  return way->losing;
}

static void accept_packet(struct direction *way, const unsigned char *bytes, int length) {
  const struct impairment *is = &way->is;
  if (is->blackout || is_lost(way)) return;
  double now = now_ms(), sent = now;
  if (is->bytes_per_ms > 0) {
    if (way->line_free_ms < now) way->line_free_ms = now;
    if (way->line_free_ms - now > BACKLOG_MS) return;
    sent = way->line_free_ms += length / is->bytes_per_ms;
  }
  int copies = chance() < is->duplicate ? 2 : 1;
  while (copies--) {
    double later = is->delay_ms + is->jitter_ms * (2 * chance() - 1);
    if (chance() < is->reorder) later += is->reorder_ms * chance();
    push(way, bytes, length, sent + (later > 0 ? later : 0));
  }
}

static void deliver_due(struct direction *way) {
  while (!way->is.hold && way->count && way->waiting[0].due_ms <= now_ms()) {
    struct packet packet = pop(way);
    /* A device that is down or full loses the packet, as a network would. */
    if (write(way->out, packet.bytes, packet.length) < 0) {
    }
    free(packet.bytes);
  }
}

static void empty(struct direction *way) {
  while (way->count) free(pop(way).bytes);
}

static void heed(const char *line) {
  int to, blackout, hold;
  double delay, jitter, loss, burst, rate, duplicate, reorder, reorder_ms;
  if (sscanf(line, "%d %lf %lf %lf %lf %lf %lf %lf %lf %d %d", &to, &delay, &jitter, &loss, &burst, &rate, &duplicate,
             &reorder, &reorder_ms, &blackout, &hold) != 11 || to < 0 || to > 1) {
    fprintf(stderr, "malformed: %s\n", line);
    exit(1);
  }
  struct direction *way = &directions[to];
  way->is = (struct impairment){delay,           jitter,        loss / 100, burst,    rate / 8,
                                 duplicate / 100, reorder / 100, reorder_ms, blackout, hold};
  if (rate <= 0) way->line_free_ms = 0;
  if (blackout) empty(way);
  printf("ok\n");
  fflush(stdout);
}

static void listen_to_input(void) {
  static char text[4096];
  static size_t length;
  ssize_t got = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
  if (got <= 0) exit(0);
  length += got;
  text[length] = 0;
  char *line = text;
  for (char *end; (end = strchr(line, '\n')); line = end + 1) {
    *end = 0;
    heed(line);
  }
  length -= line - text;
  memmove(text, line, length);
}

int main(int count, char **arguments) {
  if (count != 6) {
    fprintf(stderr, "usage: impaired-path NAMESPACE_0 DEVICE_0 NAMESPACE_1 DEVICE_1 SEED\n");
    return 2;
  }
  prctl(PR_SET_TIMERSLACK, 1000UL); /* the usual 50 us would show in the delays */
  /* What stands for a wire must not wait its turn behind browsers. */
  if (sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 5})) setpriority(PRIO_PROCESS, 0, -15);
  random_state = strtoull(arguments[5], NULL, 10) * 2654435761u + 88172645463325252ULL;
  int zero = open_device(arguments[1], arguments[2]), one = open_device(arguments[3], arguments[4]);
  directions[0].in = directions[1].out = one;
  directions[0].out = directions[1].in = zero;
  printf("ready\n");
  fflush(stdout);

  static unsigned char bytes[LONGEST];
  for (;;) {
    double next = now_ms() + 1000;
    for (int i = 0; i < 2; i++) {
      struct direction *way = &directions[i];
      for (ssize_t length; (length = read(way->in, bytes, sizeof bytes)) > 0;) accept_packet(way, bytes, length);
      deliver_due(way);
      if (!way->is.hold && way->count && way->waiting[0].due_ms < next) next = way->waiting[0].due_ms;
    }
    double wait_ms = next - now_ms();
    if (wait_ms < 0) wait_ms = 0;
    struct timespec patience = {wait_ms / 1e3, (wait_ms - (long)(wait_ms / 1e3) * 1e3) * 1e6};
    struct pollfd inputs[] = {{zero, POLLIN, 0}, {one, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    ppoll(inputs, 3, &patience, NULL);
    if (inputs[2].revents) listen_to_input();
  }
}
