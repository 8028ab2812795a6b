/*
 * An ATmega328P that runs a firmware image, and tells what its pins do.
 *
 *   simulated-uno live FIRMWARE.elf LINK DTR_FILE
 *       At the speed of the real chip, with its serial port on a pty; LINK becomes a symbolic link to it. Each "^" that
 *       is appended to DTR_FILE resets the chip, as raising DTR does on an Uno. Other letters break something: "h" hangs
 *       the processor, "g" makes it say bytes of chance until "G", "l" with a digit loses that many in ten of the bytes to
 *       and from it until "l0", and "x" pulls the cable out of a chip that has power of its own. Prints {"pty":…}, then the pins at every change, with the milliseconds of the
 *       machine's monotonic clock, and by how much it fell behind when the machine gave it no time. Ends on a signal; the pty then hangs up, as an unplugged cable does.
 *   simulated-uno play FIRMWARE.elf BATTERY_MV
 *       As fast as it goes, by a script on standard input: "MS send LINE" and "MS look", in order; 0 ms is when the
 *       second line of the boot banner was heard. Prints {"atMs":…,"heard":…} and, for each look, the pins.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "avr_adc.h"
#include "avr_uart.h"
#include "sim_avr.h"
#include "sim_elf.h"

#define FREQUENCY 16000000
#define CYCLES_PER_MS (FREQUENCY / 1000)
/* 115200 baud, ten bits a byte. */
#define CYCLES_PER_BYTE (FREQUENCY / 11520)

/* Registers of the ATmega328P (its data sheet, chapter 31). */
enum { PORTB = 0x25, PORTD = 0x2b, TCCR0A = 0x44, OCR0A = 0x47, OCR0B = 0x48, TCCR1A = 0x80, OCR1A = 0x88, OCR1B = 0x8a,
       TCCR2A = 0xb0, OCR2A = 0xb3, OCR2B = 0xb4 };
enum { CHANNEL_A = 7, CHANNEL_B = 5 }; /* the bits that give a timer's channel its pin */

struct pins {
  int left, right, servo0, servo1, lamp, buzzer;
};

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

static int bit(avr_t *avr, int address, int number) { return avr->data[address] >> number & 1; }

static int duty(avr_t *avr, int control, int channel, int compare, int port, int pin) {
  return bit(avr, control, channel) ? avr->data[compare] : bit(avr, port, pin) * 255;
}

/* Degrees, or -1 without pulses. */
static int servo(avr_t *avr, int channel, int compare) {
  if (!bit(avr, TCCR1A, channel)) return -1;
  double us = ((avr->data[compare] | avr->data[compare + 1] << 8) + 1) / 2.0;
  return (int)((us - 600) / (2400 - 600) * 180 + 0.5);
}

static struct pins look(avr_t *avr) {
  return (struct pins){
      .left = duty(avr, TCCR0A, CHANNEL_B, OCR0B, PORTD, 5) - duty(avr, TCCR0A, CHANNEL_A, OCR0A, PORTD, 6),
      .right = duty(avr, TCCR2A, CHANNEL_B, OCR2B, PORTD, 3) - duty(avr, TCCR2A, CHANNEL_A, OCR2A, PORTB, 3),
      .servo0 = servo(avr, CHANNEL_A, OCR1A),
      .servo1 = servo(avr, CHANNEL_B, OCR1B),
      .lamp = bit(avr, PORTD, 2),
      .buzzer = bit(avr, PORTD, 4),
  };
}

static double wall_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void print_pins(double at_ms, struct pins pins) {
  printf("{\"atMs\":%.2f,\"wallMs\":%.2f,\"left\":%d,\"right\":%d,\"servo0\":%d,\"servo1\":%d,\"lamp\":%s,"
         "\"buzzer\":%s}\n",
         at_ms, wall_ms(), pins.left, pins.right, pins.servo0, pins.servo1, pins.lamp ? "true" : "false",
         pins.buzzer ? "true" : "false");
  fflush(stdout);
}

static avr_t *make_uno(const char *image, int battery_mv) {
  elf_firmware_t firmware;
  memset(&firmware, 0, sizeof firmware);
  if (elf_read_firmware(image, &firmware)) fail("the firmware cannot be read");
  avr_t *avr = avr_make_mcu_by_name("atmega328p");
  if (!avr) fail("this simavr knows no atmega328p");
  avr_init(avr);
  firmware.frequency = FREQUENCY;
  avr_load_firmware(avr, &firmware);
  avr->frequency = FREQUENCY;
  avr->vcc = avr->avcc = avr->aref = 5000;
  avr->log = LOG_NONE;
  /* The middle of the step that the real converter gives (its 1024 steps; simavr counts 1023). */
  int step = battery_mv / 3 * 1024 / 5000;
  avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_ADC0), (step * 2 + 1) * 5000 / (2 * 1023));

  uint32_t flags = 0;
  avr_ioctl(avr, AVR_IOCTL_UART_GET_FLAGS('0'), &flags);
  /* The one prints every byte; the other makes firmware that polls its serial port crawl. */
  flags &= ~(AVR_UART_FLAG_STDIO | AVR_UART_FLAG_POLL_SLEEP);
  avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
  return avr;
}

static void step(avr_t *avr) {
  int state = avr_run(avr);
  if (state == cpu_Done || state == cpu_Crashed) fail(state == cpu_Done ? "the firmware ended" : "the firmware crashed");
}

static struct {
  avr_t *avr;
  double zero_ms;
  int heard_lines;
  char heard[256];
  size_t length;
  char waiting[4096];
  size_t first, end;
} stage;

static void feed_byte(avr_t *avr) {
  if (stage.first == stage.end) return;
  uint8_t byte = stage.waiting[stage.first++ % sizeof stage.waiting];
  avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT), byte);
}

/* ---- live */

static off_t length_of(const char *path) {
  struct stat file;
  return stat(path, &file) ? 0 : file.st_size;
}

/* What is wrong with the cable and the chip now. */
static struct {
  int garbage, lost_in_ten;
} broken;

/* The end of the pty that stands for the cable; -1 when it is out. The other end is kept open: a board does not notice
 * who reads. */
static int cable = -1;

static int is_lost(void) { return rand() % 10 < broken.lost_in_ten; }

/* A line that nobody reads loses what does not fit. */
static void say(avr_irq_t *irq, uint32_t byte, void *unused) {
  (void)irq, (void)unused;
  unsigned char said = broken.garbage ? rand() & 0xff : byte;
  if (!is_lost() && write(cable, &said, 1) < 0) return;
}

static void listen_to_cable(void) {
  unsigned char heard[256];
  size_t room = sizeof stage.waiting - (stage.end - stage.first);
  ssize_t length = read(cable, heard, room < sizeof heard ? room : sizeof heard);
  for (ssize_t i = 0; i < length; i++)
    if (!is_lost()) stage.waiting[stage.end++ % sizeof stage.waiting] = heard[i];
}

static const char *open_cable(void) {
  cable = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (cable < 0 || grantpt(cable) || unlockpt(cable)) fail("there is no pty");
  const char *name = ptsname(cable);
  int end = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  struct termios raw;
  if (end < 0 || tcgetattr(end, &raw)) fail("the pty cannot be opened");
  cfmakeraw(&raw);
  tcsetattr(end, TCSANOW, &raw);
  return name;
}

static void pull_cable(void) {
  close(cable);
  cable = -1;
  stage.first = stage.end;
}

/* A loop without end and with interrupts off, at the end of the flash: only the watchdog gets it out of there. */
static void hang(avr_t *avr) {
  avr_flashaddr_t nowhere = avr->flashend - 0xff;
  avr->codeend = avr->flashend; /* simavr looks nowhere else */
  const uint8_t loop[] = {0x00, 0x00, 0xfe, 0xcf}; /* nop; rjmp .-4 */
  memcpy(avr->flash + nowhere, loop, sizeof loop);
  avr->state = cpu_Running; /* it may sleep just now */
  avr->sreg[S_I] = 0;
  avr->pc = nowhere;
}

/* Heeds what was appended. */
static void heed(avr_t *avr, const char *path, off_t from, off_t to) {
  FILE *file = fopen(path, "r");
  if (!file) return;
  fseeko(file, from, SEEK_SET);
  while (from++ < to) {
    int letter = fgetc(file);
    if (letter == '^') avr_reset(avr);
    else if (letter == 'h') hang(avr);
    else if (letter == 'g' || letter == 'G') broken.garbage = letter == 'g';
    else if (letter == 'x') pull_cable();
    else if (letter == 'l') {
      broken.lost_in_ten = fgetc(file) - '0';
      from++;
    }
  }
  fclose(file);
}

static void live(const char *image, const char *link, const char *dtr) {
  avr_t *avr = make_uno(image, 7900);
  const char *pty = open_cable();
  stage.avr = avr;
  avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), say, NULL);
  unlink(link);
  if (symlink(pty, link)) fail("the link to the pty cannot be made");
  printf("{\"pty\":\"%s\"}\n", pty);
  /* A real chip does not wait its turn behind browsers. It sleeps more than half of its time. */
  if (sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 10})) setpriority(PRIO_PROCESS, 0, -15);
  struct pins last = look(avr);
  print_pins(0, last);
  off_t raised = length_of(dtr);
  double began = wall_ms();
  double behind_limit_ms = 20;
  for (avr_cycle_count_t next = 0, next_byte = 0;;) {
    step(avr);
    /* Not by a timer of simavr's: a reset ends those. */
    if (avr->cycle >= next_byte) {
      feed_byte(avr);
      next_byte = avr->cycle + CYCLES_PER_BYTE;
    }
    if (avr->cycle < next) continue;
    next = avr->cycle + CYCLES_PER_MS / 2;

    listen_to_cable();
    struct pins now = look(avr);
    if (memcmp(&now, &last, sizeof now)) print_pins(avr->cycle / (double)CYCLES_PER_MS, last = now);

    double ahead = avr->cycle / (double)CYCLES_PER_MS - (wall_ms() - began);
    if (ahead > 0.5) usleep(ahead * 1000);
    /* A chip that made up for time lost to a busy machine would see its watchdog bite early. */
    if (ahead < -behind_limit_ms) {
      began -= ahead;
      printf("{\"wallMs\":%.2f,\"behindMs\":%.2f}\n", wall_ms(), -ahead);
      fflush(stdout);
    }

    off_t length = length_of(dtr);
    if (length != raised) {
      heed(avr, dtr, raised, length);
      raised = length;
    }
  }
}

/* ---- play */


static double now_ms(void) { return stage.avr->cycle / (double)CYCLES_PER_MS - stage.zero_ms; }

static void hear(avr_irq_t *irq, uint32_t byte, void *unused) {
  (void)irq, (void)unused;
  if (byte != '\n') {
    if (stage.length + 1 < sizeof stage.heard) stage.heard[stage.length++] = byte;
    return;
  }
  if (stage.length && stage.heard[stage.length - 1] == '\r') stage.length--;
  stage.heard[stage.length] = 0;
  stage.length = 0;
  if (++stage.heard_lines == 2) stage.zero_ms = stage.avr->cycle / (double)CYCLES_PER_MS;
  printf("{\"atMs\":%.2f,\"heard\":\"%s\"}\n", now_ms(), stage.heard);
}

/* One byte after the other, at the speed of the line. */
static avr_cycle_count_t feed(avr_t *avr, avr_cycle_count_t when, void *unused) {
  (void)unused;
  feed_byte(avr);
  return when + CYCLES_PER_BYTE;
}

static void play(const char *image, int battery_mv) {
  avr_t *avr = stage.avr = make_uno(image, battery_mv);
  avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT), hear, NULL);
  while (stage.heard_lines < 2) step(avr);
  avr_cycle_timer_register(avr, CYCLES_PER_BYTE, feed, NULL);

  char entry[512];
  while (fgets(entry, sizeof entry, stdin)) {
    int at_ms = 0, used = 0;
    if (sscanf(entry, "%d%n", &at_ms, &used) != 1) fail("the script is malformed");
    while (now_ms() < at_ms) step(avr);
    const char *action = entry + used + 1;
    if (strncmp(action, "look", 4) == 0) print_pins(now_ms(), look(avr));
    else if (strncmp(action, "send ", 5) == 0)
      for (const char *byte = action + 5; *byte; byte++) stage.waiting[stage.end++ % sizeof stage.waiting] = *byte;
    else fail("the script is malformed");
  }
}

int main(int count, char **arguments) {
  if (count == 5 && strcmp(arguments[1], "live") == 0) live(arguments[2], arguments[3], arguments[4]);
  else if (count == 4 && strcmp(arguments[1], "play") == 0) play(arguments[2], atoi(arguments[3]));
  else fail("usage: simulated-uno live FIRMWARE LINK DTR_FILE | play FIRMWARE BATTERY_MV");
  return 0;
}
