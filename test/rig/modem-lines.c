/*
 * For LD_PRELOAD: gives a pty the modem control lines that it lacks, so that a browser can raise DTR on it.
 * Each raising of DTR appends one byte to the file RIG_DTR, which is how the simulated board knows to reset.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

typedef int ioctl_fn(int fd, unsigned long request, ...);

static int lines = TIOCM_CTS | TIOCM_DSR | TIOCM_CAR;

static void tell_dtr(int raised) {
  const char *path = getenv("RIG_DTR");
  if (!(raised & TIOCM_DTR) || !path) return;
  int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0) return;
  if (write(fd, "^", 1) != 1) abort();
  close(fd);
}

int ioctl(int fd, unsigned long request, ...) {
  static ioctl_fn *real;
  if (!real) real = (ioctl_fn *)dlsym(RTLD_NEXT, "ioctl");
  va_list rest;
  va_start(rest, request);
  int *argument = va_arg(rest, int *);
  va_end(rest);

  int result = real(fd, request, argument);
  if (result >= 0 || (errno != ENOTTY && errno != EINVAL)) return result;
  switch (request) {
    case TIOCMGET:
      *argument = lines;
      return 0;
    case TIOCMSET:
      lines = *argument;
      tell_dtr(lines);
      return 0;
    case TIOCMBIS:
      lines |= *argument;
      tell_dtr(*argument);
      return 0;
    case TIOCMBIC:
      lines &= ~*argument;
      return 0;
    default:
      return result;
  }
}
